"""Code words: sealed, one of each kind in force per client or group, and who knows them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("code_word", "code_word_known")
ROLES = ("handrail_web", "handrail_engine")


def _grant_and_fence(table: str) -> None:
    """The web role sees the program it named for this transaction; the engine's role reads across programs."""
    for role in ROLES:
        op.execute(f'grant select, insert, update, delete on "{table}" to {role}')
    op.execute(f'alter table "{table}" enable row level security')
    own = "program_id = (select nullif(current_setting('handrail.program', true), '')::uuid)"
    op.execute(f'create policy web on "{table}" to handrail_web using ({own}) with check ({own})')
    op.execute(f'create policy engine on "{table}" to handrail_engine using (true) with check (true)')


def upgrade() -> None:
    op.create_table(
        "code_word",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("client_id", sa.Uuid(), nullable=True),
        sa.Column("group_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form", sa.Text(), nullable=False),
        sa.Column("phrase", sa.LargeBinary(), nullable=True, comment="sealed; gone when the word has ended"),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "exposed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="somebody else heard, saw or learnt it",
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('danger', 'pause', 'all_clear')", name=op.f("ck_code_word_kind")),
        sa.CheckConstraint("form in ('words', 'hand_sign')", name=op.f("ck_code_word_form")),
        sa.CheckConstraint("ended_why in ('replaced', 'withdrawn')", name=op.f("ck_code_word_ended_why")),
        sa.CheckConstraint("num_nonnulls(client_id, group_id) = 1", name=op.f("ck_code_word_one_owner")),
        sa.CheckConstraint("group_id is null or kind = 'pause'", name=op.f("ck_code_word_group_pause")),
        sa.CheckConstraint("(ended_at is null) = (phrase is not null)", name=op.f("ck_code_word_forgotten")),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_code_word_program_id")),
        sa.ForeignKeyConstraint(
            ["program_id", "client_id"],
            ["client.program_id", "client.id"],
            name=op.f("fk_code_word_program_id_client_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "group_id"],
            ["group.program_id", "group.id"],
            name=op.f("fk_code_word_program_id_group_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "set_by"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_code_word_program_id_set_by"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_code_word")),
    )
    op.create_index(
        "uq_code_word_client",
        "code_word",
        ["program_id", "client_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at is null and client_id is not null"),
    )
    op.create_index(
        "uq_code_word_group",
        "code_word",
        ["program_id", "group_id", "kind"],
        unique=True,
        postgresql_where=sa.text("ended_at is null and group_id is not null"),
    )
    op.create_table(
        "code_word_known",
        sa.Column("program_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("word_id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("release_id", sa.Uuid(), nullable=True),
        sa.Column("told_by", sa.Uuid(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rehearsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(staff_id, contact_id) = 1", name=op.f("ck_code_word_known_one_person")
        ),
        sa.CheckConstraint(
            "(contact_id is null) = (release_id is null)", name=op.f("ck_code_word_known_under_a_release")
        ),
        sa.ForeignKeyConstraint(["program_id"], ["program.id"], name=op.f("fk_code_word_known_program_id")),
        sa.ForeignKeyConstraint(
            ["program_id", "word_id"],
            ["code_word.program_id", "code_word.id"],
            name=op.f("fk_code_word_known_program_id_word_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "staff_id"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_code_word_known_program_id_staff_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "contact_id"],
            ["emergency_contact.program_id", "emergency_contact.id"],
            name=op.f("fk_code_word_known_program_id_contact_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "release_id"],
            ["release.program_id", "release.id"],
            name=op.f("fk_code_word_known_program_id_release_id"),
        ),
        sa.ForeignKeyConstraint(
            ["program_id", "told_by"],
            ["staff_member.program_id", "staff_member.id"],
            name=op.f("fk_code_word_known_program_id_told_by"),
        ),
        sa.PrimaryKeyConstraint("program_id", "id", name=op.f("pk_code_word_known")),
        sa.UniqueConstraint(
            "program_id", "word_id", "staff_id", name=op.f("uq_code_word_known_program_id_word_id_staff_id")
        ),
        sa.UniqueConstraint(
            "program_id",
            "word_id",
            "contact_id",
            name=op.f("uq_code_word_known_program_id_word_id_contact_id"),
        ),
    )
    for table in TABLES:
        _grant_and_fence(table)


def downgrade() -> None:
    op.drop_table("code_word_known")
    op.drop_index(
        "uq_code_word_group",
        table_name="code_word",
        postgresql_where=sa.text("ended_at is null and group_id is not null"),
    )
    op.drop_index(
        "uq_code_word_client",
        table_name="code_word",
        postgresql_where=sa.text("ended_at is null and client_id is not null"),
    )
    op.drop_table("code_word")
