"""Three lanes of an incident, private rooms, when each colleague was last heard, and who de-escalates (R5, B9, E7, N9).

Revision ID: 0024
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | Sequence[str] | None = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = ("handrail_web", "handrail_engine")
TABLES = ("lane_set", "lane", "breakout", "staff_board", "staff_connection")


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


def _id(name: str, *, nullable: bool = False, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Uuid(), nullable=nullable, comment=comment)


def _time(name: str, *, nullable: bool = True, comment: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable, comment=comment)


def upgrade() -> None:
    op.create_table(
        "lane_set",
        _id("program_id"),
        _id("incident_id"),
        _id("group_session_id"),
        _time("emergency_at", comment="declared, and not stood down"),
        _id("emergency_by", nullable=True),
        sa.Column(
            "alone",
            sa.Boolean(),
            nullable=False,
            comment="one person in the room and nobody has come yet (R5)",
        ),
        sa.Column(
            "seen",
            sa.Text(),
            nullable=True,
            comment="what the incident was like when its lanes were last settled",
        ),
        _time("settled_at", nullable=False),
        _time("due_at"),
        _time("over_at"),
        _within("incident_id", "incident", "lane_set"),
        _within("group_session_id", "group_session", "lane_set"),
        _within("emergency_by", "staff_member", "lane_set"),
        sa.PrimaryKeyConstraint("program_id", "incident_id", name=op.f("pk_lane_set")),
    )
    standing = sa.text("over_at is null")
    op.create_index(
        "ix_lane_set_standing", "lane_set", ["program_id", "incident_id"], postgresql_where=standing
    )
    op.create_index(
        "ix_lane_set_meeting", "lane_set", ["program_id", "group_session_id"], postgresql_where=standing
    )
    op.create_table(
        "lane",
        _id("program_id"),
        _id("incident_id"),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _id("owner_id", nullable=True, comment="who has it, or who paused or ended the group"),
        _time("since"),
        sa.Column("given", sa.Boolean(), nullable=False, comment="by the rules, not by a press of its owner"),
        _time("until", comment="a paused group is nobody's after this"),
        _id("offered_to", nullable=True),
        _time("offer_ends"),
        _time("needed_since"),
        sa.Column(
            "why",
            sa.Text(),
            nullable=True,
            comment="why it is nobody's: nobody, board, video, room, inside, both",
        ),
        _time("unowned_since"),
        _time("alarm_at"),
        _time("alarmed_at"),
        _time("ring_at"),
        _time("asked_at", comment="nobody has come to call: the co-facilitator is asked to (R5)"),
        sa.CheckConstraint("lane in ('eyes', 'group', 'caller')", name=op.f("ck_lane_lane")),
        sa.CheckConstraint("state in ('nobody', 'person', 'paused', 'ended')", name=op.f("ck_lane_state")),
        sa.CheckConstraint("(state = 'nobody') = (owner_id is null)", name=op.f("ck_lane_somebody")),
        sa.CheckConstraint(
            "state not in ('paused', 'ended') or lane = 'group'", name=op.f("ck_lane_only_a_group_pauses")
        ),
        sa.CheckConstraint("(offered_to is null) = (offer_ends is null)", name=op.f("ck_lane_offer_ends")),
        _within("incident_id", "incident", "lane"),
        _within("owner_id", "staff_member", "lane"),
        _within("offered_to", "staff_member", "lane"),
        sa.PrimaryKeyConstraint("program_id", "incident_id", "lane", name=op.f("pk_lane")),
    )
    op.create_table(
        "breakout",
        _id("program_id"),
        _id("id"),
        _id("group_session_id"),
        _id("client_id"),
        _id("staff_id", comment="who goes with the client"),
        sa.Column(
            "room_ref",
            sa.Text(),
            nullable=True,
            comment="the second room, where the platform has one by name",
        ),
        sa.Column("stage", sa.Text(), nullable=False),
        _time("opened_at", nullable=False),
        _id("opened_by"),
        _time("joined_at"),
        _time("asked_at", comment="since when an answer is waited for"),
        _time("decide_at", comment="return, stay, leave with a plan, or escalate"),
        _time("escalated_at", comment="whoever is inside asked for help, and nobody came yet"),
        _time("due_at", nullable=False),
        _time("ended_at"),
        _id("ended_by", nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "stage in ('opening', 'inside', 'asked', 'colleague', 'supervisor')",
            name=op.f("ck_breakout_stage"),
        ),
        sa.CheckConstraint(
            "ending in ('return', 'leave_with_plan', 'lost', 'group_over')", name=op.f("ck_breakout_ending")
        ),
        sa.CheckConstraint("(ended_at is null) = (ending is null)", name=op.f("ck_breakout_ended_how")),
        _within("group_session_id", "group_session", "breakout"),
        _within("client_id", "client", "breakout"),
        _within("staff_id", "staff_member", "breakout"),
        _within("opened_by", "staff_member", "breakout"),
        _within("ended_by", "staff_member", "breakout"),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_breakout")),
    )
    open_rooms = sa.text("ended_at is null")
    op.create_index(
        "uq_breakout_standing",
        "breakout",
        ["program_id", "group_session_id", "client_id"],
        unique=True,
        postgresql_where=open_rooms,
    )
    op.create_index("ix_breakout_due", "breakout", ["due_at"], postgresql_where=open_rooms)
    op.create_table(
        "staff_board",
        _id("program_id"),
        _id("staff_id"),
        _time("heard_at", nullable=False),
        _within("staff_id", "staff_member", "staff_board"),
        sa.PrimaryKeyConstraint("program_id", "staff_id", name=op.f("pk_staff_board")),
    )
    op.create_table(
        "staff_connection",
        _id("program_id"),
        _id("group_session_id"),
        _id("staff_id"),
        sa.Column("connection", sa.Text(), nullable=False),
        sa.Column("here", sa.Boolean(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=True),
        _time("at", nullable=False, comment="when it joined or left, by the platform's clock"),
        _time("changed_at", nullable=False),
        _within("group_session_id", "group_session", "staff_connection"),
        _within("staff_id", "staff_member", "staff_connection"),
        sa.PrimaryKeyConstraint(
            "program_id", "group_session_id", "staff_id", "connection", name=op.f("pk_staff_connection")
        ),
    )
    # The engine looks at these with every change: those that somebody has are few of all that are open.
    op.create_index(
        "ix_incident_owned",
        "incident",
        ["program_id", "id"],
        postgresql_where=sa.text("state = 'open' and owner_id is not null"),
    )
    op.add_column(
        "staff_member",
        sa.Column(
            "de_escalator",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="named as somebody to go with a client who is in distress",
        ),
    )
    op.alter_column("staff_member", "de_escalator", server_default=None)
    for table in TABLES:
        _fence(table)


def downgrade() -> None:
    op.drop_column("staff_member", "de_escalator")
    op.drop_index("ix_incident_owned", "incident")
    for table in reversed(TABLES):
        op.drop_table(table)
