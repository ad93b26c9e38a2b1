"""Called by alembic; helder/migrate.py hands over the connection and the tables."""

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext

from helder.database import Bytes
from helder.migrate import is_ours


def leave_out_nothing(
    _context: MigrationContext, _revision: object, directives: list[MigrationScript]
) -> None:
    """Write no migration that would do nothing."""
    if directives and directives[0].upgrade_ops and directives[0].upgrade_ops.is_empty():
        directives.clear()


def as_plain(kind: str, thing: object, _context: object) -> str | bool:
    """Write our type of bytes as SQLAlchemy's: a migration does not change with the code."""
    if kind == "type" and isinstance(thing, Bytes):
        return f"sa.LargeBinary({thing.length or ''})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=context.config.attributes["metadata"],
    compare_type=True,
    include_name=is_ours,
    render_as_batch=True,
    render_item=as_plain,
    process_revision_directives=leave_out_nothing,
)
context.run_migrations()
