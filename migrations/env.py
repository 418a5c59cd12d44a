"""Runs the migrations on the connection handed in by integrity.schema.upgrade.

Imports nothing from the application.
"""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
