"""Who may be told: contacts and releases in full, what was disclosed, young people's own consent, reports, break-glass.

Rows that are there already keep their meaning: a release of before is an authorization on paper that covers contact in
a crisis, or one for a substance use record where it said so.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | Sequence[str] | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

MADE = ("emergency_access", "minor_consent", "mandated_report")
# New columns that rows of before need a value for; the product itself always says one.
DEFAULTED = (
    ("disclosure", "act"),
    ("disclosure", "part2"),
    ("emergency_contact", "kind"),
    ("release", "covers"),
    ("release", "form"),
    ("release", "signed_how"),
    ("release", "discloser"),
    ("release", "right_to_revoke_told"),
)
CHECKS = {
    "emergency_contact": {
        "kind": "kind in ('family', 'partner', 'friend', 'neighbour', 'guardian', 'professional', 'other')",
    },
    "release": {
        "form": "form in ('agreement', 'authorization', 'part2_specific', 'part2_tpo')",
        "part2_form": "part2 = (form in ('part2_specific', 'part2_tpo'))",
        "one_recipient": "contact_id is null or recipient is null",
        "signed_by": "signed_by in ('client', 'guardian', 'client_and_guardian', 'client_by_state_law')",
        "signed_how": "signed_how in ('paper', 'electronic', 'voice')",
    },
}


def _checks() -> None:
    for table, checks in CHECKS.items():
        for name, rule in checks.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def _drop_checks() -> None:
    for table, checks in CHECKS.items():
        for name in checks:
            op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")


def _fence(table: str) -> None:
    for role in ("handrail_web", "handrail_engine"):
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def upgrade() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("reason_code", sa.Text(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "ended_at", sa.DateTime(timezone=True), nullable=True, comment="given back before its time"
        ),
        sa.Column("review_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("review", sa.LargeBinary(), nullable=True, comment="sealed; what the supervisor found"),
        sa.CheckConstraint(
            "reason_code in ('client_called', 'covering', 'colleague_away', 'welfare', 'other')",
            name=op.f("ck_emergency_access_reason_code"),
        ),
        sa.CheckConstraint("verdict in ('fitting', 'not_fitting')", name=op.f("ck_emergency_access_verdict")),
        sa.CheckConstraint("reviewed_by <> staff_id", name=op.f("ck_emergency_access_somebody_else_reviews")),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_emergency_access_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "reviewed_by"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_emergency_access_program_id_reviewed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_emergency_access_program_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_emergency_access_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_emergency_access")),
    )
    op.create_index(
        "ix_emergency_access_open",
        "emergency_access",
        ["program_id", "staff_id", "client_id"],
        unique=False,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        "ix_emergency_access_to_review",
        "emergency_access",
        ["program_id", "opened_at"],
        unique=False,
        postgresql_where=sa.text("reviewed_at is null"),
    )
    op.create_table(
        "minor_consent",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False, comment="the state whose reviewed row allows it"),
        sa.Column("note", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id", "by_staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_minor_consent_program_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_minor_consent_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_minor_consent_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_minor_consent")),
    )
    op.create_table(
        "mandated_report",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column(
            "about", sa.Text(), nullable=False, comment="whom it is to protect: a child, or an adult at risk"
        ),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.Uuid(), nullable=False, comment="who reports"),
        sa.Column("concern", sa.LargeBinary(), nullable=False, comment="sealed; what was seen or heard"),
        sa.Column("agency", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("reference", sa.LargeBinary(), nullable=True, comment="sealed; the agency's number for it"),
        sa.Column("disclosure_id", sa.Uuid(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "closed_why", sa.LargeBinary(), nullable=True, comment="sealed; why no report was made after all"
        ),
        sa.CheckConstraint("about in ('child', 'adult')", name=op.f("ck_mandated_report_about")),
        sa.ForeignKeyConstraint(
            ["program_id", "by_staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_mandated_report_program_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_mandated_report_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "disclosure_id"],
            ["disclosure.program_id", "disclosure.id"],
            name=op.f("fk_mandated_report_program_id_disclosure_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "reporter_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_mandated_report_program_id_reporter_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_mandated_report_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_mandated_report")),
    )
    op.create_index(
        "ix_mandated_report_client_id", "mandated_report", ["program_id", "client_id"], unique=False
    )
    op.add_column("disclosure", sa.Column("act", sa.Text(), nullable=False, server_default="call"))
    op.add_column(
        "disclosure",
        sa.Column(
            "affiliation", sa.LargeBinary(), nullable=True, comment="sealed; of the person who was told"
        ),
    )
    op.add_column(
        "disclosure",
        sa.Column("nature", sa.LargeBinary(), nullable=True, comment="sealed; of the medical emergency"),
    )
    op.add_column(
        "disclosure",
        sa.Column(
            "verified_how", sa.LargeBinary(), nullable=True, comment="sealed; how we knew who they were"
        ),
    )
    op.add_column("disclosure", sa.Column("part2", sa.Boolean(), nullable=False, server_default="false"))
    op.add_column("disclosure", sa.Column("release_id", sa.Uuid(), nullable=True))
    op.add_column(
        "disclosure",
        sa.Column(
            "notice_version",
            sa.Text(),
            nullable=True,
            comment="of the notice that went with it (42 CFR 2.32)",
        ),
    )
    op.add_column(
        "disclosure",
        sa.Column(
            "second_look_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="a second person looks at it by then",
        ),
    )
    op.add_column("disclosure", sa.Column("second_look_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("disclosure", sa.Column("second_look_by", sa.Uuid(), nullable=True))
    op.add_column(
        "disclosure",
        sa.Column("second_look", sa.LargeBinary(), nullable=True, comment="sealed; what they found"),
    )
    op.create_index("ix_disclosure_client_id", "disclosure", ["program_id", "client_id", "at"], unique=False)
    op.create_index(
        "ix_disclosure_second_look",
        "disclosure",
        ["program_id", "second_look_due_at"],
        unique=False,
        postgresql_where=sa.text("second_look_due_at is not null and second_look_at is null"),
    )
    op.create_foreign_key(
        op.f("fk_disclosure_program_id_release_id"),
        "disclosure",
        "release",
        ["program_id", "release_id"],
        ["program_id", "id"],
    )
    op.create_foreign_key(
        op.f("fk_disclosure_program_id_second_look_by"),
        "disclosure",
        "staff_member",
        ["program_id", "second_look_by"],
        ["program_id", "id"],
    )
    op.add_column("emergency_contact", sa.Column("kind", sa.Text(), nullable=False, server_default="other"))
    op.add_column("emergency_contact", sa.Column("can_reach_home", sa.Boolean(), nullable=True))
    op.add_column(
        "emergency_contact",
        sa.Column(
            "knows_code_words",
            sa.Boolean(),
            nullable=True,
            comment="said by the client; a release says if they may",
        ),
    )
    op.add_column("emergency_contact", sa.Column("knows_of_treatment", sa.Boolean(), nullable=True))
    op.add_column(
        "emergency_contact",
        sa.Column("adult", sa.Boolean(), nullable=True, comment="a child is not asked to be a contact"),
    )
    op.add_column(
        "emergency_contact",
        sa.Column(
            "confirmed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="last said to be right; due every 30 days",
        ),
    )
    op.add_column("emergency_contact", sa.Column("confirmed_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_emergency_contact_program_id_confirmed_by"),
        "emergency_contact",
        "staff_member",
        ["program_id", "confirmed_by"],
        ["program_id", "id"],
    )
    op.add_column(
        "release",
        sa.Column(
            "recipient",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; an office, or for treatment, payment and operations the class",
        ),
    )
    op.add_column(
        "release",
        sa.Column(
            "covers", postgresql.ARRAY(sa.Text()), nullable=False, server_default="{contact_in_crisis}"
        ),
    )
    op.add_column("release", sa.Column("form", sa.Text(), nullable=False, server_default="authorization"))
    op.add_column(
        "release",
        sa.Column(
            "ends_event",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; what it ends with, if not with a day",
        ),
    )
    op.add_column(
        "release",
        sa.Column(
            "event_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="somebody said that this has happened",
        ),
    )
    op.add_column("release", sa.Column("signed_how", sa.Text(), nullable=False, server_default="paper"))
    op.add_column("release", sa.Column("signed_on", sa.Date(), nullable=True))
    op.add_column(
        "release", sa.Column("signer_contact_id", sa.Uuid(), nullable=True, comment="the guardian who signed")
    )
    op.add_column(
        "release",
        sa.Column(
            "discloser", sa.Text(), nullable=False, server_default="", comment="who may disclose (2.31)"
        ),
    )
    op.add_column(
        "release", sa.Column("right_to_revoke_told", sa.Boolean(), nullable=False, server_default="false")
    )
    op.add_column(
        "release",
        sa.Column(
            "notice_version",
            sa.Text(),
            nullable=True,
            comment="of the statement about redisclosure they were given",
        ),
    )
    op.add_column("release", sa.Column("revoked_by", sa.Uuid(), nullable=True))
    op.add_column(
        "release",
        sa.Column("revoked_how", sa.Text(), nullable=True, comment="said, written, text or by guardian"),
    )
    op.alter_column("release", "contact_id", existing_type=sa.UUID(), nullable=True)
    op.alter_column(
        "release",
        "signed_by",
        existing_type=sa.TEXT(),
        comment=None,
        existing_comment="client or guardian",
        existing_nullable=False,
    )
    op.create_foreign_key(
        op.f("fk_release_program_id_revoked_by"),
        "release",
        "staff_member",
        ["program_id", "revoked_by"],
        ["program_id", "id"],
    )
    op.create_foreign_key(
        op.f("fk_release_program_id_signer_contact_id"),
        "release",
        "emergency_contact",
        ["program_id", "signer_contact_id"],
        ["program_id", "id"],
    )
    op.execute("update release set form = 'part2_specific' where part2")
    op.execute("update emergency_contact set kind = 'guardian' where guardian")
    for table, column in DEFAULTED:
        op.alter_column(table, column, server_default=None)
    _checks()
    for table in MADE:
        _fence(table)


def downgrade() -> None:
    _drop_checks()
    op.drop_constraint(op.f("fk_disclosure_program_id_release_id"), "disclosure", type_="foreignkey")
    op.drop_constraint(op.f("fk_release_program_id_signer_contact_id"), "release", type_="foreignkey")
    op.drop_constraint(op.f("fk_release_program_id_revoked_by"), "release", type_="foreignkey")
    op.alter_column(
        "release", "signed_by", existing_type=sa.TEXT(), comment="client or guardian", existing_nullable=False
    )
    op.execute("delete from release where contact_id is null")
    op.alter_column("release", "contact_id", existing_type=sa.UUID(), nullable=False)
    op.drop_column("release", "revoked_how")
    op.drop_column("release", "revoked_by")
    op.drop_column("release", "notice_version")
    op.drop_column("release", "right_to_revoke_told")
    op.drop_column("release", "discloser")
    op.drop_column("release", "signer_contact_id")
    op.drop_column("release", "signed_on")
    op.drop_column("release", "signed_how")
    op.drop_column("release", "event_at")
    op.drop_column("release", "ends_event")
    op.drop_column("release", "form")
    op.drop_column("release", "covers")
    op.drop_column("release", "recipient")
    op.drop_constraint(
        op.f("fk_emergency_contact_program_id_confirmed_by"), "emergency_contact", type_="foreignkey"
    )
    op.drop_column("emergency_contact", "confirmed_by")
    op.drop_column("emergency_contact", "confirmed_at")
    op.drop_column("emergency_contact", "adult")
    op.drop_column("emergency_contact", "knows_of_treatment")
    op.drop_column("emergency_contact", "knows_code_words")
    op.drop_column("emergency_contact", "can_reach_home")
    op.drop_column("emergency_contact", "kind")
    op.drop_constraint(op.f("fk_disclosure_program_id_second_look_by"), "disclosure", type_="foreignkey")
    op.drop_index(
        "ix_disclosure_second_look",
        table_name="disclosure",
        postgresql_where=sa.text("second_look_due_at is not null and second_look_at is null"),
    )
    op.drop_index("ix_disclosure_client_id", table_name="disclosure")
    op.drop_column("disclosure", "second_look")
    op.drop_column("disclosure", "second_look_by")
    op.drop_column("disclosure", "second_look_at")
    op.drop_column("disclosure", "second_look_due_at")
    op.drop_column("disclosure", "notice_version")
    op.drop_column("disclosure", "release_id")
    op.drop_column("disclosure", "part2")
    op.drop_column("disclosure", "verified_how")
    op.drop_column("disclosure", "nature")
    op.drop_column("disclosure", "affiliation")
    op.drop_column("disclosure", "act")
    op.drop_index("ix_mandated_report_client_id", table_name="mandated_report")
    op.drop_table("mandated_report")
    op.drop_table("minor_consent")
    op.drop_index(
        "ix_emergency_access_to_review",
        table_name="emergency_access",
        postgresql_where=sa.text("reviewed_at is null"),
    )
    op.drop_index(
        "ix_emergency_access_open",
        table_name="emergency_access",
        postgresql_where=sa.text("ended_at is null"),
    )
    op.drop_table("emergency_access")
