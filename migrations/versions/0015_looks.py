"""Video servers that can be asked who is in a room, and when that was last done.

Revision ID: 0015
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | Sequence[str] | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "platform_connection",
        sa.Column(
            "api_url",
            sa.Text(),
            nullable=True,
            comment="LiveKit: where to ask who is in a room, because webhooks can be lost",
        ),
    )
    op.add_column(
        "platform_connection",
        sa.Column(
            "looked_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when its rooms were last looked into",
        ),
    )


def downgrade() -> None:
    op.drop_column("platform_connection", "looked_at")
    op.drop_column("platform_connection", "api_url")
