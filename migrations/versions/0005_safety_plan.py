"""Safety plans with their versions, and what was done about means of harm."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | Sequence[str] | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("safety_plan", "safety_plan_version", "means_record")


def _scoped(table: str, *columns: sa.schema.SchemaItem) -> None:
    op.create_table(
        table,
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f(f"fk_{table}_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f(f"pk_{table}")),
    )


def _within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["program_id", column],
        [f"{other}.program_id", f"{other}.id"],
        name=op.f(f"fk_{table}_program_id_{column}"),
    )


def _at(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _fence(table: str) -> None:
    """As in the ground: the web role sees the program it named, the engine's role reads across programs."""
    for role in ("handrail_web", "handrail_engine"):
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def upgrade() -> None:
    _scoped(
        "safety_plan",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        _at("changed_at"),
        _at("made_at"),
        _within("safety_plan", "client_id", "client"),
        _within("safety_plan", "changed_by", "staff_member"),
        sa.UniqueConstraint("program_id", "client_id", name=op.f("uq_safety_plan_program_id_client_id")),
    )
    table = "safety_plan_version"
    _scoped(
        table,
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False, comment="of the words in it"),
        sa.Column(
            "body", sa.LargeBinary(), nullable=False, comment="sealed; the parts and their lines as JSON"
        ),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        _at("made_at"),
        _at("changed_at"),
        _at("agreed_at", nullable=True),
        sa.Column("agreed_by", sa.Uuid(), nullable=True, comment="who agreed it with the client"),
        sa.Column("agreed_how", sa.Text(), nullable=True, comment="in_person, video or phone"),
        _at("reviewed_at", nullable=True, comment="when it was last read together"),
        _at("review_due", nullable=True),
        _at("superseded_at", nullable=True),
        _within(table, "plan_id", "safety_plan"),
        _within(table, "client_id", "client"),
        _within(table, "author_id", "staff_member"),
        _within(table, "agreed_by", "staff_member"),
        sa.CheckConstraint("status in ('draft', 'agreed', 'superseded')", name=op.f(f"ck_{table}_status")),
        sa.CheckConstraint("(status = 'draft') = (number is null)", name=op.f(f"ck_{table}_numbered")),
        sa.CheckConstraint(
            "(status = 'draft') = (agreed_at is null) and (status = 'draft') = (review_due is null)",
            name=op.f(f"ck_{table}_agreed"),
        ),
        sa.UniqueConstraint(
            "program_id", "plan_id", "number", name=op.f(f"uq_{table}_program_id_plan_id_number")
        ),
    )
    op.create_index(
        "uq_safety_plan_version_standing",
        table,
        ["program_id", "client_id", "status"],
        unique=True,
        postgresql_where=sa.text("status in ('draft', 'agreed')"),
    )
    _scoped(
        "means_record",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=False,
            comment="sealed; class, status, step, by whom, on which day as JSON",
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        _at("recorded_at"),
        _within("means_record", "client_id", "client"),
        _within("means_record", "recorded_by", "staff_member"),
    )
    op.create_index("ix_means_record_client", "means_record", ["program_id", "client_id", "recorded_at"])
    for name in TABLES:
        _fence(name)


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
