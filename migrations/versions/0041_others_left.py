"""Somebody leaves the list of the others: it turned out that the alert it began with is about them (R17). And what is
sent outside of any incident may be a ring of our own people, where a quiet signal waits (R5).

What was said of them stays in its row. The program of the version before shows them on the list as it did, and would
send a ring that waits as a text: it knows no other.

Revision ID: 0041
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0041"
down_revision: str | Sequence[str] | None = "0040"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column(
        "others_check",
        sa.Column(
            "left_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="it turned out that it is about them; what was said of them stays",
        ),
    )
    op.add_column(
        "plain_text", sa.Column("channel", sa.Text(), nullable=False, server_default=sa.text("'text'"))
    )
    op.create_check_constraint(op.f("ck_plain_text_channel"), "plain_text", "channel in ('text', 'call')")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_column("plain_text", "channel")
    op.drop_column("others_check", "left_at")
