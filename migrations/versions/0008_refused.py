"""How often in a row the telephone provider refused for now, per account.

Revision ID: 0008
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | Sequence[str] | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "rate_token",
        sa.Column(
            "refused",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="how often in a row the provider refused for now; it is left alone ever longer",
        ),
    )
    op.alter_column("rate_token", "refused", server_default=None)


def downgrade() -> None:
    op.drop_column("rate_token", "refused")
