"""When an emergency was stood down, so that another one can be, should it be declared anew.

Revision ID: 0033
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0033"
down_revision: str | Sequence[str] | None = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

WHEN = sa.DateTime(timezone=True)
INDEX = "uq_stand_down_standing"


def _one_at_a_time(where: str) -> None:
    op.drop_index(INDEX, table_name="stand_down")
    op.create_index(
        INDEX,
        "stand_down",
        ["program_id", "incident_id"],
        unique=True,
        postgresql_where=sa.text(where),
    )


def upgrade() -> None:
    op.execute("set local lock_timeout = '3s'")
    op.add_column(
        "stand_down",
        sa.Column("done_at", WHEN, nullable=True, comment="agreed, and whoever was on their way knows"),
    )
    op.add_column(
        "emergency",
        sa.Column(
            "stood_down_at", WHEN, nullable=True, comment="by two people; declared anew it is null again"
        ),
    )
    _one_at_a_time("withdrawn_at is null and done_at is null")


def downgrade() -> None:
    _one_at_a_time("withdrawn_at is null")
    op.drop_column("emergency", "stood_down_at")
    op.drop_column("stand_down", "done_at")
