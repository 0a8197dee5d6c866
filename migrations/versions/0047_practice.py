"""Each clinician's own practice, and who signed what is practised with (M3, N1, W1).

Revision ID: 0047
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0047"
down_revision: str | Sequence[str] | None = "0044"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")
TABLES = ("practice_run", "practice_review")
OUTCOMES = "outcome in ('right', 'too_low', 'too_high', 'passed', 'not_yet', 'finished', 'stopped')"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    _run()
    _review()
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


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable)


def _time(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _text(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def _number(name: str, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False, comment=comment)


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


def _run() -> None:
    table = "practice_run"
    op.create_table(
        table,
        *(_id(name) for name in ("program_id", "id", "staff_id")),
        _text("kind"),
        _text("subject", comment="the name of the scene, the module or the protocol"),
        _text("version"),
        _text("sha256"),
        _id("protocol_version_id", nullable=True),
        _text("tier", nullable=True),
        _time("begun_at"),
        _time("ended_at", nullable=True),
        _text("outcome", nullable=True),
        _number("reached"),
        _number("possible"),
        _number("attempts", "at the short check of the module"),
        sa.Column(
            "kept",
            sa.LargeBinary(),
            nullable=False,
            comment="sealed; what they answered, read and wrote, as JSON",
        ),
        _time("released_at", nullable=True, comment="a supervisor talked with them; they begin anew"),
        _id("released_by", nullable=True),
        _check(table, "kind", "kind in ('scene', 'words', 'protocol')"),
        _check(table, "ended_with_outcome", "(ended_at is null) = (outcome is null)"),
        _check(table, "only_words_are_resumed", "ended_at is not null or kind = 'words'"),
        _check(table, "of_a_version", "(kind = 'protocol') = (protocol_version_id is not null)"),
        _check(table, "outcome", OUTCOMES),
        _check(table, "released_by", "(released_at is null) = (released_by is null)"),
        _within(table, "staff_id", "staff_member"),
        _within(table, "released_by", "staff_member"),
        _within(table, "protocol_version_id", "protocol_version"),
        *_ground(table),
    )
    op.create_index(
        "uq_practice_run_open",
        table,
        ["program_id", "staff_id", "subject"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_practice_run_staff_id", table, ["program_id", "staff_id", "begun_at"])


def _review() -> None:
    table = "practice_review"
    op.create_table(
        table,
        *(_id(name) for name in ("program_id", "id")),
        _text("subject"),
        _text("sha256"),
        _id("reviewed_by"),
        _text("reviewed_role", comment="as what they signed: their title on that day"),
        _time("reviewed_at"),
        _check(table, "subject", "subject in ('scenes', 'words')"),
        _within(table, "reviewed_by", "staff_member"),
        sa.UniqueConstraint(
            "program_id", "subject", "sha256", name=op.f("uq_practice_review_program_id_subject_sha256")
        ),
        *_ground(table),
    )
