"""The keys of the roles and the secret of the customers' links."""

import json
import stat
from pathlib import Path

import pytest

from deploy.credentials import ensure_credentials, ensure_secret, load_credentials
from deploy.refusal import Refusal


def test_the_first_start_makes_one_key_per_role_and_department(tmp_path: Path) -> None:
    keys = ensure_credentials(tmp_path, ["logistics", "billing"])
    assert list(keys) == [
        "channel",
        "agent",
        "supervisor",
        "auditor",
        "administrator",
        "department:billing",
        "department:logistics",
    ]
    assert len(set(keys.values())) == len(keys)
    assert all(len(key) >= 32 for key in keys.values())
    assert json.loads((tmp_path / "credentials.json").read_text()) == keys


def test_only_the_owner_can_read_keys_and_secret(tmp_path: Path) -> None:
    ensure_credentials(tmp_path, [])
    ensure_secret(tmp_path)
    for name in ("credentials.json", "secret"):
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_a_key_file_that_others_could_read_is_closed_again(tmp_path: Path) -> None:
    ensure_credentials(tmp_path, [])
    (tmp_path / "credentials.json").chmod(0o644)
    ensure_credentials(tmp_path, [])
    assert stat.S_IMODE((tmp_path / "credentials.json").stat().st_mode) == 0o600


def test_a_new_department_gets_a_key_and_the_others_keep_theirs(tmp_path: Path) -> None:
    before = ensure_credentials(tmp_path, ["logistics"])
    after = ensure_credentials(tmp_path, ["logistics", "quality"])
    assert {role: after[role] for role in before} == before
    assert set(after) - set(before) == {"department:quality"}
    assert load_credentials(tmp_path) == after


def test_the_secret_stays_the_same(tmp_path: Path) -> None:
    first = ensure_secret(tmp_path)
    assert len(first) == 32
    assert ensure_secret(tmp_path) == first


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"agent": 5}',
        b'{"agent": "short"}',
        b'{"agent": "%s", "auditor": "%s"}' % (b"k" * 32, b"k" * 32),
    ],
)
def test_a_broken_key_file_is_one_sentence_and_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "credentials.json"
    path.write_bytes(content)
    with pytest.raises(Refusal, match=r"credentials\.json"):
        ensure_credentials(tmp_path, ["logistics"])
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", ["", "zz", "00" * 31])
def test_a_broken_secret_is_one_sentence_and_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secret"
    path.write_text(content)
    with pytest.raises(Refusal, match="secret"):
        ensure_secret(tmp_path)
    assert path.read_text() == content


def test_nothing_is_left_beside_the_files(tmp_path: Path) -> None:
    ensure_credentials(tmp_path, ["logistics"])
    ensure_credentials(tmp_path, ["logistics", "quality"])
    ensure_secret(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["credentials.json", "secret"]
