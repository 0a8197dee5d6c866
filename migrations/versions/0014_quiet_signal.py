"""A client's quiet signal from their own page (B8)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | Sequence[str] | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")


def upgrade() -> None:
    named = ("program_id", "id", "group_session_id", "client_id")
    op.create_table(
        "client_signal",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in named),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "possible", sa.Text(), nullable=False, comment="what it may be; the words themselves are nowhere"
        ),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by", sa.Uuid(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.CheckConstraint("source in ('page', 'note')", name=op.f("ck_client_signal_source")),
        sa.CheckConstraint(
            "possible in ('quiet', 'danger', 'pause')", name=op.f("ck_client_signal_possible")
        ),
        sa.CheckConstraint("answer in ('seen_privately', 'not_meant')", name=op.f("ck_client_signal_answer")),
        sa.ForeignKeyConstraint(
            ["program_id", "answered_by"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_client_signal_program_id_answered_by"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_client_signal_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_session_id"],
            ["group_session.program_id", "group_session.id"],
            name=op.f("fk_client_signal_program_id_group_session_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_client_signal")),
    )
    op.create_index(
        "uq_client_signal_standing",
        "client_signal",
        ["program_id", "group_session_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("answered_at is null"),
    )
    for role in ROLES:
        op.execute(f"grant select, insert, update, delete on client_signal to {role}")
    op.execute("alter table client_signal enable row level security")
    # As in 0001: the web role sees its program, the engine's role reads across.
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f"create policy web on client_signal to handrail_web using ({own}) with check ({own})")
    op.execute("create policy engine on client_signal to handrail_engine using (true) with check (true)")


def downgrade() -> None:
    op.drop_table("client_signal")
