"""The client's record, whole: what was missing on it, its versions, drafts, guardians' rights and family agreements."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | Sequence[str] | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("client_version", "client_draft", "guardianship", "family_agreement", "agreement_reading")
SEALED = {
    "accessibility": "sealed; what makes a call, a page or a visit possible for them",
    "culture": "sealed; faith, customs, family, how to address them",
    "responder_notes": "sealed; for whoever comes: approach, mobility, hearing",
    "help_first": "sealed; whom they want to come first, and who is near",
    "contact_times": "sealed; when ordinary calls are safe, as JSON",
    "household_people": "sealed; who lives there and may overhear, as JSON",
    "pet_cards": "sealed; each animal, who takes care of it, what soothes, as JSON",
    "living_together": "sealed; what was agreed with a partner or room-mate, as JSON",
}


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


def _fence(table: str) -> None:
    """As in the ground: the web role sees the program it named, the engine's role reads across programs."""
    for role in ("handrail_web", "handrail_engine"):
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def upgrade() -> None:
    op.add_column(
        "client",
        sa.Column(
            "interpreter_language", sa.Text(), nullable=True, comment="when not their own: ase for ASL"
        ),
    )
    op.add_column("client", sa.Column("relay", sa.Text(), nullable=True))
    op.add_column(
        "client",
        sa.Column(
            "hidden_from_guardian",
            sa.ARRAY(sa.Text()),
            nullable=False,
            server_default=sa.text("'{}'"),
            comment="names of parts of the record, no content (R16)",
        ),
    )
    op.alter_column("client", "hidden_from_guardian", server_default=None)
    for name, comment in SEALED.items():
        op.add_column("client", sa.Column(name, sa.LargeBinary(), nullable=True, comment=comment))
    op.create_check_constraint(
        op.f("ck_client_relay"), "client", "relay in ('relay', 'video_relay', 'captioned')"
    )
    _scoped(
        "client_version",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False, comment="of the record, after this change"),
        sa.Column("part", sa.Text(), nullable=False, comment="record, phone, guardian, agreement"),
        sa.Column("row_id", sa.Uuid(), nullable=True, comment="which telephone or guardian"),
        sa.Column("fields", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="sealed; before and after, as JSON"),
        sa.Column("reason", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True, comment="the version that was entered in error"),
        sa.Column("error_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_by_id", sa.Uuid(), nullable=True),
        sa.Column("error_reason", sa.LargeBinary(), nullable=True, comment="sealed"),
        _within("client_version", "client_id", "client"),
        _within("client_version", "by_staff_id", "staff_member"),
        _within("client_version", "error_by_id", "staff_member"),
        sa.UniqueConstraint(
            "program_id", "client_id", "version", name=op.f("uq_client_version_program_id_client_id_version")
        ),
    )
    _scoped(
        "client_draft",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="sealed; what was typed, as JSON"),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        _within("client_draft", "client_id", "client"),
        _within("client_draft", "staff_id", "staff_member"),
        sa.UniqueConstraint(
            "program_id",
            "client_id",
            "staff_id",
            "form",
            name=op.f("uq_client_draft_program_id_client_id_staff_id_form"),
        ),
    )
    op.create_index("ix_client_draft_saved_at", "client_draft", ["saved_at"])
    _scoped(
        "guardianship",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("decides_on_care", sa.Boolean(), nullable=False),
        sa.Column("told_in_crisis", sa.Boolean(), nullable=False),
        sa.Column("gets_records", sa.Boolean(), nullable=False),
        sa.Column("custody_note", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("verified_how", sa.LargeBinary(), nullable=True, comment="sealed; which paper was seen"),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _within("guardianship", "client_id", "client"),
        _within("guardianship", "contact_id", "emergency_contact"),
        _within("guardianship", "by_staff_id", "staff_member"),
    )
    op.create_index(
        "uq_guardianship_standing",
        "guardianship",
        ["program_id", "client_id", "contact_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    _scoped(
        "family_agreement",
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="sealed; what was agreed, as JSON"),
        sa.Column("review_due", sa.Date(), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="a newer version replaced it"
        ),
        _within("family_agreement", "client_id", "client"),
        _within("family_agreement", "by_staff_id", "staff_member"),
        sa.UniqueConstraint(
            "program_id",
            "client_id",
            "version",
            name=op.f("uq_family_agreement_program_id_client_id_version"),
        ),
    )
    _scoped(
        "agreement_reading",
        sa.Column("agreement_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("read_on", sa.Date(), nullable=False),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("who in ('young_person', 'guardian')", name=op.f("ck_agreement_reading_who")),
        sa.CheckConstraint(
            "how in ('in_person', 'on_screen', 'aloud', 'paper')", name=op.f("ck_agreement_reading_how")
        ),
        sa.CheckConstraint(
            "(who = 'guardian') = (contact_id is not null)", name=op.f("ck_agreement_reading_named")
        ),
        _within("agreement_reading", "agreement_id", "family_agreement"),
        _within("agreement_reading", "client_id", "client"),
        _within("agreement_reading", "contact_id", "emergency_contact"),
        _within("agreement_reading", "by_staff_id", "staff_member"),
    )
    op.create_index("ix_agreement_reading_agreement", "agreement_reading", ["program_id", "agreement_id"])
    for table in TABLES:
        _fence(table)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_client_relay"), "client")
    for name in (*SEALED, "hidden_from_guardian", "relay", "interpreter_language"):
        op.drop_column("client", name)
