"""Run by Alembic: migrations go through the connection, and the transaction, that the caller opened."""

from alembic import context
from sqlmodel import SQLModel

import records.tables  # noqa: F401 - fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    # SQLite cannot alter most things in place; a batch makes the table anew.
    render_as_batch=True,
)
context.run_migrations()
