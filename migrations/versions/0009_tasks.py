"""Tasks, and rings by hand that show whether a number reaches a client."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | Sequence[str] | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")


def _fence(table: str) -> None:
    """The web role sees the program it named for this transaction; the engine's role reads across programs."""
    for role in ROLES:
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def _within(column: str, table: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["program_id", column],
        [f"{table}.program_id", f"{table}.id"],
        name=op.f(f"fk_{of}_program_id_{column}"),
    )


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.LargeBinary(), nullable=False, comment="sealed; what is to be done, in words"),
        sa.Column("gap", sa.Text(), nullable=True, comment="which gap of readiness it mends"),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("group_session_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True, comment="none: nobody has it yet"),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Uuid(), nullable=True, comment="none: a rule, or the client's own page"),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(done_at is null) = (outcome is null)", name=op.f("ck_task_done_with_outcome")),
        sa.CheckConstraint("outcome in ('done', 'not_needed')", name=op.f("ck_task_outcome")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_task_program_id")),
        _within("client_id", "client", "task"),
        _within("done_by", "staff_member", "task"),
        _within("group_session_id", "group_session", "task"),
        _within("made_by", "staff_member", "task"),
        _within("owner_id", "staff_member", "task"),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_task")),
    )
    op.create_index(
        "uq_task_open_gap",
        "task",
        ["program_id", "client_id", "gap"],
        unique=True,
        postgresql_where=sa.text("done_at is null and gap is not null and client_id is not null"),
    )
    op.create_index(
        "ix_task_open", "task", ["program_id", "due_at"], postgresql_where=sa.text("done_at is null")
    )
    op.create_index(
        "ix_task_done", "task", ["program_id", "done_at"], postgresql_where=sa.text("done_at is not null")
    )
    op.create_table(
        "number_ring",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=False),
        sa.Column(
            "number_key",
            sa.LargeBinary(),
            nullable=False,
            comment="of the number as it was: a new one is untested",
        ),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "result in ('answered', 'no_answer', 'wrong_number')", name=op.f("ck_number_ring_result")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_number_ring_program_id")),
        _within("by_staff_id", "staff_member", "number_ring"),
        _within("client_id", "client", "number_ring"),
        _within("phone_id", "client_phone", "number_ring"),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_number_ring")),
    )
    op.create_index("ix_number_ring_client", "number_ring", ["program_id", "client_id", "at"])
    for table in ("task", "number_ring"):
        _fence(table)


def downgrade() -> None:
    op.drop_table("number_ring")
    op.drop_table("task")
