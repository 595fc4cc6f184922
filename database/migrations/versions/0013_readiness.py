"""Response levels as commanded, and rosters of duty."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.create_table(
        "response_steps",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("world", sa.String(length=8), nullable=False, comment="real or demo; the two are never mixed"),
        sa.Column("plan", sa.String(length=40), nullable=False, comment="key in departments.yaml, rules.responses"),
        sa.Column("region", sa.String(length=16), nullable=False, comment="the city or a county: whose level it is"),
        sa.Column("seq", sa.Integer(), nullable=False, comment="grows by one with every row of this plan and region"),
        sa.Column(
            "act", sa.String(length=8), nullable=False, comment="start, raise, lower, end; ask: waits for a second person"
        ),
        sa.Column("level", sa.Integer(), nullable=False, comment="1 Ⅰ级 to 4 Ⅳ级 after this row, 0 ended"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it takes effect"),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="when we stored it"),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("basis_kind", sa.String(length=10), nullable=False, comment="warning, event or document"),
        sa.Column(
            "basis_ref", sa.String(length=120), nullable=False, comment="number of the warning, event or document"
        ),
        sa.Column("basis_words", sa.String(length=200), nullable=False, comment="as it was called then"),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column(
            "asked", sa.Integer(), server_default="0", nullable=False, comment="seq of the proposal this row confirms"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_steps")),
    )  # fmt: skip
    op.create_index("uq_response_steps_seq", "response_steps", ["world", "plan", "region", "seq"], unique=True)
    op.create_table(
        "duty_shifts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("ref", sa.String(length=32), nullable=False, comment="what one shift of one person is called"),
        sa.Column("world", sa.String(length=8), nullable=False, comment="real or demo; the two are never mixed"),
        sa.Column(
            "unit", sa.String(length=64), nullable=False, comment="region code of a centre, or key of a department"
        ),
        sa.Column("region", sa.String(length=16), nullable=False, comment="whose it is"),
        sa.Column("department", sa.String(length=64), nullable=True, comment="of a department's own roster"),
        sa.Column(
            "post", sa.String(length=8), nullable=False, comment="leader 带班领导, chief 值班长, officer 值班员"
        ),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "name", sa.String(length=60), nullable=False, comment="official on duty: shown to whoever sees the roster"
        ),
        sa.Column(
            "office", sa.String(length=40), server_default="", nullable=False,
            comment="line of the duty room; not personal",
        ),
        sa.Column("mobile", sa.Text(), nullable=True, comment="sealed"),
        sa.Column("origin", sa.String(length=8), nullable=False, comment="file, hand, swap or demo"),
        sa.Column(
            "said", sa.String(length=200), server_default="", nullable=False,
            comment="file and line, or why it was swapped",
        ),
        sa.Column(
            "allowed_by", sa.String(length=60), server_default="", nullable=False, comment="who allowed a swap"
        ),
        sa.Column("known_at", sa.BigInteger(), nullable=False, comment="when we learned it"),
        sa.Column("entered_by", sa.String(length=120), nullable=False, comment="account"),
        sa.Column("gone_at", sa.BigInteger(), nullable=True, comment="when another row took its place"),
        sa.Column("gone_by", sa.String(length=120), nullable=True, comment="account"),
        sa.Column("gone_why", sa.String(length=200), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_shifts")),
    )  # fmt: skip
    op.create_index("uq_duty_shifts_ref", "duty_shifts", ["ref"], unique=True)
    op.create_index("ix_duty_shifts_time", "duty_shifts", ["world", "ends_at", "begins_at"], unique=False)
    op.create_index("ix_duty_shifts_unit", "duty_shifts", ["world", "unit", "begins_at"], unique=False)
    op.create_table(
        "duty_files",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False, comment="the one the file was sent for"),
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False, comment="of the file"),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="sha256 of its content; the content is not kept"
        ),
        sa.Column("rows", sa.Integer(), nullable=False, comment="rows below the heading"),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column(
            "held", sa.JSON(), nullable=False, comment="[line, reason] of rows not taken; without what they said"
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=120), nullable=False, comment="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_files")),
    )  # fmt: skip
    op.create_index("ix_duty_files_at", "duty_files", ["world", "at"], unique=False)
    op.create_table(
        "duty_notices",
        sa.Column("world", sa.String(length=8), nullable=False),
        sa.Column("unit", sa.String(length=64), nullable=False),
        sa.Column("post", sa.String(length=8), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False, comment="of the time without anybody"),
        sa.Column("region", sa.String(length=16), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False, comment="once for each gap"),
        sa.PrimaryKeyConstraint("world", "unit", "post", "begins_at", name=op.f("pk_duty_notices")),
        sqlite_with_rowid=False,
    )  # fmt: skip
