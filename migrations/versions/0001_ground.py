"""The ground: every table, the two roles that may use them, and row security.

Holds what cannot be added later (architecture decisions 5, 5b, 5c, 8b, 8c): the chained journal with separate
detail, composite keys, row security, lines, command ids, sealed fields.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0001"
down_revision: str | Sequence[str] | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


# Tables without a program, with what the web role may do to them; see app.db.UNSCOPED for the reasons.
UNSCOPED = {
    "staff_address": "select, insert, update, delete",
    "sign_in_attempt": "select, insert, update, delete",
    "rate_token": "select",
    "engine_state": "select, insert, update",
    "hearing": "select, insert, update, delete",
    "deaf_interval": "select, insert",
}
# The journal: nobody changes a line. Detail may be purged by the engine's role, which leaves the line.
APPEND_ONLY = ("entry", "entry_detail", "entry_purge")
ROLES = ("handrail_web", "handrail_engine")


def _roles_and_row_security() -> None:
    for role in ROLES:
        # Roles belong to the cluster and outlive a database: two programs' databases may share them.
        op.execute(
            f"""do $$ begin create role {role} nologin; exception when duplicate_object then null; end $$"""
        )
        op.execute(f"grant usage on schema public to {role}")
        op.execute(f"grant select, insert, update, delete on all tables in schema public to {role}")
    for table in APPEND_ONLY:
        for role in ROLES:
            op.execute(f'revoke update, delete on "{table}" from {role}')
    op.execute("grant delete on entry_detail to handrail_engine")
    op.execute("revoke all on alembic_version from handrail_web, handrail_engine")
    op.execute("grant select on alembic_version to handrail_web, handrail_engine")
    for table, allowed in UNSCOPED.items():
        op.execute(f'revoke all on "{table}" from handrail_web')
        op.execute(f'grant {allowed} on "{table}" to handrail_web')
    op.execute("revoke insert, delete on program from handrail_web")
    _fence("program", "id")
    scoped = op.get_bind().execute(
        sa.text(
            "select c.table_name from information_schema.columns c "
            "where c.table_schema = 'public' and c.column_name = 'program_id' order by 1"
        )
    )
    for (table,) in scoped.fetchall():
        if table not in UNSCOPED:
            _fence(table, "program_id")


def _fence(table: str, column: str) -> None:
    """The web role sees the program it named for this transaction; the engine's role reads across programs."""
    op.execute(f'alter table "{table}" enable row level security')
    own = f"{column} = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def upgrade() -> None:
    op.create_table(
        "deaf_interval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deaf_interval")),
    )
    op.create_index("ix_deaf_interval_until_at", "deaf_interval", ["until_at"], unique=False)
    op.create_table(
        "engine_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=True),
        sa.Column("held_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_reason", sa.Text(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_by", sa.Uuid(), nullable=True),
        sa.Column("last_tick", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "overdue_steps",
            sa.Integer(),
            nullable=False,
            comment="across programs, for /healthz, which may see no program",
        ),
        sa.Column(
            "failing_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since when no outside call could be placed",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_engine_state_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engine_state")),
    )
    op.create_table(
        "entry",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("group_session_id", sa.Uuid(), nullable=True),
        sa.Column("wakes", sa.Boolean(), nullable=False),
        sa.Column("detail_hash", sa.LargeBinary(), nullable=True),
        sa.Column("previous", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "seq", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_client", "entry", ["program_id", "client_id", "seq"], unique=False)
    op.create_index("ix_entry_incident", "entry", ["program_id", "incident_id", "seq"], unique=False)
    op.create_table(
        "hearing",
        sa.Column("process_id", sa.Uuid(), nullable=False),
        sa.Column("hearing_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("process_id", name=op.f("pk_hearing")),
    )
    op.create_table(
        "program",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("outward_name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column(
            "region",
            sa.Text(),
            nullable=False,
            comment="ISO country of the office, for reading numbers without a country code",
        ),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column(
            "callback_number",
            sa.Text(),
            nullable=False,
            comment="E.164, shown on phones, texts and voicemail (R11)",
        ),
        sa.Column("after_hours_number", sa.Text(), nullable=True, comment="E.164, the published line (R11)"),
        sa.Column("provider_account", sa.Text(), nullable=False, comment="whose rate tokens its calls take"),
        sa.Column("part2", sa.Boolean(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind = 'live' or lines = 'simulated'", name=op.f("ck_program_practice_is_simulated")
        ),
        sa.CheckConstraint("kind in ('live', 'demo', 'drill', 'selftest')", name=op.f("ck_program_kind")),
        sa.CheckConstraint("lines in ('outside', 'simulated')", name=op.f("ck_program_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("id", "lines", name=op.f("uq_program_id_lines")),
    )
    op.create_table(
        "rate_token",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("per_second", sa.Float(), nullable=False),
        sa.Column("served", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("account", "kind", name=op.f("pk_rate_token")),
    )
    op.create_table(
        "sign_in_attempt",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_attempt")),
    )
    op.create_table(
        "command",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_command_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_command")),
    )
    op.create_index("ix_command_recorded_at", "command", ["recorded_at"], unique=False)
    op.create_table(
        "dispatch_line",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False, comment="said in words: Harrow County, OR"),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="E.164; public, not personal"),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.Column("police_involved", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('dispatch', 'mobile_crisis', 'hotline', 'hospital')", name=op.f("ck_dispatch_line_kind")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_dispatch_line_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_dispatch_line")),
    )
    op.create_table(
        "entry_detail",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "seq"],
            ["entry.program_id", "entry.seq"],
            name=op.f("fk_entry_detail_program_id_seq"),
        ),
        sa.PrimaryKeyConstraint("program_id", "seq", name=op.f("pk_entry_detail")),
    )
    op.create_index("ix_entry_detail_retention", "entry_detail", ["program_id", "retention"], unique=False)
    op.create_table(
        "entry_purge",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("retention", sa.Text(), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "seq"],
            ["entry.program_id", "entry.seq"],
            name=op.f("fk_entry_purge_program_id_seq"),
        ),
        sa.PrimaryKeyConstraint("program_id", "seq", name=op.f("pk_entry_purge")),
    )
    op.create_table(
        "group",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="neutral; appears in invitations"),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_group_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_group")),
        sa.UniqueConstraint("program_id", "name", name=op.f("uq_group_program_id_name")),
    )
    op.create_table(
        "journal_head",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_journal_head_program_id")),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_journal_head")),
    )
    op.create_table(
        "outage",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_outage_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_outage")),
    )
    op.create_table(
        "platform_connection",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("api_key", sa.Text(), nullable=True, comment="LiveKit's key id; not a secret"),
        sa.Column("secret", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "platform in ('zoom', 'livekit', 'generic')", name=op.f("ck_platform_connection_platform")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_platform_connection_program_id")
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_platform_connection")),
    )
    op.create_table(
        "protocol_version",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("protocol", sa.Text(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Uuid(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status in ('draft', 'approved', 'retired')", name=op.f("ck_protocol_version_status")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_protocol_version_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_protocol_version")),
        sa.UniqueConstraint(
            "program_id", "protocol", "version", name=op.f("uq_protocol_version_program_id_protocol_version")
        ),
    )
    op.create_table(
        "simulated_call",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("attempt_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number_key", sa.LargeBinary(), nullable=False),
        sa.Column("last2", sa.Text(), nullable=False),
        sa.Column("shows", sa.Text(), nullable=False, comment="the caller id a person would see"),
        sa.Column(
            "words", sa.Text(), nullable=True, comment="what was last said or texted: neutral by construction"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("answered_as", sa.Text(), nullable=True),
        sa.Column("conference", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the phone does something by itself: rings out, hangs up",
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_simulated_call_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_simulated_call")),
    )
    op.create_index("ix_simulated_call_attempt", "simulated_call", ["program_id", "attempt_id"], unique=False)
    op.create_table(
        "staff_member",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False, comment="said to clients and on voicemail"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column(
            "roles",
            postgresql.ARRAY(sa.Text()),
            nullable=False,
            comment="of clinician, supervisor, administrator",
        ),
        sa.Column("passphrase_hash", sa.Text(), nullable=True),
        sa.Column(
            "pin_hash",
            sa.Text(),
            nullable=True,
            comment="argon2id; unlocks the screen and owns a keypad press",
        ),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column(
            "totp_last_step",
            sa.Integer(),
            nullable=True,
            comment="the last time step used, so that a code works once",
        ),
        sa.Column("recovery_hashes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("enrol_hash", sa.LargeBinary(), nullable=True, comment="SHA-256 of the invitation token"),
        sa.Column("enrol_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("preferences", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "access_seq",
            sa.Integer(),
            nullable=False,
            comment="seq of the last entry that changed what this person may see",
        ),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_staff_member_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_staff_member")),
        sa.UniqueConstraint("program_id", "email", name=op.f("uq_staff_member_program_id_email")),
    )
    op.create_table(
        "client",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column(
            "name_used", sa.Text(), nullable=False, comment="with the initial of the family name: Marcus T."
        ),
        sa.Column("pronouns", sa.Text(), nullable=False),
        sa.Column(
            "safe_name", sa.LargeBinary(), nullable=False, comment="sealed; said at home and on voicemail"
        ),
        sa.Column("legal_name", sa.LargeBinary(), nullable=False, comment="sealed; for responders"),
        sa.Column("birth_date", sa.LargeBinary(), nullable=True, comment="sealed ISO date"),
        sa.Column("minor", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("interpreter_needed", sa.Boolean(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("tier_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessed", sa.Boolean(), nullable=False),
        sa.Column("first_outreach", sa.Text(), nullable=False),
        sa.Column("unsafe_home", sa.Boolean(), nullable=False),
        sa.Column("part2", sa.Boolean(), nullable=False),
        sa.Column(
            "home_label", sa.Text(), nullable=True, comment="the client's own word for the usual place: Home"
        ),
        sa.Column(
            "home_address",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; street, unit, town, state, code, country as JSON",
        ),
        sa.Column("entry_notes", sa.LargeBinary(), nullable=True, comment="sealed; how to get in"),
        sa.Column("home_dispatch_line_id", sa.Uuid(), nullable=True),
        sa.Column(
            "travel_minutes",
            sa.Integer(),
            nullable=True,
            comment="how long responders need to the usual place",
        ),
        sa.Column(
            "household", sa.LargeBinary(), nullable=True, comment="sealed; who lives there, who may overhear"
        ),
        sa.Column("pets", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column(
            "what_helps",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; preferred interventions, notes for responders",
        ),
        sa.Column(
            "danger_wish",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; what I want done when I use my danger word (R2)",
        ),
        sa.Column(
            "ordinary_question",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; agreed ordinary question and answer (R3)",
        ),
        sa.Column("pet_mark", sa.Text(), nullable=True, comment="for the tile, no names: 2 dogs"),
        sa.Column(
            "danger_word_used_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="R2 holds from here until a live check",
        ),
        sa.Column(
            "no_safe_contact",
            sa.Text(),
            nullable=True,
            comment="declined or none_exists: complete answers (R8)",
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "first_outreach in ('ring', 'text_first', 'relay', 'do_not_ring')",
            name=op.f("ck_client_first_outreach"),
        ),
        sa.CheckConstraint(
            "tier in ('none', 'low', 'moderate', 'high', 'imminent')", name=op.f("ck_client_tier")
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "home_dispatch_line_id"],
            ["dispatch_line.program_id", "dispatch_line.id"],
            name=op.f("fk_client_program_id_home_dispatch_line_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_client_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_client")),
    )
    op.create_index("ix_client_name_used", "client", ["program_id", "name_used"], unique=False)
    op.create_table(
        "group_session",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lead_id", sa.Uuid(), nullable=True),
        sa.Column("cofacilitator_id", sa.Uuid(), nullable=True),
        sa.Column("supervisor_id", sa.Uuid(), nullable=True),
        sa.Column("backup_id", sa.Uuid(), nullable=True),
        sa.Column(
            "exception_reason", sa.Text(), nullable=True, comment="why it may run without both staff (W2)"
        ),
        sa.Column("exception_by", sa.Uuid(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("platform_connection_id", sa.Uuid(), nullable=True),
        sa.Column("platform_ref", sa.Text(), nullable=True, comment="the platform's own id of the room"),
        sa.Column("seen_all_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_all_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "platform in ('zoom', 'livekit', 'generic', 'taps')", name=op.f("ck_group_session_platform")
        ),
        sa.CheckConstraint(
            "state in ('scheduled', 'open', 'paused', 'closed')", name=op.f("ck_group_session_state")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_group_session_in_order")),
        sa.ForeignKeyConstraint(
            ["program_id", "backup_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_group_session_program_id_backup_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "cofacilitator_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_group_session_program_id_cofacilitator_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_id"],
            ["group.program_id", "group.id"],
            name=op.f("fk_group_session_program_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "lead_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_group_session_program_id_lead_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "supervisor_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_group_session_program_id_supervisor_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_group_session_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_group_session")),
    )
    op.create_index(
        "ix_group_session_state", "group_session", ["program_id", "state", "starts_at"], unique=False
    )
    op.create_table(
        "platform_person",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("connection_id", sa.Uuid(), nullable=False),
        sa.Column("room_ref", sa.Text(), nullable=False),
        sa.Column(
            "person_key", sa.LargeBinary(), nullable=False, comment="keyed hash of the platform's reference"
        ),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "pending",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; deliveries kept until somebody says who it is",
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "connection_id"],
            ["platform_connection.program_id", "platform_connection.id"],
            name=op.f("fk_platform_person_program_id_connection_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_platform_person_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_platform_person")),
        sa.UniqueConstraint(
            "program_id",
            "connection_id",
            "room_ref",
            "person_key",
            name=op.f("uq_platform_person_program_id_connection_id_room_ref_person_key"),
        ),
    )
    op.create_table(
        "sign_in",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pin_failures", sa.Integer(), nullable=False),
        sa.Column(
            "confirmed_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the PIN was given again for an export or a change of numbers; good until then",
        ),
        sa.CheckConstraint("stage in ('passphrase', 'full')", name=op.f("ck_sign_in_stage")),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_sign_in_program_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_sign_in_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("program_id", "token_hash", name=op.f("uq_sign_in_program_id_token_hash")),
    )
    op.create_table(
        "staff_address",
        sa.Column("email_key", sa.LargeBinary(), nullable=False),
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_staff_address_program_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("email_key", name=op.f("pk_staff_address")),
    )
    op.create_table(
        "staff_phone",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_key", sa.LargeBinary(), nullable=False),
        sa.Column("last2", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_staff_phone_program_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_staff_phone_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_staff_phone")),
    )
    op.create_index("ix_staff_phone_number_key", "staff_phone", ["program_id", "number_key"], unique=False)
    op.create_table(
        "client_link",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column(
            "cookie_hash", sa.LargeBinary(), nullable=True, comment="of the one device that may use it"
        ),
        sa.Column(
            "waiting_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="of another device that asked to be admitted",
        ),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_client_link_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_session_id"],
            ["group_session.program_id", "group_session.id"],
            name=op.f("fk_client_link_program_id_group_session_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_client_link")),
        sa.UniqueConstraint("program_id", "token_hash", name=op.f("uq_client_link_program_id_token_hash")),
    )
    op.create_index(
        "ix_client_link_person", "client_link", ["program_id", "group_session_id", "client_id"], unique=False
    )
    op.create_table(
        "client_note",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_by", sa.Uuid(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_client_note_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_session_id"],
            ["group_session.program_id", "group_session.id"],
            name=op.f("fk_client_note_program_id_group_session_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_client_note")),
    )
    op.create_table(
        "client_phone",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_key", sa.LargeBinary(), nullable=False),
        sa.Column("last2", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("voicemail_ok", sa.Boolean(), nullable=False),
        sa.Column("text_ok", sa.Boolean(), nullable=False),
        sa.Column("safe_to_ring", sa.Boolean(), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("text_stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "today_only_for", sa.Uuid(), nullable=True, comment="given at check-in for one group session"
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_client_phone_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_client_phone_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_client_phone")),
    )
    op.create_index(
        "ix_client_phone_client", "client_phone", ["program_id", "client_id", "rank"], unique=False
    )
    op.create_index("ix_client_phone_number_key", "client_phone", ["program_id", "number_key"], unique=False)
    op.create_table(
        "disclosure",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("recipient_kind", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("grounds", sa.LargeBinary(), nullable=True),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "by_staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_disclosure_program_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_disclosure_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_disclosure_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_disclosure")),
    )
    op.create_table(
        "do_not_contact",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("number_key", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_do_not_contact_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_do_not_contact_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_do_not_contact")),
    )
    op.create_table(
        "emergency_contact",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("relation", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_key", sa.LargeBinary(), nullable=False),
        sa.Column("last2", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("lives_with_client", sa.Boolean(), nullable=False),
        sa.Column("minutes_away", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("guardian", sa.Boolean(), nullable=False),
        sa.Column("authority_verified", sa.Boolean(), nullable=False),
        sa.Column(
            "known_objection",
            sa.Boolean(),
            nullable=False,
            comment="the client does not want this person told (164.510(b))",
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_emergency_contact_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_emergency_contact_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_emergency_contact")),
    )
    op.create_table(
        "incident",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column(
            "practice",
            sa.Text(),
            nullable=True,
            comment="demo, drill or selftest: marked everywhere, left out of measures",
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("group_session_id", sa.Uuid(), nullable=False),
        sa.Column("protocol_version_id", sa.Uuid(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="page_silent, platform_left, left_early, staff_lost, not_responding, past_time ...",
        ),
        sa.Column("drop_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outage_id", sa.Uuid(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "owned_until",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the acknowledgement ends here unless renewed (R15)",
        ),
        sa.Column(
            "back_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="machines say the person is back; nobody has recognised them",
        ),
        sa.Column(
            "answered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the first time any phone of the client's was answered",
        ),
        sa.Column(
            "reached_at", sa.DateTime(timezone=True), nullable=True, comment="staff said: I spoke with them"
        ),
        sa.Column("reached_by", sa.Uuid(), nullable=True),
        sa.Column(
            "verified_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="staff recognised the client, live (R3)",
        ),
        sa.Column("verified_by", sa.Uuid(), nullable=True),
        sa.Column(
            "held_reply_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="low tier: the client's own number replied (R1)",
        ),
        sa.Column(
            "first_outreach_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the first call or text towards the client started",
        ),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Uuid(), nullable=True),
        sa.Column(
            "by_hand",
            sa.Text(),
            nullable=True,
            comment="code of why Handrail could not act: provider_failed, no_number, voided ...",
        ),
        sa.CheckConstraint("lines in ('outside', 'simulated')", name=op.f("ck_incident_lines")),
        sa.CheckConstraint("state in ('open', 'closed')", name=op.f("ck_incident_state")),
        sa.CheckConstraint(
            "tier in ('none', 'low', 'moderate', 'high', 'imminent')", name=op.f("ck_incident_tier")
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_incident_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_session_id"],
            ["group_session.program_id", "group_session.id"],
            name=op.f("fk_incident_program_id_group_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "lines"], ["program.id", "program.lines"], name="fk_incident_lines"
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "outage_id"],
            ["outage.program_id", "outage.id"],
            name=op.f("fk_incident_program_id_outage_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "owner_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_incident_program_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "protocol_version_id"],
            ["protocol_version.program_id", "protocol_version.id"],
            name=op.f("fk_incident_program_id_protocol_version_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_incident")),
    )
    op.create_index("ix_incident_drop_at", "incident", ["program_id", "drop_at"], unique=False)
    op.create_index(
        "uq_incident_open_client",
        "incident",
        ["program_id", "client_id", "kind"],
        unique=True,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "location_check_in",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "same_place", sa.Boolean(), nullable=False, comment="the usual place, by the client's own label"
        ),
        sa.Column("label", sa.LargeBinary(), nullable=True, comment="sealed; a short word for the place"),
        sa.Column(
            "address",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; street, unit, room, entry, town as JSON",
        ),
        sa.Column("alone", sa.Text(), nullable=False),
        sa.Column("same_number", sa.Boolean(), nullable=True),
        sa.Column("dispatch_line_id", sa.Uuid(), nullable=True),
        sa.Column("confirmed_by", sa.Uuid(), nullable=True, comment="staff, when told to them"),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("alone in ('yes', 'no', 'unknown')", name=op.f("ck_location_check_in_alone")),
        sa.CheckConstraint(
            "source in ('client', 'told_privately', 'staff', 'carried_over')",
            name=op.f("ck_location_check_in_source"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_location_check_in_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "dispatch_line_id"],
            ["dispatch_line.program_id", "dispatch_line.id"],
            name=op.f("fk_location_check_in_program_id_dispatch_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_session_id"],
            ["group_session.program_id", "group_session.id"],
            name=op.f("fk_location_check_in_program_id_group_session_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_location_check_in")),
    )
    op.create_index(
        "ix_location_check_in_person",
        "location_check_in",
        ["program_id", "group_session_id", "client_id", "confirmed_at"],
        unique=False,
    )
    op.create_table(
        "presence",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("group_session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "evidence_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="the last evidence that the person was there: zero of every clock",
        ),
        sa.Column(
            "ask_since",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="since when the board asks a person",
        ),
        sa.Column("check_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_beat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("page_visible", sa.Boolean(), nullable=True),
        sa.Column(
            "page_changed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="when the page last changed between visible and hidden",
        ),
        sa.Column("goodbye_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column(
            "outcome",
            sa.Text(),
            nullable=True,
            comment="excused, rung, attended ...: what closing a group needs for moderate and above",
        ),
        sa.Column("told_note", sa.Text(), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True, comment="taken off the roster"),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_presence_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_session_id"],
            ["group_session.program_id", "group_session.id"],
            name=op.f("fk_presence_program_id_group_session_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "group_session_id", "client_id", name=op.f("pk_presence")),
        postgresql_with={"fillfactor": 70},
    )
    op.create_index("ix_presence_check_at", "presence", ["check_at"], unique=False)
    op.create_index("ix_presence_client", "presence", ["program_id", "client_id"], unique=False)
    op.create_table(
        "presence_fact",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("group_session_id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="page, platform, staff, phone, client"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("connection", sa.Text(), nullable=True),
        sa.Column("by_staff_id", sa.Uuid(), nullable=True),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_presence_fact_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_session_id"],
            ["group_session.program_id", "group_session.id"],
            name=op.f("fk_presence_fact_program_id_group_session_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_presence_fact")),
        sa.UniqueConstraint(
            "program_id", "delivery_id", name=op.f("uq_presence_fact_program_id_delivery_id")
        ),
    )
    op.create_index(
        "ix_presence_fact_person",
        "presence_fact",
        ["program_id", "group_session_id", "client_id", "occurred_at"],
        unique=False,
    )
    op.create_table(
        "alert_seen",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "incident_id"],
            ["incident.program_id", "incident.id"],
            name=op.f("fk_alert_seen_program_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_alert_seen_program_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "incident_id", "staff_id", name=op.f("pk_alert_seen")),
    )
    op.create_table(
        "dispatch",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("agency", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=True, comment="of the public line that was dialled"),
        sa.Column("read_back", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id", "by_staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_dispatch_program_id_by_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "incident_id"],
            ["incident.program_id", "incident.id"],
            name=op.f("fk_dispatch_program_id_incident_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_dispatch")),
    )
    op.create_table(
        "escalation_step",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="the step's id in the protocol"),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column(
            "urgency",
            sa.Integer(),
            nullable=False,
            comment="architecture 4: 0 imminent, 1..3 first attempt by tier, 4..6 repeats",
        ),
        sa.Column("waits_for_person", sa.Boolean(), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("limit_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column(
            "rounds",
            sa.Integer(),
            nullable=False,
            comment="how often a repeating step has come round, or staff legs tried",
        ),
        sa.Column(
            "warned_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="an automatic step not started 10 s before its limit was announced",
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Uuid(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.CheckConstraint("lines in ('outside', 'simulated')", name=op.f("ck_escalation_step_lines")),
        sa.CheckConstraint(
            "status in ('pending', 'dialing', 'done', 'cancelled', 'skipped', 'unknown')",
            name=op.f("ck_escalation_step_status"),
        ),
        sa.CheckConstraint(
            "tier in ('none', 'low', 'moderate', 'high', 'imminent')", name=op.f("ck_escalation_step_tier")
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "incident_id"],
            ["incident.program_id", "incident.id"],
            name=op.f("fk_escalation_step_program_id_incident_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_escalation_step")),
    )
    op.create_index(
        "ix_escalation_step_due_at",
        "escalation_step",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("status in ('pending', 'dialing')"),
    )
    op.create_index(
        "ix_escalation_step_incident",
        "escalation_step",
        ["program_id", "incident_id", "ordinal"],
        unique=False,
    )
    op.create_table(
        "release",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("scope", sa.LargeBinary(), nullable=False, comment="sealed; what may be said"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("part2", sa.Boolean(), nullable=False, comment="holds the elements of 42 CFR 2.31"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("signed_by", sa.Text(), nullable=False, comment="client or guardian"),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name=op.f("ck_release_in_order")),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_release_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "contact_id"],
            ["emergency_contact.program_id", "emergency_contact.id"],
            name=op.f("fk_release_program_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_release_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_release")),
    )
    op.create_table(
        "contact_attempt",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("provider_account", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("phone_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column(
            "client_leg_id",
            sa.Uuid(),
            nullable=True,
            comment="on a staff leg: the client or contact leg whose conference it joins",
        ),
        sa.Column("number", sa.LargeBinary(), nullable=False, comment="sealed E.164"),
        sa.Column("number_key", sa.LargeBinary(), nullable=False),
        sa.Column("last2", sa.Text(), nullable=False),
        sa.Column(
            "script",
            sa.Text(),
            nullable=False,
            comment="the protocol's script id: what may be said or texted",
        ),
        sa.Column(
            "words",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="neutral fill-ins only: staff first name, callback number, language",
        ),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column(
            "due_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="not rung before; a client leg is moved up when staff is on the line",
        ),
        sa.Column("ring_s", sa.Integer(), nullable=False, comment="how long the phone rings"),
        sa.Column("void_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dialing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("ringing_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "answered_by",
            sa.Text(),
            nullable=True,
            comment="human, machine or unknown: a guess of the provider's",
        ),
        sa.Column(
            "joined_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="in the conference with the other leg",
        ),
        sa.Column(
            "pressed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="a key was pressed: a hint, never proof",
        ),
        sa.Column(
            "wanted",
            sa.Text(),
            nullable=True,
            comment="what the outbox does to the live call next: hang_up or voicemail",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "result",
            sa.Text(),
            nullable=True,
            comment="completed, no_answer, busy, failed, canceled, voicemail, delivered, undelivered",
        ),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("replaces_id", sa.Uuid(), nullable=True),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("channel in ('call', 'text')", name=op.f("ck_contact_attempt_channel")),
        sa.CheckConstraint("lines in ('outside', 'simulated')", name=op.f("ck_contact_attempt_lines")),
        sa.CheckConstraint(
            "status in ('planned', 'dialing', 'ringing', 'answered', 'ended', 'failed', 'unknown', 'cancelled', 'voided')",
            name=op.f("ck_contact_attempt_status"),
        ),
        sa.CheckConstraint(
            "tier in ('none', 'low', 'moderate', 'high', 'imminent')", name=op.f("ck_contact_attempt_tier")
        ),
        sa.CheckConstraint(
            "who in ('client', 'staff', 'supervisor', 'backup', 'on_call', 'contact')",
            name=op.f("ck_contact_attempt_who"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "client_leg_id"],
            ["contact_attempt.program_id", "contact_attempt.id"],
            name=op.f("fk_contact_attempt_program_id_client_leg_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "contact_id"],
            ["emergency_contact.program_id", "emergency_contact.id"],
            name=op.f("fk_contact_attempt_program_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "incident_id"],
            ["incident.program_id", "incident.id"],
            name=op.f("fk_contact_attempt_program_id_incident_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "phone_id"],
            ["client_phone.program_id", "client_phone.id"],
            name=op.f("fk_contact_attempt_program_id_phone_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "replaces_id"],
            ["contact_attempt.program_id", "contact_attempt.id"],
            name=op.f("fk_contact_attempt_program_id_replaces_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_contact_attempt_program_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "step_id"],
            ["escalation_step.program_id", "escalation_step.id"],
            name=op.f("fk_contact_attempt_program_id_step_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_contact_attempt")),
    )
    op.create_index(
        "ix_contact_attempt_incident", "contact_attempt", ["program_id", "incident_id"], unique=False
    )
    op.create_index(
        "ix_contact_attempt_lease",
        "contact_attempt",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("status in ('dialing', 'ringing', 'answered', 'unknown')"),
    )
    op.create_index(
        "ix_contact_attempt_planned",
        "contact_attempt",
        ["provider_account", "channel", "urgency", "due_at"],
        unique=False,
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.create_index(
        "ix_contact_attempt_provider_id", "contact_attempt", ["program_id", "provider_id"], unique=False
    )
    op.create_index(
        "ix_contact_attempt_wanted",
        "contact_attempt",
        ["program_id", "id"],
        unique=False,
        postgresql_where=sa.text("wanted is not null"),
    )
    op.create_index(
        "uq_contact_attempt_live_number",
        "contact_attempt",
        ["provider_account", "channel", "number_key"],
        unique=True,
        postgresql_where=sa.text(
            "status in ('dialing', 'ringing', 'answered', 'unknown') and channel = 'call'"
        ),
    )
    _roles_and_row_security()


def downgrade() -> None:
    op.drop_index(
        "uq_contact_attempt_live_number",
        table_name="contact_attempt",
        postgresql_where=sa.text(
            "status in ('dialing', 'ringing', 'answered', 'unknown') and channel = 'call'"
        ),
    )
    op.drop_index(
        "ix_contact_attempt_wanted",
        table_name="contact_attempt",
        postgresql_where=sa.text("wanted is not null"),
    )
    op.drop_index("ix_contact_attempt_provider_id", table_name="contact_attempt")
    op.drop_index(
        "ix_contact_attempt_planned",
        table_name="contact_attempt",
        postgresql_where=sa.text("status = 'planned'"),
    )
    op.drop_index(
        "ix_contact_attempt_lease",
        table_name="contact_attempt",
        postgresql_where=sa.text("status in ('dialing', 'ringing', 'answered', 'unknown')"),
    )
    op.drop_index("ix_contact_attempt_incident", table_name="contact_attempt")
    op.drop_table("contact_attempt")
    op.drop_table("release")
    op.drop_index("ix_escalation_step_incident", table_name="escalation_step")
    op.drop_index(
        "ix_escalation_step_due_at",
        table_name="escalation_step",
        postgresql_where=sa.text("status in ('pending', 'dialing')"),
    )
    op.drop_table("escalation_step")
    op.drop_table("dispatch")
    op.drop_table("alert_seen")
    op.drop_index("ix_presence_fact_person", table_name="presence_fact")
    op.drop_table("presence_fact")
    op.drop_index("ix_presence_client", table_name="presence")
    op.drop_index("ix_presence_check_at", table_name="presence")
    op.drop_table("presence")
    op.drop_index("ix_location_check_in_person", table_name="location_check_in")
    op.drop_table("location_check_in")
    op.drop_index(
        "uq_incident_open_client", table_name="incident", postgresql_where=sa.text("state = 'open'")
    )
    op.drop_index("ix_incident_drop_at", table_name="incident")
    op.drop_table("incident")
    op.drop_table("emergency_contact")
    op.drop_table("do_not_contact")
    op.drop_table("disclosure")
    op.drop_index("ix_client_phone_number_key", table_name="client_phone")
    op.drop_index("ix_client_phone_client", table_name="client_phone")
    op.drop_table("client_phone")
    op.drop_table("client_note")
    op.drop_index("ix_client_link_person", table_name="client_link")
    op.drop_table("client_link")
    op.drop_index("ix_staff_phone_number_key", table_name="staff_phone")
    op.drop_table("staff_phone")
    op.drop_table("staff_address")
    op.drop_table("sign_in")
    op.drop_table("platform_person")
    op.drop_index("ix_group_session_state", table_name="group_session")
    op.drop_table("group_session")
    op.drop_index("ix_client_name_used", table_name="client")
    op.drop_table("client")
    op.drop_table("staff_member")
    op.drop_index("ix_simulated_call_attempt", table_name="simulated_call")
    op.drop_table("simulated_call")
    op.drop_table("protocol_version")
    op.drop_table("platform_connection")
    op.drop_table("outage")
    op.drop_table("journal_head")
    op.drop_table("group")
    op.drop_table("entry_purge")
    op.drop_index("ix_entry_detail_retention", table_name="entry_detail")
    op.drop_table("entry_detail")
    op.drop_table("dispatch_line")
    op.drop_index("ix_command_recorded_at", table_name="command")
    op.drop_table("command")
    op.drop_table("sign_in_attempt")
    op.drop_table("rate_token")
    op.drop_table("program")
    op.drop_table("hearing")
    op.drop_index("ix_entry_incident", table_name="entry")
    op.drop_index("ix_entry_client", table_name="entry")
    op.drop_table("entry")
    op.drop_table("engine_state")
    op.drop_index("ix_deaf_interval_until_at", table_name="deaf_interval")
    op.drop_table("deaf_interval")
