"""Somebody who was recognised live may be lost again while the first alert waits for its outcome.

Revision ID: 0034
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0034"
down_revision: str | Sequence[str] | None = "0033"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEX = "uq_incident_open_client"
COLUMNS = ["program_id", "client_id", "kind"]


def upgrade() -> None:
    op.drop_index(INDEX, "incident")
    op.create_index(
        INDEX,
        "incident",
        COLUMNS,
        unique=True,
        postgresql_where=sa.text("state = 'open' and verified_at is null"),
    )


def downgrade() -> None:
    op.drop_index(INDEX, "incident")
    op.create_index(INDEX, "incident", COLUMNS, unique=True, postgresql_where=sa.text("state = 'open'"))
