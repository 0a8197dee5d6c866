"""Risk flags, tiers on their way down, safety checks, and a program's own screener.

Whoever stands at a tier gets a flag of it: past its time it is told as overdue, which it was all along.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | Sequence[str] | None = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")
TABLES = ("risk_flag", "tier_lowering", "screener_text", "risk_assessment", "care_mark")


def _fence(table: str) -> None:
    """The web role sees the program it named for this transaction; the engine's role reads across programs."""
    for role in ROLES:
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def _within(column: str, table: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["program_id", column],
        [f"{table}.program_id", f"{table}.id"],
        name=op.f(f"fk_{of}_program_id_{column}"),
    )


def _of_program(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f(f"fk_{table}_program_id"))


def _check(name: str, table: str, words: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(words, name=op.f(f"ck_{table}_{name}"))


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("program_id", "id", name=op.f(f"pk_{table}"))


def _ids(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in ("program_id", "id", *names)]


def _time(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _maybe(name: str, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=True, comment=comment)


def _text(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), nullable=nullable, comment=comment)


def _sealed(name: str, comment: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable, comment=f"sealed; {comment}")


def upgrade() -> None:
    _flags()
    _lowerings()
    _screeners()
    _assessments()
    _marks()
    for table in TABLES:
        _fence(table)
    op.execute(
        """
        insert into risk_flag (program_id, id, client_id, tier, since, until)
        select c.program_id, gen_random_uuid(), c.id, c.tier, coalesce(c.tier_since, c.made_at),
            coalesce(c.tier_since, c.made_at) + case c.tier when 'low' then interval '24 hours'
                when 'moderate' then interval '72 hours' else interval '7 days' end
        from client c where c.tier <> 'none' and c.ended_at is null
        """
    )


def _flags() -> None:
    op.create_table(
        "risk_flag",
        *_ids("client_id"),
        _text("tier"),
        _time("since"),
        _time("until"),
        _maybe("set_by"),
        _maybe("incident_id", "in which the tier was chosen"),
        _maybe("assessment_id", "the safety check behind it"),
        _time("overdue_at", nullable=True, comment="since when everybody is told: look again"),
        _time("ended_at", nullable=True),
        _maybe("ended_by"),
        _text("ended_why", nullable=True),
        _check("tier", "risk_flag", "tier in ('low', 'moderate', 'high', 'imminent')"),
        _check("ended_why", "risk_flag", "ended_why in ('assessed', 'changed')"),
        _check("ended_for_a_reason", "risk_flag", "(ended_at is null) = (ended_why is null)"),
        _of_program("risk_flag"),
        _within("client_id", "client", "risk_flag"),
        _within("set_by", "staff_member", "risk_flag"),
        _within("ended_by", "staff_member", "risk_flag"),
        _key("risk_flag"),
    )
    op.create_index(
        "uq_risk_flag_standing",
        "risk_flag",
        ["program_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index(
        "ix_risk_flag_until",
        "risk_flag",
        ["until"],
        postgresql_where=sa.text("ended_at is null and overdue_at is null"),
    )


def _lowerings() -> None:
    table = "tier_lowering"
    op.create_table(
        table,
        *_ids("incident_id", "client_id"),
        _text("from_tier"),
        _text("to_tier"),
        _sealed("reason", "why less is right now"),
        _maybe("assessment_id", "the safety check behind it"),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        _time("asked_at"),
        _time("until"),
        _text("state"),
        _maybe("answered_by"),
        _time("answered_at", nullable=True),
        _sealed("answer", "why it was declined", nullable=True),
        _check("from_tier", table, "from_tier in ('high', 'imminent')"),
        _check("to_tier", table, "to_tier in ('none', 'low', 'moderate', 'high')"),
        _check(
            "state", table, "state in ('waiting', 'accepted', 'declined', 'withdrawn', 'overtaken', 'lapsed')"
        ),
        _check("two_people", table, "state <> 'accepted' or answered_by <> asked_by"),
        _within("incident_id", "incident", table),
        _within("client_id", "client", table),
        _within("asked_by", "staff_member", table),
        _within("answered_by", "staff_member", table),
        _key(table),
    )
    op.create_index(
        "uq_tier_lowering_waiting",
        table,
        ["program_id", "incident_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_tier_lowering_until", table, ["until"], postgresql_where=sa.text("state = 'waiting'"))


def _screeners() -> None:
    table = "screener_text"
    op.create_table(
        table,
        *_ids(),
        _text("instrument", comment="which of our codes and logic it is the text of"),
        _text("version"),
        _text("language"),
        _text("title"),
        _text("copyright"),
        sa.Column(
            "items",
            sa.dialects.postgresql.JSONB(astext_type=sa.Text()),
            nullable=False,
            comment="item to its words, as the file has them",
        ),
        _text("sha256"),
        _time("loaded_at"),
        sa.Column("loaded_by", sa.Uuid(), nullable=False),
        _time("retired_at", nullable=True),
        _maybe("retired_by"),
        _of_program(table),
        _within("loaded_by", "staff_member", table),
        _within("retired_by", "staff_member", table),
        _key(table),
    )
    op.create_index(
        "uq_screener_text_standing",
        table,
        ["program_id", "language"],
        unique=True,
        postgresql_where=sa.text("retired_at is null"),
    )


def _assessments() -> None:
    table = "risk_assessment"
    tiers = "('none', 'low', 'moderate', 'high', 'imminent')"
    op.create_table(
        table,
        *_ids("client_id", "incident_id"),
        _text("rules_version"),
        _text("rules_sha256"),
        _maybe("screener_id"),
        _text("state"),
        _sealed("given", "every answer, observation and word, as JSON"),
        _text("computed_tier", nullable=True),
        _text("chosen_tier", nullable=True),
        _text("direction", nullable=True, comment="of the choice against the computed tier"),
        _sealed("reason", "why the choice differs", nullable=True),
        _time("next_contact_at", nullable=True),
        _time("begun_at"),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        _time("saved_at"),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        _time("done_at", nullable=True),
        _maybe("done_by"),
        _check("state", table, "state in ('asking', 'done', 'stopped')"),
        _check("computed_tier", table, f"computed_tier in {tiers}"),
        _check("chosen_tier", table, f"chosen_tier in {tiers}"),
        _check("direction", table, "direction in ('same', 'higher', 'lower')"),
        _check("done_with_a_tier", table, "(state = 'done') = (chosen_tier is not null)"),
        _of_program(table),
        _within("client_id", "client", table),
        _within("incident_id", "incident", table),
        _within("screener_id", "screener_text", table),
        _within("begun_by", "staff_member", table),
        _within("saved_by", "staff_member", table),
        _within("done_by", "staff_member", table),
        _key(table),
    )
    op.create_index(
        "uq_risk_assessment_asking",
        table,
        ["program_id", "incident_id"],
        unique=True,
        postgresql_where=sa.text("state = 'asking'"),
    )
    op.create_index("ix_risk_assessment_client_id", table, ["program_id", "client_id", "begun_at"])
    op.create_index("ix_risk_assessment_incident_id", table, ["program_id", "incident_id"])


def _marks() -> None:
    table = "care_mark"
    op.create_table(
        table,
        *_ids("incident_id"),
        _text("item"),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        _time("at"),
        _within("incident_id", "incident", table),
        _within("by_staff_id", "staff_member", table),
        _key(table),
        sa.UniqueConstraint(
            "program_id", "incident_id", "item", name=op.f("uq_care_mark_program_id_incident_id_item")
        ),
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
