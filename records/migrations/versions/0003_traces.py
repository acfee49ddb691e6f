"""What complaints have in common: hashes of contacts, products and orders; those of the known cases are added."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from pydantic import ValidationError

from complaints.parties import Complaint
from records.traces import traces_of

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_PAGE = 500


def upgrade() -> None:
    traces = op.create_table(
        "traces",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reference"], ["cases.reference"]),
        sa.PrimaryKeyConstraint("digest", "reference"),
    )
    op.create_index("ix_traces_recent", "traces", ["digest", "filed_at", "reference"])
    connection = op.get_bind()
    for rows in _of_known_cases(connection):
        if rows:
            connection.execute(sa.insert(traces), rows)


def _of_known_cases(connection: sa.Connection) -> Iterator[list[dict[str, object]]]:
    cases = sa.table(
        "cases", sa.column("reference"), sa.column("received_at", sa.DateTime(True)), sa.column("snapshot")
    )
    last = ""
    while page := connection.execute(
        sa.select(cases).where(cases.c.reference > last).order_by(cases.c.reference).limit(_PAGE)
    ).all():
        last = page[-1].reference
        yield [
            {"digest": digest, "reference": row.reference, "filed_at": row.received_at}
            for row in page
            for digest in _digests(row.snapshot)
        ]


def _digests(snapshot: str) -> frozenset[str]:
    try:
        complaint = Complaint.model_validate_json(json.dumps(json.loads(snapshot)["complaint"]))
    except (ValueError, KeyError, TypeError, ValidationError):
        # One that cannot be read is not counted; it must not keep all the others from being used.
        return frozenset()
    return traces_of(complaint)


def downgrade() -> None:
    op.drop_table("traces")
