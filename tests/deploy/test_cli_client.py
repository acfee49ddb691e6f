"""How the command line talks to Redress: repeats that happen once, and problems in the reader's words."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from deploy.cli.client import Client, Problem, path_of, problem_of
from deploy.refusal import Refusal
from tests.support.counter import Counter


@pytest.fixture
def counter() -> Iterator[Counter]:
    counter = Counter()
    yield counter
    counter.close()


def client(counter: Counter, patience: float = 15.0) -> Client:
    return Client(counter.url, "a-key-that-nobody-checks", "en", patience)


def test_a_write_is_repeated_under_its_key_while_the_engine_is_away(counter: Counter) -> None:
    def away_at_first(key: str, body: dict[str, Any]) -> tuple[int, dict[str, str], dict[str, Any]]:
        return counter.accept(key, body) if len(counter.asked) > 2 else (503, {"Retry-After": "0.1"}, {})

    counter.answer = away_at_first
    assert client(counter).post("/v1/complaints", {"detail": "x"})["reference"] == "C-0"
    assert len({key for key, _ in counter.asked}) == 1
    assert len(counter.asked) == 3


def test_an_unknown_outcome_names_the_key_to_repeat_it_with(counter: Counter) -> None:
    counter.answer = lambda key, body: (503, {"Retry-After": "5"}, {})
    with pytest.raises(Refusal) as refused:
        client(counter, patience=0).post("/v1/complaints", {}, key="mine")
    assert "--key mine" in refused.value.en
    assert "--key mine" in refused.value.zh


def test_a_problem_is_told_in_both_languages_with_its_places() -> None:
    error = {"where": "body.customer.email", "what": "格式不正确", "what_zh": "格式不正确", "what_en": "is malformed"}
    content = b'{"type": "/problems/malformed_request", "detail": "...", "errors": [%s]}'
    problem = problem_of(422, content % json.dumps(error).encode())
    assert (problem.name, problem.status) == ("malformed_request", 422)
    assert problem.zh == "customer.email: 格式不正确"
    assert problem.en == "customer.email: is malformed"


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b"null", b"{}"])
def test_a_refusal_that_explains_nothing_still_is_a_sentence(content: bytes) -> None:
    problem = problem_of(502, content)
    assert "502" in problem.zh
    assert "502" in problem.en


def test_what_answers_but_is_not_redress_is_told_apart(counter: Counter) -> None:
    counter.answer = lambda key, body: (200, {"Content-Length": "0"}, {})
    with pytest.raises(Refusal) as refused:
        client(counter).post("/v1/complaints", {})
    assert "not Redress" in refused.value.en
    assert not isinstance(refused.value, Problem)


def test_no_name_leads_out_of_its_place() -> None:
    assert path_of("complaints", "../audit?x=1", "contacts") == "/v1/complaints/..%2Faudit%3Fx%3D1/contacts"
