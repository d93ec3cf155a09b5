"""Health, metrics and request ids, as a load balancer, a monitor and a proxy see them."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client, override_settings

from shebaoka.office.audit.services import append
from shebaoka.office.base.records import writing
from shebaoka.office.operations import checks, metrics
from shebaoka.office.operations.requests import HEADER

TOKEN = "TEST_ONLY-a-token-of-the-monitor"


def test_live_asks_nobody(client: Client) -> None:
    answer = client.get("/health/live")  # the database is out of bounds for this test
    assert (answer.status_code, answer.content) == (200, b"ok\n")
    assert "no-store" in answer.headers["Cache-Control"]
    assert not answer.cookies


def test_ready_when_everything_is_as_it_should_be(client: Client, db: None) -> None:
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    names = ("database", "schema", "clock", "disk")
    assert answer.json() == {"ready": True, "checks": dict.fromkeys(names, "ok")}


def test_not_ready_with_a_full_disk(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LEAST_DISK", 1 << 62)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"]["disk"] == "failed"
    assert settings.CONFIGURATION.folder not in answer.content.decode()


def test_records_from_the_future_are_told_and_the_office_serves(client: Client, db: None) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with writing("tests.clock"):
        append("980100", "tests.clock", at=tomorrow, persons={"actor": "x"})
    assert [(check.name, check.ok, check.note) for check in checks.history()] == [
        ("records", False, "1 records are from the future")
    ]
    assert client.get("/health/ready").status_code == 200


def test_not_ready_while_the_schema_is_behind(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks, "pending", lambda: ["audit.0099_later"])
    assert client.get("/health/ready").json()["checks"]["schema"] == "failed"


def test_a_failing_check_of_the_database_is_a_503_and_no_traceback(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> tuple[bool, str]:
        raise OSError("gone")

    monkeypatch.setattr(checks, "_database", gone)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["checks"] == {"database": "failed", "disk": "ok"}


def test_metrics_count_requests_by_route_and_tell_of_the_chains(client: Client, db: None) -> None:
    with writing("tests.metrics"):
        append("980100", "tests.metrics", at=datetime.now(UTC), persons={"actor": "x"})
    client.get("/health/live?name=王小明")
    client.get("/people/980101199001012345")
    text = client.get("/metrics").content.decode()
    assert 'shebaoka_requests_total{method="GET",route="/health/live",status="200"}' in text
    assert 'route="unknown",status="404"' in text
    assert "shebaoka_audit_rows 1.0" in text
    assert "shebaoka_database_up 1.0" in text
    assert "980101199001012345" not in text
    assert "王小明" not in text


@pytest.mark.parametrize(
    ("mode", "token", "given", "status"),
    [
        ("production", "", "", 404),
        ("production", TOKEN, "", 404),
        ("production", TOKEN, f"Bearer {TOKEN}x", 404),
        ("production", TOKEN, f"Bearer {TOKEN}", 200),
        ("test", TOKEN, "", 404),
        ("test", "", "", 200),
    ],
)
def test_in_production_metrics_are_for_whoever_has_the_token(
    client: Client, db: None, mode: str, token: str, given: str, status: int
) -> None:
    configuration = dataclasses.replace(settings.CONFIGURATION, mode=mode, metrics_token=token)
    with override_settings(CONFIGURATION=configuration):
        answer = client.get("/metrics", headers={"Authorization": given} if given else {})
    assert answer.status_code == status


def test_every_answer_has_a_request_id_and_a_proxys_is_kept(client: Client) -> None:
    one, other = client.get("/health/live"), client.get("/health/live")
    assert len(one.headers[HEADER]) == 32
    assert one.headers[HEADER] != other.headers[HEADER]
    given = "0123456789abcdef0123456789abcdef"
    assert client.get("/health/live", headers={HEADER: given}).headers[HEADER] == given
    for forged in ("王小明", "x" * 32, "0" * 100, "abc def\tghi"):
        assert client.get("/health/live", headers={HEADER: forged}).headers[HEADER] != forged


def test_metrics_are_there_without_a_database(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "_GAUGES", "SELECT 1 / 0")
    text = client.get("/metrics").content.decode()
    assert "shebaoka_database_up 0.0" in text
    assert "shebaoka_disk_free_bytes" in text
    assert "shebaoka_audit_rows" not in text
