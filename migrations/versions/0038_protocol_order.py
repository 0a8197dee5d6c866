"""A protocol is kept in the order in which it was written: its answers stand on a screen as its authors put them.

jsonb sorts keys by their length. A version that was kept before stays as it is; the next one has its order. The program of
the version before reads and writes this column as it did.

Revision ID: 0038
"""

from collections.abc import Sequence

from alembic import op

revision: str = "0038"
down_revision: str | Sequence[str] | None = "0037"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("alter table protocol_version alter column body type json using body::json")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("alter table protocol_version alter column body type jsonb using body::jsonb")
