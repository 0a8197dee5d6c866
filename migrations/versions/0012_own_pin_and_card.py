"""A client's PIN, and their answer to the card of what happens if they drop (R4, B16)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | Sequence[str] | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("client_pin", "drop_card_answer")
ROLES = ("handrail_web", "handrail_engine")


def _fence(table: str) -> None:
    """As in 0001: the web role sees its program, the engine's role reads across."""
    for role in ROLES:
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def _of_client(table: str, staff: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f(f"fk_{table}_program_id")),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f(f"fk_{table}_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", staff],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f(f"fk_{table}_program_id_{staff}"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f(f"pk_{table}")),
    ]


def upgrade() -> None:
    op.create_table(
        "client_pin",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("pin_hash", sa.Text(), nullable=True, comment="argon2id"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "how",
            sa.Text(),
            nullable=True,
            comment="typed by the client on their page, or together with staff",
        ),
        sa.Column(
            "by_staff_id", sa.Uuid(), nullable=True, comment="who opened the window, or typed with them"
        ),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pass_hash", sa.LargeBinary(), nullable=True),
        sa.Column("pass_link_id", sa.Uuid(), nullable=True),
        sa.Column("pass_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("how in ('client', 'with_staff')", name=op.f("ck_client_pin_how")),
        sa.UniqueConstraint("program_id", "client_id", name=op.f("uq_client_pin_program_id_client_id")),
        *_of_client("client_pin", "by_staff_id"),
    )
    op.create_table(
        "drop_card_answer",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("group_session_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column(
            "card", sa.LargeBinary(), nullable=False, comment="sealed; the lines as they were read, as JSON"
        ),
        sa.Column(
            "card_digest",
            sa.LargeBinary(),
            nullable=False,
            comment="tells whether the card has changed since",
        ),
        sa.Column("words", sa.LargeBinary(), nullable=True, comment="sealed; what they ask to change"),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("answer in ('agreed', 'change')", name=op.f("ck_drop_card_answer_answer")),
        *_of_client("drop_card_answer", "handled_by"),
    )
    op.create_index("ix_drop_card_answer_client", "drop_card_answer", ["program_id", "client_id", "at"])
    for table in TABLES:
        _fence(table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
