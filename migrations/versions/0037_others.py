"""Checking on the others after something happened in a group, and alerts that nobody has while others are busy (B10, R14).

Revision ID: 0037
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0037"
down_revision: str | Sequence[str] | None = "0036"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")
TABLES = ("others_round", "others_check")


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    _round()
    _check()
    # As in 0001: the web role sees its program, the engine's role reads across.
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    for table in TABLES:
        for role in ROLES:
            op.execute(f"grant select, insert, update, delete on {table} to {role}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy web on {table} to handrail_web using ({own}) with check ({own})")
        op.execute(f"create policy engine on {table} to handrail_engine using (true) with check (true)")
    for name, comment in (
        ("second_since", "nobody has this alert, while people look after another one of its group"),
        ("second_alarmed_at", None),
        ("second_ring_at", None),
    ):
        op.add_column("lane_set", _time(name, nullable=True, comment=comment))


def downgrade() -> None:
    for name in ("second_ring_at", "second_alarmed_at", "second_since"):
        op.drop_column("lane_set", name)
    for table in reversed(TABLES):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _time(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _within(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_program_id_{column}")
    return sa.ForeignKeyConstraint(["program_id", column], [f"{of}.program_id", f"{of}.id"], name=name)


def _ground(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f(f"fk_{table}_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f(f"pk_{table}")),
    )


def _round() -> None:
    op.create_table(
        "others_round",
        *(_id(name) for name in ("program_id", "id", "group_session_id", "incident_id", "client_id")),
        _time("begun_at"),
        _id("begun_by", nullable=True),
        _time("all_at", nullable=True, comment="everybody was looked at; follow-ups may go on"),
        _within("others_round", "group_session_id", "group_session"),
        _within("others_round", "incident_id", "incident"),
        _within("others_round", "client_id", "client"),
        _within("others_round", "begun_by", "staff_member"),
        *_ground("others_round"),
    )
    op.create_index(
        "uq_others_round_standing",
        "others_round",
        ["program_id", "group_session_id"],
        unique=True,
        postgresql_where=sa.text("all_at is null"),
    )
    op.create_index("ix_others_round_incident", "others_round", ["program_id", "incident_id"])


def _check() -> None:
    op.create_table(
        "others_check",
        *(_id(name) for name in ("program_id", "id", "round_id", "client_id")),
        sa.Column("state", sa.Text(), nullable=False),
        _time("said_at", nullable=True),
        _id("said_by", nullable=True),
        _id("task_id"),
        sa.CheckConstraint(
            "state in ('open', 'fine', 'word', 'not_reached')", name=op.f("ck_others_check_state")
        ),
        sa.CheckConstraint(
            "(state = 'open') = (said_at is null) and (said_at is null) = (said_by is null)",
            name=op.f("ck_others_check_by_somebody"),
        ),
        _within("others_check", "round_id", "others_round"),
        _within("others_check", "client_id", "client"),
        _within("others_check", "said_by", "staff_member"),
        _within("others_check", "task_id", "task"),
        *_ground("others_check"),
    )
    op.create_index(
        "uq_others_check_client", "others_check", ["program_id", "round_id", "client_id"], unique=True
    )
    op.create_index("ix_others_check_task", "others_check", ["program_id", "task_id"])
