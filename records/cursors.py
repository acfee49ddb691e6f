"""Cursors: where a page of a listing ended, so that the next begins there whatever has been added since."""

import base64
import binascii
from datetime import datetime
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, and_, or_
from sqlmodel import col

from complaints.base import Instant
from records.errors import BadCursor

Listing = Literal["cases", "tasks", "escalations"]
_POSITION: TypeAdapter[tuple[Listing, Instant, str]] = TypeAdapter(tuple[Listing, Instant, str])
LONGEST = 400


def cursor_after(listing: Listing, at: datetime, id: str) -> str:
    """The cursor of what follows on the row with this instant and id, newest first."""
    position = _POSITION.dump_json((listing, at, id))
    return base64.urlsafe_b64encode(position).decode().rstrip("=")


def follows(listing: Listing, cursor: str, at: Any, key: Any) -> ColumnElement[bool]:
    """The condition that a row comes after the cursor. Raises BadCursor for one not of this listing."""
    if len(cursor) > LONGEST:
        raise BadCursor
    try:
        position = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        of, last_at, last_id = _POSITION.validate_json(position)
    except (binascii.Error, ValidationError, ValueError):
        raise BadCursor from None
    if of != listing or "\0" in last_id:
        raise BadCursor
    return or_(col(at) < last_at, and_(col(at) == last_at, col(key) < last_id))
