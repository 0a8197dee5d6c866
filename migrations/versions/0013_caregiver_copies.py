"""What clients share with somebody they trust: copies, corrections of that person's details, and plain texts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | Sequence[str] | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("plain_text", "caregiver_copy", "caregiver_proposal")


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


def _id(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable, comment=comment)


def _bytes(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable, comment=comment)


def _words(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _number(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _fence(table: str) -> None:
    """As in the ground: the web role sees the program it named, the engine's role reads across programs."""
    for role in ("handrail_web", "handrail_engine"):
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def upgrade() -> None:
    _plain_text()
    _copies()
    _proposals()
    for name in TABLES:
        _fence(name)


def _plain_text() -> None:
    _scoped(
        "plain_text",
        _words("lines"),
        _words("provider_account"),
        _id("client_id", nullable=True, comment="about whom; in no text"),
        _id("contact_id", nullable=True),
        _bytes("number", comment="sealed E.164"),
        _bytes("number_key"),
        _words("last2"),
        _bytes("words", nullable=True, comment="sealed; emptied when it has left"),
        _words("status"),
        _at("due_at"),
        _at("void_after"),
        _at("sending_at", nullable=True),
        _at("ended_at", nullable=True),
        _words("provider_id", nullable=True),
        _words("error_code", nullable=True),
        sa.CheckConstraint("lines in ('outside', 'simulated')", name=op.f("ck_plain_text_lines")),
        sa.CheckConstraint(
            "status in ('planned', 'sending', 'sent', 'failed', 'unknown', 'voided', 'cancelled')",
            name=op.f("ck_plain_text_status"),
        ),
    )
    op.create_index(
        "ix_plain_text_planned",
        "plain_text",
        ["due_at"],
        postgresql_where=sa.text("status in ('planned', 'sending')"),
    )


def _copies() -> None:
    table = "caregiver_copy"
    _scoped(
        table,
        _id("client_id"),
        _id("contact_id"),
        _id("plan_version_id", nullable=True),
        _words("language"),
        sa.Column("with_plan", sa.Boolean(), nullable=False),
        sa.Column("with_coaching", sa.Boolean(), nullable=False),
        _bytes("body", comment="sealed; the chosen lines and words as JSON"),
        _bytes("token_hash", comment="SHA-256 of the link's token"),
        _id("made_by"),
        _at("made_at"),
        _at("expires_at"),
        _at("sent_at", nullable=True, comment="the link was texted to their own number"),
        _at("ended_at", nullable=True),
        _id("ended_by", nullable=True),
        _bytes("pending_hash", nullable=True, comment="of the device that asked for the last code"),
        _bytes("code_hash", nullable=True, comment="keyed hash; works once"),
        _at("code_until", nullable=True),
        _at("codes_since", nullable=True, comment="when the counting of codes began"),
        _number("codes_sent"),
        _number("wrong_codes"),
        _bytes("device_hash", nullable=True, comment="of the device that gave the code"),
        _at("device_until", nullable=True),
        _number("opened_times"),
        _at("opened_at", nullable=True, comment="the last time"),
        _at("confirmed_at", nullable=True, comment="they said their details are right"),
        _within(table, "client_id", "client"),
        _within(table, "contact_id", "emergency_contact"),
        _within(table, "plan_version_id", "safety_plan_version"),
        _within(table, "made_by", "staff_member"),
        _within(table, "ended_by", "staff_member"),
        sa.UniqueConstraint("program_id", "token_hash", name=op.f(f"uq_{table}_program_id_token_hash")),
    )
    op.create_index(
        "uq_caregiver_copy_standing",
        table,
        ["program_id", "contact_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_caregiver_copy_client", table, ["program_id", "client_id"])


def _proposals() -> None:
    table = "caregiver_proposal"
    _scoped(
        table,
        _id("copy_id"),
        _id("client_id"),
        _id("contact_id"),
        _bytes("body", comment="sealed; number, language and good times as JSON"),
        _at("made_at"),
        _words("decision", nullable=True),
        _at("decided_at", nullable=True),
        _id("decided_by", nullable=True),
        _within(table, "copy_id", "caregiver_copy"),
        _within(table, "client_id", "client"),
        _within(table, "contact_id", "emergency_contact"),
        _within(table, "decided_by", "staff_member"),
        sa.CheckConstraint(
            "decision in ('accepted', 'declined', 'replaced')", name=op.f(f"ck_{table}_decision")
        ),
        sa.CheckConstraint("(decision is null) = (decided_at is null)", name=op.f(f"ck_{table}_decided")),
    )
    op.create_index(
        "ix_caregiver_proposal_open",
        table,
        ["program_id", "client_id"],
        postgresql_where=sa.text("decided_at is null"),
    )


def downgrade() -> None:
    for name in reversed(TABLES):
        op.drop_table(name)
