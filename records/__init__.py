"""The records: the journal of every case and the views folded from it, in SQLite or PostgreSQL.

Writers use `records.store`, readers `records.queries`; neither is imported here, so that readers never load
the writer.
"""

from records.migrating import migrate

__all__ = ["migrate"]
