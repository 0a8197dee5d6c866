"""Emergencies: declared, read aloud, dialled by hand on one line after the other, stood down by two; duty to protect; a death.

Revision ID: 0027
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | Sequence[str] | None = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")
WHEN = sa.DateTime(timezone=True)


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


def _keys(of: str) -> tuple[sa.Column[object], sa.Column[object], sa.PrimaryKeyConstraint]:
    return (
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f(f"pk_{of}")),
    )


def _once(of: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{of}_{'_'.join(columns)}"))


def _check(of: str, name: str, what: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(what, name=op.f(f"ck_{of}_{name}"))


def upgrade() -> None:
    # Readers of these tables are boards with somebody lost on them: rather fail and be tried again than hold them up.
    op.execute("set local lock_timeout = '3s'")
    _emergency()
    _mark()
    _stand_down()
    _duty()
    _death()
    for table in ("emergency", "emergency_mark", "stand_down", "duty_to_protect", "death"):
        _fence(table)
    _dispatch()
    op.add_column(
        "client",
        sa.Column(
            "legal_hold_since",
            WHEN,
            nullable=True,
            comment="nothing of theirs is purged from here on, whatever its retention says",
        ),
    )


def _emergency() -> None:
    of = "emergency"
    op.create_table(
        of,
        *_keys(of),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("declared_by", sa.Uuid(), nullable=True),
        sa.Column("declared_at", WHEN, nullable=True),
        sa.Column(
            "grounds",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="which of the triggers of an emergency (D2)",
        ),
        sa.Column(
            "urgency",
            sa.Text(),
            nullable=True,
            comment="what is read out; null: as the grounds and the tier say",
        ),
        sa.Column(
            "asks",
            sa.ARRAY(sa.Text()),
            nullable=True,
            comment="whom the caller asks for; null: as the urgency says",
        ),
        sa.Column("weapons", sa.Text(), nullable=True, comment="null: as the record says"),
        sa.Column(
            "happened", sa.LargeBinary(), nullable=True, comment="sealed; what happened, in a few words"
        ),
        sa.Column(
            "means", sa.LargeBinary(), nullable=True, comment="sealed; what is within reach, in a few words"
        ),
        sa.Column("others", sa.LargeBinary(), nullable=True, comment="sealed; who else is there"),
        sa.Column(
            "medical",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; what, how much, when, breathing, awake, as JSON",
        ),
        _check(of, "urgency", "urgency in ('life', 'medical', 'others', 'check')"),
        _check(of, "weapons", "weapons in ('yes', 'no', 'unknown')"),
        _check(of, "declared", "(declared_by is null) = (declared_at is null)"),
        _within("incident_id", "incident", of),
        _within("declared_by", "staff_member", of),
        _once(of, "program_id", "incident_id"),
    )


def _mark() -> None:
    of = "emergency_mark"
    op.create_table(
        of,
        *_keys(of),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False, comment="read.place, home.door ...: never words"),
        sa.Column(
            "state",
            sa.Text(),
            nullable=False,
            comment="done, refused, not_needed; empty when it was taken back",
        ),
        sa.Column("words", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.Column("by_staff_id", sa.Uuid(), nullable=False),
        sa.Column("at", WHEN, nullable=False),
        _within("incident_id", "incident", of),
        _within("by_staff_id", "staff_member", of),
        _once(of, "program_id", "incident_id", "key"),
    )


def _stand_down() -> None:
    of = "stand_down"
    op.create_table(
        of,
        *_keys(of),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_at", WHEN, nullable=False),
        sa.Column("agreed_by", sa.Uuid(), nullable=True),
        sa.Column("agreed_at", WHEN, nullable=True),
        sa.Column("told_by", sa.Uuid(), nullable=True, comment="who told the dispatcher"),
        sa.Column("told_at", WHEN, nullable=True),
        sa.Column("withdrawn_by", sa.Uuid(), nullable=True),
        sa.Column("withdrawn_at", WHEN, nullable=True),
        _check(of, "two_people", "agreed_by is distinct from proposed_by"),
        _check(of, "agreed", "(agreed_by is null) = (agreed_at is null)"),
        _check(of, "told_after_agreed", "told_at is null or agreed_at is not null"),
        _within("incident_id", "incident", of),
        *(
            _within(who, "staff_member", of)
            for who in ("proposed_by", "agreed_by", "told_by", "withdrawn_by")
        ),
    )
    op.create_index(
        "uq_stand_down_standing",
        of,
        ["program_id", "incident_id"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at is null"),
    )


def _duty() -> None:
    of = "duty_to_protect"
    op.create_table(
        of,
        *_keys(of),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("begun_by", sa.Uuid(), nullable=False),
        sa.Column("begun_at", WHEN, nullable=False),
        sa.Column("joined_by", sa.Uuid(), nullable=True, comment="the supervisor who joined"),
        sa.Column("joined_at", WHEN, nullable=True),
        sa.Column(
            "facts",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; who, what, means, when, history, as JSON",
        ),
        sa.Column(
            "choices",
            sa.ARRAY(sa.Text()),
            nullable=False,
            comment="police, target, hospital, other, nobody",
        ),
        sa.Column(
            "decision",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; reasoning, consultation, options rejected and why, as JSON",
        ),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("decided_at", WHEN, nullable=True),
        _check(of, "joined", "(joined_by is null) = (joined_at is null)"),
        _check(of, "decided", "(decided_by is null) = (decided_at is null)"),
        _within("incident_id", "incident", of),
        *(_within(who, "staff_member", of) for who in ("begun_by", "joined_by", "decided_by")),
        _once(of, "program_id", "incident_id"),
    )


def _death() -> None:
    of = "death"
    op.create_table(
        of,
        *_keys(of),
        sa.Column("client_id", sa.Uuid(), nullable=False),
        sa.Column("died_on", sa.Date(), nullable=True, comment="when known"),
        sa.Column("learned_how", sa.LargeBinary(), nullable=False, comment="sealed; from whom, and when"),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("recorded_at", WHEN, nullable=False),
        sa.Column("taken_back_by", sa.Uuid(), nullable=True, comment="it was recorded in error"),
        sa.Column("taken_back_at", WHEN, nullable=True),
        sa.Column("taken_back_why", sa.LargeBinary(), nullable=True, comment="sealed"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_death_program_id")),
        _within("client_id", "client", of),
        *(_within(who, "staff_member", of) for who in ("recorded_by", "taken_back_by")),
    )
    op.create_index(
        "uq_death_standing",
        of,
        ["program_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("taken_back_at is null"),
    )


def _dispatch() -> None:
    op.add_column(
        "dispatch",
        sa.Column(
            "line_id", sa.Uuid(), nullable=True, comment="of the directory; null: a number found otherwise"
        ),
    )
    op.alter_column("dispatch", "at", comment="when they dialled, or wrote it down afterwards")
    op.add_column("dispatch", sa.Column("answered_at", WHEN, nullable=True))
    op.add_column(
        "dispatch",
        sa.Column("held_since", WHEN, nullable=True, comment="on hold since; null when somebody speaks"),
    )
    op.add_column("dispatch", sa.Column("ended_at", WHEN, nullable=True))
    op.add_column(
        "dispatch",
        sa.Column(
            "eta_minutes", sa.Integer(), nullable=True, comment="as the dispatcher said, from ended_at on"
        ),
    )
    op.add_column(
        "dispatch",
        sa.Column(
            "reference", sa.LargeBinary(), nullable=True, comment="sealed; the dispatcher's number for it"
        ),
    )
    op.create_foreign_key(
        op.f("fk_dispatch_program_id_line_id"),
        "dispatch",
        "dispatch_line",
        ["program_id", "line_id"],
        ["program_id", "id"],
    )
    op.create_index("ix_dispatch_incident", "dispatch", ["program_id", "incident_id", "at"])


def downgrade() -> None:
    op.drop_column("client", "legal_hold_since")
    op.drop_index("ix_dispatch_incident", table_name="dispatch")
    op.drop_constraint(op.f("fk_dispatch_program_id_line_id"), "dispatch", type_="foreignkey")
    for column in ("reference", "eta_minutes", "ended_at", "held_since", "answered_at", "line_id"):
        op.drop_column("dispatch", column)
    op.alter_column("dispatch", "at", comment=None)
    for table in ("death", "duty_to_protect", "stand_down", "emergency_mark", "emergency"):
        op.drop_table(table)
