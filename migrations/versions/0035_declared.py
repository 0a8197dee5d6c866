"""What stood before an emergency was declared, so that a press about the wrong person can be taken back.

Revision ID: 0035
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0035"
down_revision: str | Sequence[str] | None = "0034"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '3s'")
    op.add_column(
        "emergency", sa.Column("trigger", sa.Text(), nullable=True, comment="what was pressed (D2)")
    )
    op.add_column(
        "emergency",
        sa.Column(
            "opened",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="the press opened the incident: taken back, it closes",
        ),
    )
    op.add_column(
        "emergency",
        sa.Column(
            "tier_before",
            sa.Text(),
            nullable=True,
            comment="the incident's, for a press that was wrong (R17)",
        ),
    )
    op.add_column("emergency", sa.Column("client_tier_before", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_emergency_trigger"),
        "emergency",
        "trigger in ('harm', 'medical', 'intoxication', 'psychosis')",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_emergency_trigger"), "emergency", type_="check")
    for name in ("client_tier_before", "tier_before", "opened", "trigger"):
        op.drop_column("emergency", name)
