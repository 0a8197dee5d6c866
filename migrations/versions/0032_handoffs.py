"""Handovers to whoever goes on with somebody's care: drafted, given, read back (I9, I10).

Revision ID: 0032
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0032"
down_revision: str | Sequence[str] | None = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")


def upgrade() -> None:
    def within(column: str, of: str) -> sa.ForeignKeyConstraint:
        name = op.f(f"fk_handoff_program_id_{column}")
        return sa.ForeignKeyConstraint(["program_id", column], [f"{of}.program_id", f"{of}.id"], name=name)

    def id_(name: str, *, nullable: bool = False) -> sa.Column:
        return sa.Column(name, sa.Uuid(), nullable=nullable)

    def time(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column:
        return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)

    op.create_table(
        "handoff",
        *(id_(name) for name in ("program_id", "id", "incident_id", "client_id", "group_session_id")),
        sa.Column("receiver_kind", sa.Text(), nullable=False),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=False,
            comment="sealed; receiver, four parts, what the client wants known",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts saves: two who write at once are told"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        time("made_at"),
        id_("made_by"),
        time("given_at", nullable=True),
        id_("given_by", nullable=True),
        id_("disclosure_id", nullable=True),
        time("ended_at", nullable=True, comment="read back, refused or withdrawn"),
        id_("ended_by", nullable=True),
        sa.CheckConstraint(
            "receiver_kind in ('ambulance', 'hospital', 'mobile_team', 'clinician')",
            name=op.f("ck_handoff_receiver_kind"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'given', 'read_back', 'refused', 'withdrawn')", name=op.f("ck_handoff_state")
        ),
        sa.CheckConstraint(
            "(given_at is null) = (disclosure_id is null)", name=op.f("ck_handoff_given_is_disclosed")
        ),
        sa.CheckConstraint(
            "state not in ('given', 'read_back') or given_at is not null",
            name=op.f("ck_handoff_given_before_read"),
        ),
        within("incident_id", "incident"),
        within("client_id", "client"),
        within("group_session_id", "group_session"),
        within("made_by", "staff_member"),
        within("given_by", "staff_member"),
        within("ended_by", "staff_member"),
        within("disclosure_id", "disclosure"),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_handoff_program_id")),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_handoff")),
    )
    op.create_index(
        "uq_handoff_standing",
        "handoff",
        ["program_id", "incident_id"],
        unique=True,
        postgresql_where=sa.text("state in ('draft', 'given')"),
    )
    op.create_index("ix_handoff_incident", "handoff", ["program_id", "incident_id", "made_at"])
    # As in 0001: the web role sees its program, the engine's role reads across.
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    for role in ROLES:
        op.execute(f"grant select, insert, update, delete on handoff to {role}")
    op.execute("alter table handoff enable row level security")
    op.execute(f"create policy web on handoff to handrail_web using ({own}) with check ({own})")
    op.execute("create policy engine on handoff to handrail_engine using (true) with check (true)")


def downgrade() -> None:
    op.drop_table("handoff")
