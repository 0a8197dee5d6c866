"""Several protocols in one incident, and incidents that a person opens (issue 4).

Revision ID: 0026
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | Sequence[str] | None = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")
OF_CONCERNS = {
    "protocol_end": "the word with which the protocol it began with ended",
    "tier_before": "the client's tier before the press that opened it, should the press be taken back",
    "triage": "crisis, or which of the four emergency triggers a person chose (D2)",
}
REFERS = {"incident_id": "incident", "protocol_version_id": "protocol_version", "started_by": "staff_member"}


def upgrade() -> None:
    op.create_table(
        "protocol_run",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("program_id", "id", "incident_id")),
        sa.Column("protocol", sa.Text(), nullable=False, comment="its id, such as safety-check"),
        sa.Column("protocol_version_id", sa.Uuid(), nullable=True),
        sa.Column("zero_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.Uuid(), nullable=True),
        sa.Column(
            "why",
            sa.Text(),
            nullable=False,
            comment="chosen, answer, tier or concern; words are in the journal",
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("end_word", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("state in ('running', 'ended')", name=op.f("ck_protocol_run_state")),
        *(
            sa.ForeignKeyConstraint(
                ["program_id", column],
                [f"{table}.program_id", f"{table}.id"],
                name=op.f(f"fk_protocol_run_program_id_{column}"),
            )
            for column, table in REFERS.items()
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_protocol_run")),
    )
    op.create_index("ix_protocol_run_incident", "protocol_run", ["program_id", "incident_id"])
    op.create_index(
        "uq_protocol_run_running",
        "protocol_run",
        ["program_id", "incident_id", "protocol"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    for role in ROLES:
        op.execute(f"grant select, insert, update, delete on protocol_run to {role}")
    op.execute("alter table protocol_run enable row level security")
    # As in 0001: the web role sees its program, the engine's role reads across.
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f"create policy web on protocol_run to handrail_web using ({own}) with check ({own})")
    op.execute("create policy engine on protocol_run to handrail_engine using (true) with check (true)")
    op.add_column(
        "escalation_step",
        sa.Column(
            "run_id", sa.Uuid(), nullable=True, comment="null: of the protocol that the incident began with"
        ),
    )
    op.add_column(
        "escalation_step",
        sa.Column(
            "visit",
            sa.Integer(),
            nullable=False,
            server_default="1",
            comment="how often the chain has come to this step",
        ),
    )
    op.alter_column("escalation_step", "visit", server_default=None)
    op.create_foreign_key(
        op.f("fk_escalation_step_program_id_run_id"),
        "escalation_step",
        "protocol_run",
        ["program_id", "run_id"],
        ["program_id", "id"],
    )
    op.alter_column(
        "incident",
        "protocol_version_id",
        nullable=True,
        comment="null: the few steps that Handrail brings itself, until a file is approved",
    )
    for name, comment in OF_CONCERNS.items():
        op.add_column("incident", sa.Column(name, sa.Text(), nullable=True, comment=comment))
    op.add_column("incident", sa.Column("triaged_by", sa.Uuid(), nullable=True))
    op.add_column("incident", sa.Column("triaged_at", sa.DateTime(timezone=True), nullable=True))
    op.create_check_constraint(
        op.f("ck_incident_triage"),
        "incident",
        "triage in ('crisis', 'harm', 'medical', 'intoxication', 'psychosis')",
    )
    op.create_foreign_key(
        op.f("fk_incident_program_id_triaged_by"),
        "incident",
        "staff_member",
        ["program_id", "triaged_by"],
        ["program_id", "id"],
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_incident_triage"), "incident")
    for name in (*OF_CONCERNS, "triaged_by", "triaged_at"):
        op.drop_column("incident", name)
    # Nothing of a run may come due as if it were the incident's own, and every incident had a version.
    op.execute(
        "update escalation_step set status = 'cancelled', outcome = 'ended' "
        "where run_id is not null and status in ('pending', 'dialing')"
    )
    op.execute(
        "update incident i set protocol_version_id = (select v.id from protocol_version v "
        "where v.program_id = i.program_id order by v.made_at, v.id limit 1) where protocol_version_id is null"
    )
    op.alter_column("incident", "protocol_version_id", nullable=False, comment=None)
    op.drop_column("escalation_step", "visit")
    op.drop_column("escalation_step", "run_id")
    op.drop_table("protocol_run")
