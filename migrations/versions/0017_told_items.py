"""Which kinds of facts a disclosure held, by name (B5).

Revision ID: 0017
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0017"
down_revision: str | Sequence[str] | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "disclosure",
        sa.Column(
            "items",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            server_default="{}",
            comment="which kinds of facts were told, by the names of clients.packet; no content (B5)",
        ),
    )
    op.alter_column("disclosure", "items", server_default=None)


def downgrade() -> None:
    op.drop_column("disclosure", "items")
