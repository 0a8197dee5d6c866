"""The dispatch card in writing, as it was given to one recipient (B7).

Revision ID: 0040
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0040"
down_revision: str | Sequence[str] | None = "0039"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")

    def within(column: str, of: str) -> sa.ForeignKeyConstraint:
        name = op.f(f"fk_given_card_program_id_{column}")
        return sa.ForeignKeyConstraint(["program_id", column], [f"{of}.program_id", f"{of}.id"], name=name)

    op.create_table(
        "given_card",
        *(
            sa.Column(name, sa.Uuid(), nullable=False)
            for name in ("program_id", "id", "incident_id", "client_id")
        ),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=False,
            comment="sealed; recipient and the lines of their packet, as JSON",
        ),
        sa.Column("disclosure_id", sa.Uuid(), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "recipient_kind in ('dispatch', 'police')", name=op.f("ck_given_card_recipient_kind")
        ),
        within("incident_id", "incident"),
        within("client_id", "client"),
        within("by_staff_id", "staff_member"),
        within("disclosure_id", "disclosure"),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_given_card")),
    )
    op.create_index("ix_given_card_incident", "given_card", ["program_id", "incident_id", "at"])
    # As in 0001: the web role sees its program, the engine's role reads across.
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    for role in ROLES:
        op.execute(f"grant select, insert, update, delete on given_card to {role}")
    op.execute("alter table given_card enable row level security")
    op.execute(f"create policy web on given_card to handrail_web using ({own}) with check ({own})")
    op.execute("create policy engine on given_card to handrail_engine using (true) with check (true)")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("given_card")
