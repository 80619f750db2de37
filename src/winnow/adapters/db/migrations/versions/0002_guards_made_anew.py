"""Guards made anew: no table changes, and the triggers are made whenever an edition is new (see `guards`)."""

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change no table."""


def downgrade() -> None:
    """Change no table."""
