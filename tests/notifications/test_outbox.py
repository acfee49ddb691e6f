import asyncio
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from complaints.portal import PortalLinks
from complaints.vocabulary import Channel, MessageKind
from notifications.errors import DeliveryError
from notifications.letters import Letter
from notifications.outbox import Outbox
from notifications.rendering import Renderer
from tests.notifications.samples import REFERENCE, message, route

RENDERER = Renderer(PortalLinks("https://complaints.example.com", b"0123456789abcdef"))


def letter(id: str = "progress-1", reference: str = REFERENCE) -> Letter:
    return replace(RENDERER.render(message(id=id)), key=f"{reference}/{id}", reference=reference)


async def filled(folder: Path, *ids: str) -> Outbox:
    outbox = Outbox(folder)
    for each in ids:
        await outbox.send(letter(each), route())
    return outbox


async def test_a_letter_is_one_readable_file_with_everything_in_it(tmp_path):
    await filled(tmp_path, "progress-1")
    (file,) = tmp_path.iterdir()
    assert file.name == f"{REFERENCE}+progress-1.json"
    kept = json.loads(file.read_text("utf-8"))
    expected = letter()
    assert kept.pop("at").startswith("20")
    assert kept == {
        "key": f"{REFERENCE}/progress-1",
        "reference": REFERENCE,
        "kind": "progress",
        "channel": "email",
        "address": "wang.fang@example.com",
        "to_name": "王芳",
        "language": "zh",
        "subject": expected.subject,
        "text": expected.text,
        "html": expected.html,
    }
    assert "王芳" in file.read_text("utf-8")


async def test_only_the_owner_can_read_it(tmp_path):
    await filled(tmp_path / "outbox", "progress-1")
    assert stat.S_IMODE((tmp_path / "outbox").stat().st_mode) == 0o700
    (file,) = (tmp_path / "outbox").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_the_first_letter_under_a_key_stays(tmp_path):
    outbox = await filled(tmp_path, "progress-1")
    first = outbox.get(letter().key)
    await outbox.send(replace(letter(), subject="another"), route("+86 138 0000 0000", Channel.SMS))
    assert outbox.get(letter().key) == first
    assert len(list(tmp_path.iterdir())) == 1


async def test_many_attempts_at_once_leave_one_whole_letter_and_nothing_else(tmp_path):
    outbox = Outbox(tmp_path)
    await asyncio.gather(*(outbox.send(letter(), route()) for _ in range(20)))
    assert [file.suffix for file in tmp_path.iterdir()] == [".json"]
    assert outbox.get(letter().key)


async def test_letters_are_listed_newest_first_and_page_by_page(tmp_path):
    ids = [f"progress-{number}" for number in range(8, 15)]
    outbox = await filled(tmp_path, *ids)
    seen, after, pages = [], None, 0
    while True:
        page = outbox.list(limit=3, after=after)
        seen += [sent.key.split("/")[1] for sent in page.letters]
        pages += 1
        if page.next is None:
            break
        after = page.next
    assert seen == ids[::-1]
    assert pages == 3


async def test_a_full_page_with_nothing_after_it_is_the_last(tmp_path):
    outbox = await filled(tmp_path, "progress-1", "progress-2")
    assert outbox.list(limit=2).next is None


async def test_a_letter_that_comes_between_two_pages_repeats_and_hides_none(tmp_path):
    outbox = await filled(tmp_path, "progress-1", "progress-2", "progress-3")
    page = outbox.list(limit=2)
    await outbox.send(letter("progress-4"), route())
    assert [sent.key[-1] for sent in outbox.list(limit=2, after=page.next).letters] == ["1"]


async def test_letters_can_be_listed_by_case(tmp_path):
    outbox = await filled(tmp_path, "progress-1")
    await outbox.send(letter("progress-1", "C-20261121-7F3K9QX2M5"), route())
    assert len(outbox.list().letters) == 2
    (sent,) = outbox.list(reference=REFERENCE).letters
    assert sent.reference == REFERENCE
    assert not outbox.list(reference="C-20261121").letters


async def test_a_damaged_file_hides_no_other_and_is_replaced_by_a_repeat(tmp_path):
    outbox = await filled(tmp_path, "progress-1", "progress-2", "progress-3")
    damaged = tmp_path / f"{REFERENCE}+progress-2.json"
    damaged.write_text('{"key": "C-20')
    (tmp_path / "notes.json").write_text("[]")
    (tmp_path / "folder.json").mkdir()
    os.symlink("nowhere", tmp_path / "dangling.json")
    assert {sent.key[-1] for sent in outbox.list(limit=2).letters} == {"1", "3"}
    assert outbox.get(letter("progress-2").key) is None
    await outbox.send(letter("progress-2"), route())
    assert len(outbox.list().letters) == 3


async def test_keys_never_lead_out_of_the_folder_or_into_each_other(tmp_path):
    outbox = Outbox(tmp_path / "outbox")
    keys = ["../../etc/passwd", "a/b+c", "a+b/c", "a/b/c", "..", "a%2Bb/c", "投诉/一"]
    for key in keys:
        await outbox.send(replace(letter(), key=key), route())
    assert [sent.key for sent in map(outbox.get, keys) if sent] == keys
    assert [path.name for path in tmp_path.iterdir()] == ["outbox"]


async def test_an_empty_or_missing_outbox_has_no_letters(tmp_path):
    assert Outbox(tmp_path / "none").list().letters == ()
    assert Outbox(tmp_path / "none").get("a/b") is None


@pytest.mark.parametrize("cursor", ["x", "12", ".json", "-1.a.json", "²3.a.json", "12.a.txt"])
def test_a_cursor_that_is_none_is_refused(tmp_path, cursor):
    with pytest.raises(ValueError, match="cursor"):
        Outbox(tmp_path).list(after=cursor)


async def test_a_folder_that_cannot_be_written_is_a_temporary_error(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DeliveryError, match="outbox") as caught:
        await Outbox(tmp_path / "file").send(letter(), route())
    assert not caught.value.permanent


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no full disk to write to")
async def test_a_full_disk_is_a_temporary_error_and_leaves_nothing_behind(tmp_path, monkeypatch):
    def on_a_full_disk(handle: int, mode: str) -> object:
        os.close(handle)
        return open("/dev/full", mode)

    monkeypatch.setattr("notifications.outbox.outbox.os.fdopen", on_a_full_disk)
    outbox = Outbox(tmp_path)
    with pytest.raises(DeliveryError, match="No space left") as caught:
        await outbox.send(letter(), route())
    assert not caught.value.permanent
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    await outbox.send(letter(), route())
    assert len(outbox.list().letters) == 1


async def test_a_listing_says_of_each_letter_what_kind_it_is(tmp_path):
    outbox = Outbox(tmp_path)
    await outbox.send(RENDERER.render(message(MessageKind.ACKNOWLEDGEMENT)), route())
    (sent,) = outbox.list().letters
    assert sent.kind is MessageKind.ACKNOWLEDGEMENT
    assert sent.to_name == ""
