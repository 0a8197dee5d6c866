"""Calls owed after a crisis: to a caregiver within 24 to 72 hours, and check-ins that a person chose (F9, S8).

Revision ID: 0042
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0042"
down_revision: str | Sequence[str] | None = "0041"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")
TABLES = ("check_in_plan", "follow_up")
TIER = "tier in ('none', 'low', 'moderate', 'high', 'imminent')"
OUTCOMES = "outcome in ('reached', 'worried', 'missed', 'not_reached', 'not_permitted', 'not_wanted', 'not_needed', 'died')"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    _plan()
    _follow_up()
    # As in 0001: the web role sees its program, the engine's role reads across.
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    for table in TABLES:
        for role in ROLES:
            op.execute(f"grant select, insert, update, delete on {table} to {role}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy web on {table} to handrail_web using ({own}) with check ({own})")
        op.execute(f"create policy engine on {table} to handrail_engine using (true) with check (true)")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for table in reversed(TABLES):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable, comment=comment)


def _time(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def _sealed(name: str, comment: str, *, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable, comment=comment)


def _within(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_program_id_{column}")
    return sa.ForeignKeyConstraint(["program_id", column], [f"{of}.program_id", f"{of}.id"], name=name)


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def _ground(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f(f"fk_{table}_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f(f"pk_{table}")),
    )


def _plan() -> None:
    table = "check_in_plan"
    op.create_table(
        table,
        *(_id(name) for name in ("program_id", "id", "client_id")),
        _id("incident_id", nullable=True),
        _text("tier", comment="when it was made"),
        _sealed("why", "sealed; what they told us, and what the check-ins are for", nullable=False),
        _time("made_at"),
        _id("made_by"),
        _time("ended_at", nullable=True),
        _id("ended_by", nullable=True),
        _text("ended_why", nullable=True),
        _sealed("reason", "sealed; why it ended before its time"),
        _check(table, "tier", TIER),
        _check(table, "ended_why", "(ended_at is null) = (ended_why is null)"),
        _check(table, "why", "ended_why in ('ended', 'replaced', 'over', 'died')"),
        _within(table, "client_id", "client"),
        _within(table, "incident_id", "incident"),
        _within(table, "made_by", "staff_member"),
        _within(table, "ended_by", "staff_member"),
        *_ground(table),
    )
    op.create_index(
        "uq_check_in_plan_standing",
        table,
        ["program_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )


def _follow_up() -> None:
    table = "follow_up"
    op.create_table(
        table,
        *(_id(name) for name in ("program_id", "id")),
        _text("kind"),
        _id("client_id"),
        _id("incident_id", nullable=True),
        _id("plan_id", nullable=True),
        _id("task_id"),
        _text("tier", comment="of what it follows; what may be told goes by it"),
        _time("opens_at"),
        _time("due_at"),
        _time("next_at", nullable=True),
        _time("lapsed_at", nullable=True),
        _time("made_at"),
        _id("made_by"),
        sa.Column("tries", sa.Integer(), nullable=False, comment="rung without reaching them"),
        _time("tried_at", nullable=True),
        _time("ended_at", nullable=True),
        _id("ended_by", nullable=True),
        _text("outcome", nullable=True),
        _id("contact_id", nullable=True, comment="who was reached"),
        _id("disclosure_id", nullable=True, comment="what was told to them"),
        _sealed("said", "sealed; how it was and what was agreed, as JSON"),
        _check(table, "kind", "kind in ('caregiver_call', 'check_in')"),
        _check(table, "of_a_plan", "(kind = 'check_in') = (plan_id is not null)"),
        _check(table, "tier", TIER),
        _check(table, "ended_with_outcome", "(ended_at is null) = (outcome is null)"),
        _check(table, "outcome", OUTCOMES),
        _within(table, "client_id", "client"),
        _within(table, "incident_id", "incident"),
        _within(table, "plan_id", "check_in_plan"),
        _within(table, "task_id", "task"),
        _within(table, "contact_id", "emergency_contact"),
        _within(table, "disclosure_id", "disclosure"),
        _within(table, "made_by", "staff_member"),
        _within(table, "ended_by", "staff_member"),
        *_ground(table),
    )
    op.create_index(
        "uq_follow_up_caregiver",
        table,
        ["program_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'caregiver_call' and ended_at is null"),
    )
    op.create_index("ix_follow_up_client", table, ["program_id", "client_id", "due_at"])
    op.create_index(
        "ix_follow_up_next_at", table, ["next_at"], postgresql_where=sa.text("next_at is not null")
    )
    op.create_index(
        "ix_follow_up_owed",
        table,
        ["program_id", "due_at"],
        postgresql_where=sa.text("ended_at is null"),
    )
