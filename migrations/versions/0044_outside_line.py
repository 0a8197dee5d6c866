"""Boards say whether there is a telephone at all: the engine, which is what dials, says it when it starts.

Unknown until an engine of this version has started; boards then say nothing else than they did. The program of the
version before reads and writes the rest of the row as it did.

Revision ID: 0044
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0044"
down_revision: str | Sequence[str] | None = "0043"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column(
        "engine_state",
        sa.Column(
            "outside_line",
            sa.Boolean(),
            nullable=True,
            comment="whether the engine that started last can place outside calls; not known before one has",
        ),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_column("engine_state", "outside_line")
