"""What a complaint has in common with others: who can be reached there, what it is about. Kept as hashes only."""

import hashlib
import re
from collections.abc import Iterator

from complaints.parties import Complaint
from records.views import searchable

_NOT_A_DIGIT, _NOT_A_SIGN = re.compile(r"[^0-9]"), re.compile(r"[\W_]")
_CHINESE = re.compile(r"^(?:00)?86(?=1[0-9]{10}$)")


def traces_of(complaint: Complaint) -> frozenset[str]:
    """The hashes by which others will find this one; none of an imported one, which is not counted."""
    return frozenset() if complaint.imported else contacts_of(complaint) | matters_of(complaint)


def contacts_of(complaint: Complaint) -> frozenset[str]:
    """The hashes by which the same customer is known again: of each address that they left, however it was written."""
    customer = complaint.customer
    return frozenset(_hashed(email=customer.email, phone=customer.phone, social=customer.social))


def matters_of(complaint: Complaint) -> frozenset[str]:
    """The hashes by which complaints of the same product or order are known."""
    return frozenset(_hashed(product=complaint.product, order=complaint.order_number))


def _hashed(**known: str | None) -> Iterator[str]:
    for kind, value in known.items():
        if normal := _normal(kind, value or ""):
            yield hashlib.sha256(f"{kind}:{normal}".encode()).hexdigest()


def _normal(kind: str, value: str) -> str:
    plain = searchable(value)
    if kind == "phone":
        # A mobile number in China is the same with its country's code and without.
        return _CHINESE.sub("", _NOT_A_DIGIT.sub("", plain))
    if kind == "order":
        return _NOT_A_SIGN.sub("", plain)
    return " ".join(plain.split())
