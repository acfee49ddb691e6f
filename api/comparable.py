"""The form in which what people wrote is compared with the words of the policy's rules.

Chinese has regional spellings and regional words: 着火 is 著火 in Taiwan, 信息 is 資訊. A text is written as in Taiwan
first and as on the mainland then, so that whatever it was written in, one form is left of it.
"""

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from api.asking import beginning_of
from complaints.parties import Complaint
from complaints.triage import WITHOUT_SPACES, TriageRules

_CHINESE = f"[{''.join(f'{first}-{last}' for first, last in WITHOUT_SPACES)}]"
_BESIDE_CHINESE = re.compile(f" (?={_CHINESE})|(?<={_CHINESE}) ")
_PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010-\u2015](?=[^\W\d_])")
# What is there and not to be seen; Unicode calls it default ignorable.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_APOSTROPHES = str.maketrans("\u2018\u2019\u02bc", "'''")
# What the dictionaries leave: 著 is a word of its own on the mainland, too; the others are Hong Kong's.
_THE_SAME = str.maketrans("著衞敍", "着卫叙")


def comparable(text: str) -> str:
    """A text without difference of capitals, width, white space, hyphens, or Chinese spelling and regional words.

    Between Chinese characters white space says nothing, but for an empty line, which stays a line break.
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).translate(_APOSTROPHES)
    paragraphs = (" ".join(each.split()) for each in _PARAGRAPHS.split(_HYPHEN.sub(" ", plain)))
    joined = "\n".join(_BESIDE_CHINESE.sub("", each) for each in paragraphs)
    to_taiwan, to_mainland = _dictionaries()
    mainland = to_mainland.convert(to_taiwan.convert(joined)).translate(_THE_SAME)
    return unicodedata.normalize("NFKC", mainland.casefold())


def text_of(complaint: Complaint) -> str:
    """What a complaint says, to be compared with the words of rules.

    A subject that we made of the text says nothing besides, and may end in the middle of a word.
    """
    if complaint.subject == beginning_of(complaint.detail):
        return comparable(complaint.detail)
    return f"{comparable(complaint.subject)}\n{comparable(complaint.detail)}"


@lru_cache(maxsize=16)
def comparable_rules(rules: TriageRules) -> TriageRules:
    """The rules with their words in the form in which texts are compared."""
    return rules.folded(comparable)


@lru_cache(maxsize=1)
def _dictionaries() -> tuple[OpenCC, OpenCC]:
    return OpenCC("s2twp"), OpenCC("tw2sp")
