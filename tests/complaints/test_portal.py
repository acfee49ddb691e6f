from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.portal import PortalLinks, code_of, portal_token, verify
from workflows.ids import reference_for

SECRET = b"0123456789abcdef0123456789abcdef"
CODE = "7F3K9QX2M4"


def test_a_token_is_verified_for_its_own_case_and_generation_only():
    token = portal_token(SECRET, CODE, 1)
    assert verify(SECRET, token, CODE, 1)
    assert not verify(SECRET, token, CODE, 2)
    assert not verify(SECRET, token, "7F3K9QX2M5", 1)
    assert not verify(b"another secret, as long as the first", token, CODE, 1)


def test_a_token_follows_from_the_case_alone():
    assert portal_token(SECRET, CODE, 3) == portal_token(SECRET, CODE, 3)


def test_a_token_carries_160_bits_and_needs_no_quoting_in_an_address():
    code, _, signature = portal_token(SECRET, CODE, 1).partition("-")
    assert code == CODE
    assert len(signature) * 5 == 160
    assert signature.isalnum()
    assert signature == signature.lower()


@given(st.integers(min_value=0, max_value=39), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_changing_any_one_character_of_a_token_spoils_it(place, char):
    token = portal_token(SECRET, CODE, 1)
    place += len(token) - 32 if place >= 32 else 11
    place = min(place, len(token) - 1)
    changed = token[:place] + char + token[place + 1 :]
    assert verify(SECRET, changed, CODE, 1) == (changed == token)


@given(st.text(max_size=60))
def test_what_is_no_token_has_no_code_and_is_never_verified(text):
    assert not verify(SECRET, text, CODE, 1)
    assert code_of(text) is None


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        CODE,
        f"{CODE}-",
        portal_token(SECRET, CODE, 1)[:-1],
        portal_token(SECRET, CODE, 1) + "a",
        portal_token(SECRET, CODE, 1) + "\n",
        portal_token(SECRET, CODE, 1).upper(),
        portal_token(SECRET, CODE, 1).lower(),
        portal_token(SECRET, CODE, 1).replace("7F3", "7U3", 1),
        "../" + portal_token(SECRET, CODE, 1),
    ],
)
def test_a_malformed_token_has_no_code(malformed):
    assert code_of(malformed) is None
    assert not verify(SECRET, malformed, CODE, 1)


@given(st.text(), st.integers(min_value=1, max_value=1000))
def test_every_code_that_a_case_can_have_is_found_in_its_token(intake, generation):
    code = reference_for(intake, datetime(2026, 11, 21, tzinfo=UTC)).rsplit("-", 1)[1]
    assert code_of(portal_token(SECRET, code, generation)) == code


def test_links_lead_to_the_portal_and_keep_their_secret_out_of_sight():
    links = PortalLinks("https://complaints.example.com/", SECRET)
    token = portal_token(SECRET, CODE, 1)
    assert links(CODE, 1) == f"https://complaints.example.com/portal/{token}"
    assert "0123" not in repr(links)


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="16 bytes"):
        PortalLinks("https://complaints.example.com", b"short")
