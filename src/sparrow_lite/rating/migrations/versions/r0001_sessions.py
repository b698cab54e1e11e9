"""Sessions, items, raters, assignments, ratings, drafts and the audit."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    _make_sessions()
    _make_assignments()
    _make_ratings()
    op.create_table(
        "audit",
        sa.Column("ordinal", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("ordinal", name="pk_audit"),
    )
    op.create_index("ix_audit_session", "audit", ["session"])


def _make_sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("protocol", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("overlap", sa.Integer(), nullable=False),
        sa.Column("checks", sa.Double(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("pass_mark", sa.Double(), nullable=False),
        sa.Column("offensive", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.String(), nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
    )
    op.create_table(
        "items",
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("gold", sa.Text(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_items_session"),
        sa.PrimaryKeyConstraint("session", "id", name="pk_items"),
        sa.UniqueConstraint("session", "ordinal", name="uq_items_session_ordinal"),
    )


def _make_assignments() -> None:
    op.create_table(
        "raters",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["session"], ["sessions.id"], name="fk_raters_session"),
        sa.PrimaryKeyConstraint("id", name="pk_raters"),
        sa.UniqueConstraint("session", "ordinal", name="uq_raters_session_ordinal"),
        sa.UniqueConstraint("session", "id", name="uq_raters_session_id"),
    )
    op.create_index("ix_raters_account", "raters", ["account"])
    op.create_table(
        "assignments",
        sa.Column("rater", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["session", "rater"], ["raters.session", "raters.id"], name="fk_assignments_session_rater"
        ),
        sa.ForeignKeyConstraint(
            ["session", "item"], ["items.session", "items.id"], name="fk_assignments_session_item"
        ),
        sa.PrimaryKeyConstraint("rater", "place", name="pk_assignments"),
        sa.UniqueConstraint("rater", "item", name="uq_assignments_rater_item"),
    )
    op.create_index("ix_assignments_session", "assignments", ["session"])


def _make_ratings() -> None:
    op.create_table(
        "ratings",
        sa.Column("ordinal", sa.Integer(), nullable=False, autoincrement=True),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("session", sa.String(), nullable=False),
        sa.Column("seat", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rater", sa.String(), nullable=False),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("adjudicates", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["replaces"], ["ratings.id"], name="fk_ratings_replaces"),
        sa.ForeignKeyConstraint(
            ["session", "item"], ["items.session", "items.id"], name="fk_ratings_session_item"
        ),
        sa.PrimaryKeyConstraint("ordinal", name="pk_ratings"),
        sa.UniqueConstraint("id", name="uq_ratings_id"),
        sa.UniqueConstraint("replaces", name="uq_ratings_replaces"),
        sa.UniqueConstraint("session", "seat", "item", "number", name="uq_ratings_session_seat_item_number"),
    )
    op.create_table(
        "drafts",
        sa.Column("rater", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rater", "item"], ["assignments.rater", "assignments.item"], name="fk_drafts_rater_item"
        ),
        sa.PrimaryKeyConstraint("rater", "item", name="pk_drafts"),
    )
