"""Grounding offered to clients, what stands of it on their own page, and agreements with a clock (E1 to E5, E8, E9, B4)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | Sequence[str] | None = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")
TABLES = ("intervention", "page_card", "agreement")


def upgrade() -> None:
    _intervention()
    _page_card()
    _agreement()
    # As in 0001: the web role sees its program, the engine's role reads across.
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    for table in TABLES:
        for role in ROLES:
            op.execute(f"grant select, insert, update, delete on {table} to {role}")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"create policy web on {table} to handrail_web using ({own}) with check ({own})")
        op.execute(f"create policy engine on {table} to handrail_engine using (true) with check (true)")


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _id(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Uuid(), nullable=nullable, comment=comment)


def _time(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def _within(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_program_id_{column}")
    return sa.ForeignKeyConstraint(["program_id", column], [f"{of}.program_id", f"{of}.id"], name=name)


def _ground(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    return (
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f(f"fk_{table}_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f(f"pk_{table}")),
    )


def _intervention() -> None:
    op.create_table(
        "intervention",
        *(_id(name) for name in ("program_id", "id", "group_session_id")),
        _id("client_id", nullable=True, comment="none: the whole group"),
        _id("incident_id", nullable=True, comment="what was open about the client then"),
        sa.Column("kind", sa.Text(), nullable=False),
        _time("offered_at"),
        _id("offered_by"),
        _time("started_at", nullable=True),
        _time("ended_at", nullable=True),
        _id("ended_by", nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("before", sa.Integer(), nullable=True, comment="distress 0 to 10 as the client said it"),
        sa.Column("after", sa.Integer(), nullable=True),
        sa.Column(
            "words",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; what the client said, or the step they picked",
        ),
        sa.CheckConstraint(
            "kind in ('box', 'exhale', 'senses', 'body', 'pets', 'step')", name=op.f("ck_intervention_kind")
        ),
        sa.CheckConstraint(
            "result in ('done', 'stopped', 'declined', 'changed')", name=op.f("ck_intervention_result")
        ),
        sa.CheckConstraint(
            "(ended_at is null) = (result is null)", name=op.f("ck_intervention_ended_with_result")
        ),
        sa.CheckConstraint(
            "before between 0 and 10 and after between 0 and 10", name=op.f("ck_intervention_distress")
        ),
        _within("intervention", "group_session_id", "group_session"),
        _within("intervention", "client_id", "client"),
        _within("intervention", "incident_id", "incident"),
        _within("intervention", "offered_by", "staff_member"),
        _within("intervention", "ended_by", "staff_member"),
        *_ground("intervention"),
    )
    op.create_index(
        "uq_intervention_standing",
        "intervention",
        ["program_id", "group_session_id", "client_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_intervention_client", "intervention", ["program_id", "client_id", "offered_at"])


def _page_card() -> None:
    op.create_table(
        "page_card",
        *(_id(name) for name in ("program_id", "id", "group_session_id", "client_id", "intervention_id")),
        sa.Column("kind", sa.Text(), nullable=False),
        _time("shown_at"),
        _time("closed_at", nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind in ('box', 'exhale', 'senses', 'body', 'pets')", name=op.f("ck_page_card_kind")
        ),
        sa.CheckConstraint("closed_by in ('client', 'staff')", name=op.f("ck_page_card_closed_by")),
        sa.CheckConstraint(
            "(closed_at is null) = (closed_by is null)", name=op.f("ck_page_card_closed_by_somebody")
        ),
        _within("page_card", "group_session_id", "group_session"),
        _within("page_card", "client_id", "client"),
        _within("page_card", "intervention_id", "intervention"),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_page_card")),
    )
    op.create_index(
        "uq_page_card_standing",
        "page_card",
        ["program_id", "group_session_id", "client_id"],
        unique=True,
        postgresql_where=sa.text("closed_at is null"),
    )


def _agreement() -> None:
    op.create_table(
        "agreement",
        *(_id(name) for name in ("program_id", "id", "incident_id", "client_id", "group_session_id")),
        sa.Column(
            "body", sa.LargeBinary(), nullable=False, comment="sealed; the steps and who holds what, as JSON"
        ),
        _time("made_at"),
        _id("made_by"),
        _id("owner_id", comment="who looks at it again with the client"),
        _id("witness_id", nullable=True),
        _time("until"),
        _time("next_at", nullable=True),
        _time("asked_at", nullable=True, comment="the re-check was asked of its owner"),
        _time("lapsed_at", nullable=True, comment="no re-check came in time"),
        sa.Column(
            "pages", sa.Integer(), nullable=False, comment="how often supervisor and backup were paged"
        ),
        _time("check_wanted_at", nullable=True),
        _time("check_done_at", nullable=True),
        _id("check_done_by", nullable=True),
        _time("ended_at", nullable=True),
        _id("ended_by", nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True, comment="sealed; what was said at the re-check"),
        _id("replaces_id", nullable=True),
        sa.CheckConstraint(
            "outcome in ('kept', 'partly', 'not_kept', 'changed', 'replaced')",
            name=op.f("ck_agreement_outcome"),
        ),
        sa.CheckConstraint(
            "(ended_at is null) = (outcome is null)", name=op.f("ck_agreement_ended_with_outcome")
        ),
        sa.CheckConstraint("until > made_at", name=op.f("ck_agreement_in_order")),
        _within("agreement", "incident_id", "incident"),
        _within("agreement", "client_id", "client"),
        _within("agreement", "group_session_id", "group_session"),
        *(
            _within("agreement", column, "staff_member")
            for column in ("made_by", "owner_id", "witness_id", "ended_by", "check_done_by")
        ),
        _within("agreement", "replaces_id", "agreement"),
        *_ground("agreement"),
    )
    op.create_index(
        "uq_agreement_standing",
        "agreement",
        ["program_id", "incident_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_agreement_incident", "agreement", ["program_id", "incident_id", "made_at"])
    op.create_index(
        "ix_agreement_next_at", "agreement", ["next_at"], postgresql_where=sa.text("next_at is not null")
    )
