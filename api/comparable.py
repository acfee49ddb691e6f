"""The form in which what people wrote is compared with the words of the policy's rules."""

import unicodedata
from functools import lru_cache

from opencc import OpenCC

from complaints.parties import Complaint
from complaints.triage import TriageRules

_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")


def comparable(text: str) -> str:
    """A text without difference of capitals, width, line breaks, or Traditional and Simplified writing."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES)
    folded = unicodedata.normalize("NFKC", _to_simplified().convert(plain).casefold())
    return " ".join(folded.split())


def text_of(complaint: Complaint) -> str:
    """What a complaint says, to be compared with the words of rules."""
    return comparable(f"{complaint.subject}\n{complaint.detail}")


@lru_cache(maxsize=16)
def comparable_rules(rules: TriageRules) -> TriageRules:
    """The rules with their words in the form in which texts are compared."""
    return rules.folded(comparable)


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")
