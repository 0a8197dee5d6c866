"""The life of a protocol version: signed as what, published, retired, and by which version it was replaced.

Revision ID: 0025
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | Sequence[str] | None = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

STATUS = "ck_protocol_version_status"
PEOPLE = ("approved_by", "published_by", "retired_by")


def upgrade() -> None:
    for column in (
        sa.Column(
            "approved_role",
            sa.Text(),
            nullable=True,
            comment="as what they signed: their title on that day",
        ),
        sa.Column("published_by", sa.Uuid(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_by", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "replaced_by",
            sa.Uuid(),
            nullable=True,
            comment="the version that took its place; null when a person took it out of use",
        ),
    ):
        op.add_column("protocol_version", column)
    op.drop_constraint(op.f(STATUS), "protocol_version")
    # Until now a version that was approved was in use at once, and the one before it was retired by that.
    op.execute(
        "update protocol_version set published_at = approved_at, published_by = approved_by "
        "where approved_at is not null"
    )
    op.execute("update protocol_version set status = 'published' where status = 'approved'")
    op.execute(
        "update protocol_version as old set replaced_by = new.id, retired_by = new.approved_by, "
        "retired_at = greatest(new.approved_at, old.approved_at) from protocol_version as new "
        "where old.status = 'retired' and new.status = 'published' "
        "and new.program_id = old.program_id and new.protocol = old.protocol"
    )
    op.create_check_constraint(
        op.f(STATUS), "protocol_version", "status in ('draft', 'approved', 'published', 'retired')"
    )
    op.create_check_constraint(
        op.f("ck_protocol_version_signed_before_use"),
        "protocol_version",
        "status in ('draft', 'retired') or approved_at is not null",
    )
    op.create_check_constraint(
        op.f("ck_protocol_version_published_at_a_time"),
        "protocol_version",
        "status <> 'published' or published_at is not null",
    )
    for column in PEOPLE:
        op.create_foreign_key(
            op.f(f"fk_protocol_version_program_id_{column}"),
            "protocol_version",
            "staff_member",
            ["program_id", column],
            ["program_id", "id"],
        )
    op.create_foreign_key(
        op.f("fk_protocol_version_program_id_replaced_by"),
        "protocol_version",
        "protocol_version",
        ["program_id", "replaced_by"],
        ["program_id", "id"],
    )
    op.create_index(
        "uq_protocol_version_published",
        "protocol_version",
        ["program_id", "protocol"],
        unique=True,
        postgresql_where=sa.text("status = 'published'"),
    )


def downgrade() -> None:
    op.drop_index("uq_protocol_version_published", table_name="protocol_version")
    for column in (*PEOPLE, "replaced_by"):
        op.drop_constraint(op.f(f"fk_protocol_version_program_id_{column}"), "protocol_version")
    for name in ("status", "signed_before_use", "published_at_a_time"):
        op.drop_constraint(op.f(f"ck_protocol_version_{name}"), "protocol_version")
    # What was signed and not published was in no use: there it is a draft.
    op.execute(
        "update protocol_version set status = 'draft', approved_at = null, approved_by = null "
        "where status = 'approved'"
    )
    op.execute("update protocol_version set status = 'approved' where status = 'published'")
    op.create_check_constraint(op.f(STATUS), "protocol_version", "status in ('draft', 'approved', 'retired')")
    for name in ("replaced_by", "retired_at", "retired_by", "published_at", "published_by", "approved_role"):
        op.drop_column("protocol_version", name)
