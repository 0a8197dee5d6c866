"""Places: what a line covers and when it answers, checks of it, state cards, licences of staff, reviewed regions."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | Sequence[str] | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("line_check", "state_card", "region_review", "staff_licence")
ROLES = ("handrail_web", "handrail_engine")
KINDS = "('dispatch', 'mobile_crisis', 'hotline', 'hospital', 'urgent_care', 'cit', 'partner')"
TEXTS = {
    "text_how": "how to text it, in words",
    "address": "of an urgent care or emergency department; public",
    "website": None,
    "contact": "whom to ask for, in their role at work",
    "notes": "about the line; never about a client",
}
LISTS = {
    "states": "OR",
    "counties": "Harrow County, OR",
    "towns": "Larch Falls, MT",
    "zip_prefixes": "970, or a whole code",
}
MARKS = {
    "whole_country": None,
    "cit": "officers trained in crisis intervention can be asked for",
    "for_clients": "shown on the clients' own resource page",
}


def upgrade() -> None:
    _line()
    _tables()
    # What was known before is a check like any other: taking a later one back must find it again.
    op.execute(
        "insert into line_check (program_id, id, line_id, staff_id, result, number, at) "
        "select program_id, gen_random_uuid(), id, verified_by, 'answers', number, verified_on "
        "from dispatch_line where verified_on is not null and verified_by is not null"
    )
    for table in TABLES:
        for role in ROLES:
            op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
        op.execute(f'alter table "{table}" enable row level security')
        own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
        op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
        op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def _line() -> None:
    op.drop_constraint(op.f("ck_dispatch_line_kind"), "dispatch_line")
    op.create_check_constraint(op.f("ck_dispatch_line_kind"), "dispatch_line", f"kind in {KINDS}")
    op.alter_column("dispatch_line", "police_involved", nullable=True, comment="null: nobody has asked yet")
    # Rows that are there get a value; the model gives each new row its own, so no default stays behind.
    for name, comment in MARKS.items():
        _add(name, sa.Boolean(), sa.false(), comment)
    for name, comment in LISTS.items():
        _add(name, postgresql.ARRAY(sa.Text()), sa.text("'{}'"), comment)
    for name, comment in TEXTS.items():
        _add(name, sa.Text(), sa.text("''"), comment)
    op.execute(
        "update dispatch_line set for_clients = true where kind in ('hotline', 'mobile_crisis', 'hospital')"
    )
    nullable = [
        sa.Column(
            "open_hours",
            postgresql.JSONB(),
            comment="minutes of the day by weekday, as read from hours; null where only a person can read them",
        ),
        sa.Column("time_zone", sa.Text(), comment="of open_hours"),
        sa.Column("arrives_minutes", sa.Integer(), comment="how long they usually need to arrive"),
        sa.Column("agreement_from", sa.Date()),
        sa.Column("agreement_until", sa.Date()),
        sa.Column(
            "wrong_at",
            sa.DateTime(timezone=True),
            comment="somebody rang it, and it did not answer as said",
        ),
        sa.Column("wrong_by", sa.Uuid()),
    ]
    for column in nullable:
        op.add_column("dispatch_line", column)
    op.create_check_constraint(
        op.f("ck_dispatch_line_agreement_in_order"),
        "dispatch_line",
        "agreement_until is null or agreement_from is null or agreement_until >= agreement_from",
    )


def _add(
    name: str, kind: sa.types.TypeEngine[object], value: sa.ColumnElement[object], comment: str | None
) -> None:
    op.add_column(
        "dispatch_line", sa.Column(name, kind, nullable=False, server_default=value, comment=comment)
    )
    op.alter_column("dispatch_line", name, server_default=None)


def _tables() -> None:
    op.create_table(
        "line_check",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("line_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column(
            "number",
            sa.Text(),
            nullable=False,
            comment="the number that was rung: a new number starts unchecked",
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("result in ('answers', 'wrong')", name=op.f("ck_line_check_result")),
        sa.ForeignKeyConstraint(
            ["program_id", "line_id"],
            ["dispatch_line.program_id", "dispatch_line.id"],
            name=op.f("fk_line_check_program_id_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_line_check_program_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_line_check")),
    )
    op.create_index("ix_line_check_line", "line_check", ["program_id", "line_id", "at"])
    op.create_table(
        "state_card",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False, comment="US-OR"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "reviewed_by",
            sa.Text(),
            nullable=False,
            comment="who answers for it: counsel, or a clinician by name",
        ),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False, comment="made up for practice; never law"),
        sa.Column("made_by", sa.Uuid(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('duty_to_protect', 'minors_consent', 'mandated_report')",
            name=op.f("ck_state_card_kind"),
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_state_card_program_id")),
        sa.ForeignKeyConstraint(
            ["program_id", "made_by"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_state_card_program_id_made_by"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_state_card")),
    )
    op.create_index(
        "uq_state_card_standing",
        "state_card",
        ["program_id", "kind", "region"],
        unique=True,
        postgresql_where=sa.text("retired_at is null"),
    )
    op.create_table(
        "region_review",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column(
            "sha256",
            sa.Text(),
            nullable=False,
            comment="of the rows as they were: a changed table asks again",
        ),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_region_review_program_id")),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_region_review_program_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_region_review")),
    )
    op.create_index("ix_region_review_country", "region_review", ["program_id", "country", "at"])
    op.create_table(
        "staff_licence",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False, comment="US-OR"),
        sa.Column("title", sa.Text(), nullable=False, comment="such as LCSW"),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_staff_licence_program_id")),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_staff_licence_program_id_staff_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_staff_licence")),
    )
    op.create_index("ix_staff_licence_staff", "staff_licence", ["program_id", "staff_id"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_dispatch_line_agreement_in_order"), "dispatch_line")
    for name in (
        "open_hours",
        "time_zone",
        "arrives_minutes",
        "agreement_from",
        "agreement_until",
        "wrong_at",
        "wrong_by",
    ):
        op.drop_column("dispatch_line", name)
    for name in (*MARKS, *LISTS, *TEXTS):
        op.drop_column("dispatch_line", name)
    # Kinds that the older program does not know become the nearest it does.
    op.execute("update dispatch_line set kind = 'hospital' where kind = 'urgent_care'")
    op.execute("update dispatch_line set kind = 'hotline' where kind in ('cit', 'partner')")
    op.execute("update dispatch_line set police_involved = true where police_involved is null")
    op.alter_column("dispatch_line", "police_involved", nullable=False, comment=None)
    op.drop_constraint(op.f("ck_dispatch_line_kind"), "dispatch_line")
    op.create_check_constraint(
        op.f("ck_dispatch_line_kind"),
        "dispatch_line",
        "kind in ('dispatch', 'mobile_crisis', 'hotline', 'hospital')",
    )
