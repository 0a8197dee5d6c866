"""What clients tell on their own page: how to reach them today (R8, R16), and their equipment (P18, P19)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | Sequence[str] | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("reach_today", "equipment_check")
ROLES = ("handrail_web", "handrail_engine")


def _fence(table: str) -> None:
    """As in 0001: the web role sees its program, the engine's role reads across."""
    for role in ROLES:
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def _of_person(table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f(f"fk_{table}_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_session_id"],
            ["group_session.program_id", "group_session.id"],
            name=op.f(f"fk_{table}_program_id_group_session_id"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f(f"pk_{table}")),
    ]


def _ids() -> list[sa.Column[object]]:
    named = ("program_id", "id", "group_session_id", "client_id")
    return [sa.Column(name, sa.Uuid(), nullable=False) for name in named]


def upgrade() -> None:
    op.create_table(
        "reach_today",
        *_ids(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True, comment="none: no telephone with them today"),
        sa.Column("adult", sa.Text(), nullable=True, comment="R16: which adult is home or reachable today"),
        sa.Column(
            "adult_who",
            sa.LargeBinary(),
            nullable=True,
            comment="sealed; who that adult is, in the client's own word",
        ),
        sa.CheckConstraint("phone in ('same', 'other', 'none')", name=op.f("ck_reach_today_phone")),
        sa.CheckConstraint("adult in ('home', 'reachable', 'nobody')", name=op.f("ck_reach_today_adult")),
        *_of_person("reach_today"),
    )
    op.create_index(
        "ix_reach_today_person", "reach_today", ["program_id", "group_session_id", "client_id", "at"]
    )
    asked = ("headphones", "background", "private_spot", "backup_device", "no_recording")
    op.create_table(
        "equipment_check",
        *_ids(),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("charged", sa.Boolean(), nullable=True),
        sa.Column("battery", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=True) for name in asked),
        sa.CheckConstraint("battery between 0 and 100", name=op.f("ck_equipment_check_battery")),
        *_of_person("equipment_check"),
    )
    op.create_index("ix_equipment_check_person", "equipment_check", ["program_id", "client_id", "at"])
    for table in TABLES:
        _fence(table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
