"""What Alembic runs: the steps that the open connection lacks, in that connection's transaction."""

from alembic import context

from sparrow_lite.rating.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
