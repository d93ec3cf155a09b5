"""What the log says, and above all what it never says."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import structlog
from django.db import DatabaseError, connection, transaction

from shebaoka.office.operations import logs

ID_NUMBER = "980101199001012345"
TOKEN = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


class Log:
    """The lines that were logged."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    @property
    def last(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.text.splitlines()[-1])
        return found


@pytest.fixture
def log() -> Iterator[Log]:
    """The office's logging, into memory instead of standard error."""
    stream = io.StringIO()
    settings = logs.configuration("INFO", "json")
    settings["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(settings)
    yield Log(stream)
    logging.config.dictConfig(logs.configuration("INFO", "json"))


def test_a_line_is_json_with_event_time_and_the_request(log: Log) -> None:
    with structlog.contextvars.bound_contextvars(request="abc"):
        structlog.get_logger("shebaoka.requests").info("request", status=200, ms=3, route="/desk/")
    line = log.last
    assert line.pop("time").endswith("Z")
    assert line == {
        "event": "request",
        "status": 200,
        "ms": 3,
        "route": "/desk/",
        "request": "abc",
        "logger": "shebaoka.requests",
        "level": "info",
    }


def test_a_field_that_is_not_on_the_list_is_named_and_withheld(log: Log) -> None:
    structlog.get_logger("shebaoka.test").info("act", name="王小明", staff="980100-1", act="custody.x")
    assert log.last["withheld"] == ["name", "staff"]
    assert log.last["act"] == "custody.x"
    assert "王小明" not in log.text
    assert "980100-1" not in log.text


@pytest.mark.parametrize(
    "number",
    [ID_NUMBER, "98010119900101234X", "980101900101234", "13812345678", "6222980000000000001", TOKEN],
)
def test_numbers_of_people_and_secrets_are_masked_in_known_fields_too(log: Log, number: str) -> None:
    structlog.get_logger("shebaoka.test").warning("event", code=f"before {number} after")
    assert log.last["code"] == "before *** after"


def test_an_error_is_told_by_type_and_place_and_not_by_its_message(log: Log) -> None:
    try:
        raise ValueError(f"no such person: {ID_NUMBER} 王小明")
    except ValueError:
        structlog.get_logger("shebaoka.test").exception("job.failed")
    assert log.last["error"] == "ValueError"
    assert "test_logs.test_an_error" in log.last["where"]
    assert "王小明" not in log.text
    assert "such person" not in log.text


def test_an_error_of_the_database_names_the_constraint_and_no_value(log: Log, db: None) -> None:
    query = "INSERT INTO django_session (session_key, session_data, expire_date) VALUES (%s, '', now())"
    with connection.cursor() as cursor:
        cursor.execute(query, ["王小明"])
        with pytest.raises(DatabaseError) as caught, transaction.atomic():
            cursor.execute(query, ["王小明"])
    assert isinstance(caught.value.__cause__, psycopg.errors.UniqueViolation)
    logging.getLogger("django.request").error("Server Error: %s", "/x", exc_info=caught.value)
    assert log.last["sqlstate"] == "23505"
    assert log.last["constraint"] == "django_session_pkey"
    assert log.last["relation"] == "django_session"
    assert "王小明" not in log.text


def test_of_a_library_only_the_constant_part_is_logged(log: Log) -> None:
    logging.getLogger("django.request").error("Internal Server Error: %s", f"/people/{TOKEN}")
    assert log.last["event"] == "Internal Server Error: %s"
    logging.getLogger("django.security.csrf").warning(f"bad token of 王小明 {TOKEN}")
    assert log.last["event"] == "a message of django.security.csrf"
    logging.getLogger("procrastinate.worker").error("Job x[1](who='王小明')", extra={"action": "job_error"})
    assert log.last["event"] == "job_error"
    assert "王小明" not in log.text
    assert TOKEN not in log.text


def test_of_a_traceback_in_words_the_kind_of_error_is_kept(log: Log) -> None:
    trace = f'Traceback (most recent call last):\n  File "x.py"\nModuleNotFoundError: {ID_NUMBER} 王五'
    logging.getLogger("_granian").error("Application callable raised an exception\n" + trace)
    assert log.last["event"] == "Application callable raised an exception ModuleNotFoundError"


def test_for_eyes_the_same_is_withheld(log: Log) -> None:
    stream = io.StringIO()
    settings = logs.configuration("INFO", "plain")
    settings["handlers"]["stderr"]["stream"] = stream
    logging.config.dictConfig(settings)
    try:
        raise ValueError("王小明")
    except ValueError:
        structlog.get_logger("shebaoka.test").exception("job.failed", name="王小明")
    assert "job.failed" in stream.getvalue()
    assert "王小明" not in stream.getvalue()
