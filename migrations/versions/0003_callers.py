"""Callers whom nobody answered stand on the board until a person has handled them.

Revision ID: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | Sequence[str] | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "inbound_caller",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True, comment="whose number it is, as far as we know"),
        sa.Column(
            "number",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed E.164; none when it was withheld",
        ),
        sa.Column("number_key", sa.LargeBinary(), nullable=False),
        sa.Column("last2", sa.Text(), nullable=True),
        sa.Column("call_id", sa.Text(), nullable=False, comment="the provider's id of the latest call"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column(
            "rung_back_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="a person rang back and reached nobody",
        ),
        sa.Column("rung_back_by", sa.Uuid(), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("over_by", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=True,
            comment="put_through, spoke, nothing_needed, not_ours: how it ended",
        ),
        sa.CheckConstraint("state in ('ringing', 'missed', 'over')", name=op.f("ck_inbound_caller_state")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_inbound_caller_program_id")),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_inbound_caller_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "rung_back_by"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_inbound_caller_program_id_rung_back_by"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "over_by"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_inbound_caller_program_id_over_by"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_inbound_caller")),
    )
    op.create_index(
        "uq_inbound_caller_standing",
        "inbound_caller",
        ["program_id", "number_key"],
        unique=True,
        postgresql_where=sa.text("state <> 'over'"),
    )
    for role in ("handrail_web", "handrail_engine"):
        op.execute(f"grant select, insert, update, delete on inbound_caller to {role}")
    op.execute("alter table inbound_caller enable row level security")
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f"create policy web on inbound_caller to handrail_web using ({own}) with check ({own})")
    op.execute("create policy engine on inbound_caller to handrail_engine using (true) with check (true)")


def downgrade() -> None:
    op.drop_table("inbound_caller")
