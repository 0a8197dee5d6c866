"""A minute to answer with the camera off, before the board offers "not responding" (R7).

Revision ID: 0011
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | Sequence[str] | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "presence",
        sa.Column(
            "watch_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="camera off and no answer: staff tapped, and a minute later the board offers not responding (R7)",
        ),
    )


def downgrade() -> None:
    op.drop_column("presence", "watch_until")
