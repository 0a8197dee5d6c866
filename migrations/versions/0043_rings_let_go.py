"""What our own people are sent about a quiet signal names it, so that phones stop once a person has answered (R5, R14).

The program of the version before sends and rings as it did: it lets them ring out.

Revision ID: 0043
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0043"
down_revision: str | Sequence[str] | None = "0042"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column(
        "plain_text",
        sa.Column(
            "signal_id", sa.Uuid(), nullable=True, comment="the quiet signal that it asks people to look at"
        ),
    )
    op.add_column(
        "plain_text",
        sa.Column(
            "let_go_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="of a ring: it was picked up, or ended because the signal had been answered",
        ),
    )
    op.create_foreign_key(
        op.f("fk_plain_text_program_id_signal_id_client_signal"),
        "plain_text",
        "client_signal",
        ["program_id", "signal_id"],
        ["program_id", "id"],
    )
    op.create_index(
        "ix_plain_text_signal",
        "plain_text",
        ["void_after"],
        postgresql_where=sa.text("signal_id is not null and let_go_at is null"),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_index("ix_plain_text_signal", table_name="plain_text")
    op.drop_constraint(
        op.f("fk_plain_text_program_id_signal_id_client_signal"), "plain_text", type_="foreignkey"
    )
    op.drop_column("plain_text", "let_go_at")
    op.drop_column("plain_text", "signal_id")
