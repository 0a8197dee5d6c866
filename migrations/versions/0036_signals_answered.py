"""A possible signal is answered by what it is, may come as a text, and tells people outside when nobody answers.

Revision ID: 0036
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0036"
down_revision: str | Sequence[str] | None = "0035"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SOURCE, ANSWER = "ck_client_signal_source", "ck_client_signal_answer"


def _holds(name: str, rule: str) -> None:
    op.drop_constraint(op.f(name), "client_signal", type_="check")
    op.create_check_constraint(op.f(name), "client_signal", rule)


def upgrade() -> None:
    op.execute("set local lock_timeout = '3s'")
    _holds(SOURCE, "source in ('page', 'note', 'text')")
    _holds(ANSWER, "answer in ('danger', 'pause', 'not_meant', 'seen_privately')")
    op.add_column(
        "client_signal",
        sa.Column(
            "outside_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when people outside the room are told (again) that nobody has answered",
        ),
    )
    op.add_column(
        "client_signal",
        sa.Column(
            "outside_told",
            sa.Integer(),
            nullable=False,
            server_default="0",
            comment="how often they were told",
        ),
    )
    op.alter_column("client_signal", "outside_told", server_default=None)
    op.create_index(
        "ix_client_signal_outside",
        "client_signal",
        ["outside_at"],
        postgresql_where=sa.text("answered_at is null"),
    )


def downgrade() -> None:
    op.drop_index("ix_client_signal_outside", table_name="client_signal")
    op.drop_column("client_signal", "outside_told")
    op.drop_column("client_signal", "outside_at")
    op.execute("update client_signal set answer = 'seen_privately' where answer in ('danger', 'pause')")
    op.execute("update client_signal set source = 'note' where source = 'text'")
    _holds(ANSWER, "answer in ('seen_privately', 'not_meant')")
    _holds(SOURCE, "source in ('page', 'note')")
