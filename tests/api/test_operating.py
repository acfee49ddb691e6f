"""For the operator and the reader of the documentation."""

import re
from dataclasses import replace

import pytest

from api.app import ROUTERS
from tests.api.stack import Stack


def test_the_metrics_count_by_template_and_name_nobody(stack: Stack) -> None:
    reference = stack.file()["reference"]
    stack.case(reference)
    text = stack.get(None, "/metrics").text
    assert 'redress_http_requests_total{method="GET",route="/v1/complaints/{reference}",status="200"}' in text
    assert reference not in text


def test_openapi_describes_every_operation_in_both_languages_with_its_problems(stack: Stack) -> None:
    document = stack.get(None, "/openapi.json").json()
    operations = {
        operation["operationId"]: operation for path in document["paths"].values() for operation in path.values()
    }
    assert operations.keys() == {route.operation_id for router in ROUTERS for route in router.routes}
    for name, operation in operations.items():
        zh, _, en = operation["summary"].partition(" / ")
        assert re.search(r"[\u4e00-\u9fff]|Prometheus", zh), name
        assert en, name
    filing = operations["file_complaint"]
    assert filing["security"]
    assert "application/problem+json" in filing["responses"]["409"]["content"]
    assert {each["name"] for each in filing["parameters"]} == {"Idempotency-Key", "Redress-Imported"}
    assert "requestBody" in operations["assign_task"]
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
    assert {"Problem", "ComplaintBody", "AssignTaskBody"} <= document["components"]["schemas"].keys()


def test_an_application_with_a_short_secret_does_not_start_and_never_shows_a_secret(stack: Stack) -> None:
    services = stack.app.state.services
    assert repr(services.secret) not in repr(services)
    with pytest.raises(ValueError, match="16 bytes"):
        replace(services, secret=b"short")


def test_the_front_page_names_the_interface_and_loads_nothing_foreign(stack: Stack) -> None:
    answer = stack.get(None, "/")
    assert "/openapi.json" in answer.text
    assert "http://" not in answer.text
    assert "https://" not in answer.text
