"""What can go wrong with the records. None of these texts carries what a customer or a colleague wrote."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class RecordsError(Exception):
    """Something about the records; `zh` and `en` say what, for people."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh = zh
        self.en = en
        super().__init__(f"{zh} / {en}")


class RecordsUnavailable(RecordsError):
    """The database is locked, away, full or not migrated: nothing changed; try again later."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"暂时无法使用记录库({reason})。", f"The records are unavailable for now ({reason}).")


class UnusableDatabase(RecordsError):
    """The database that was named cannot hold the records, however often it is tried."""


class JournalConflict(RecordsError):
    """Another entry is stored under this sequence, and the journal is append-only: nothing was changed."""

    def __init__(self, reference: str, sequence: int) -> None:
        self.reference = reference
        self.sequence = sequence
        super().__init__(
            f"投诉 {reference} 的第 {sequence} 条流水与已保存的内容不一致。",
            f"Entry {sequence} of {reference} differs from the one that is stored.",
        )


class JournalGap(RecordsError):
    """Entries before these are missing; the same call succeeds once they are stored. Nothing was changed."""

    def __init__(self, reference: str, sequence: int, version: int) -> None:
        self.reference = reference
        self.sequence = sequence
        self.version = version
        super().__init__(
            f"投诉 {reference} 的第 {sequence} 条流水不能接在第 {version} 条之后。",
            f"Entry {sequence} of {reference} does not follow on the stored version {version}.",
        )


class PolicyConflict(RecordsError):
    """Another content is published under this name and version: nothing was changed."""

    def __init__(self, name: str, version: str) -> None:
        self.name = name
        self.version = version
        super().__init__(
            f"时限规则 {name} 的版本 {version} 已经发布过，而内容不同；已发布的版本不会改变，"
            "请改用新的版本号（version）。",
            f"Version {version} of the policy {name} was published with other content. What is published stays as it "
            "is: give it a new version.",
        )


class BadCursor(RecordsError):
    """A cursor that this listing did not give out."""

    def __init__(self) -> None:
        super().__init__(
            "翻页游标无效,请从第一页重新开始。", "The cursor is not valid; start again from the first page."
        )


@contextmanager
def unavailable_on_failure() -> Iterator[None]:
    """Turn every failure of the database itself into RecordsUnavailable; only a violated constraint passes.

    The driver's own text goes no further: it may quote what was being stored.
    """
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as failure:
        raise RecordsUnavailable(type(failure.orig).__name__) from failure
    except PoolTimeout as failure:
        raise RecordsUnavailable("PoolTimeout") from failure
