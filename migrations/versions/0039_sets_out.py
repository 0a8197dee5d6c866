"""An emergency is on every board with its first transaction; what follows from it is set out in a second one, by whoever
pressed or, past this time, by the engine.

Rows from before have nothing that waits. The program of the version before writes none.

Revision ID: 0039
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0039"
down_revision: str | Sequence[str] | None = "0038"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column(
        "emergency",
        sa.Column(
            "sets_out_by",
            sa.DateTime(timezone=True),
            comment="lanes, protocol and rings are not set out yet: past this the engine does it",
        ),
    )
    op.create_index(
        "ix_emergency_sets_out",
        "emergency",
        ["sets_out_by"],
        postgresql_where=sa.text("sets_out_by is not null"),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_index("ix_emergency_sets_out", "emergency")
    op.drop_column("emergency", "sets_out_by")
