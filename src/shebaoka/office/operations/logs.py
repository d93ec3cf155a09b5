"""What the office logs: JSON lines on standard error, an event's constant name and a few known fields.

A log is read by more people than the records of the office, so it names nobody: fields are on a list, a text
in them is cut and masked, errors are told by type and place and never by their message, and messages of
libraries keep their constant part only. Who did what stands in the audit chains."""

import re
import sys
from typing import Any

import psycopg
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

FIELDS = frozenset(
    {"event", "level", "logger", "time", "request", "method", "route", "status", "ms", "job", "count"}
    | {"act", "code", "error", "cause", "where", "sqlstate", "constraint", "relation"}
    | {"checks", "migrations", "version", "bytes", "seconds", "withheld"}
)
_LONGEST = 200
_TRACE = "Traceback (most recent call last)"
_MASKS = (
    re.compile(r"\d{15,}[Xx]?"),  # citizen ID number, the old one, bank card
    re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"),  # mobile telephone
    re.compile(r"[^\s@]+@[^\s@]+\.[a-z]+"),
    re.compile(r"[0-9A-Fa-f]{32,}"),  # keys, digests, tokens
)


def configuration(level: str, form: str) -> dict[str, Any]:
    """Python's ``dictConfig``. ``form``: json, plain, or auto for plain on a terminal."""
    plain = form == "plain" or (form == "auto" and sys.stderr.isatty())
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "office": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared(),
                "use_get_message": False,
                "pass_foreign_args": True,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(plain)],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "office"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "shebaoka": {"level": level},
            "_granian": {"level": level},
            "psycopg.pool": {"level": "ERROR"},  # every try to connect while the database is away
            "django.request": {"level": "ERROR"},  # what was refused is in our own line of the request
        },
    }


def configure() -> None:
    """structlog on top of Python's logging."""
    structlog.configure(
        processors=[*_shared(), structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _shared() -> list[Processor]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
        constant_part,
        error_without_message,
        known_fields,
        mask,
    ]


def _renderer(plain: bool) -> Processor:
    if plain:
        return structlog.dev.ConsoleRenderer(colors=False, timestamp_key="time", pad_event_to=0)
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def constant_part(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Of a library's message what its author wrote, without what was filled in; where the two cannot be told
    apart, nothing but the action it names."""
    filled = event.pop("positional_args", ())
    record = event.get("_record")
    if record is None or record.name.startswith("shebaoka."):
        return event
    if record.name.startswith("_granian"):  # starts, stops and process numbers
        event["event"] = str(event["event"]) % filled if filled else str(event["event"])
    elif not filled:
        event["event"] = str(getattr(record, "action", "")) or f"a message of {record.name}"
    return event


def error_without_message(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """An error by its types and the places it went through; of the database's, what was violated."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if not isinstance(error, BaseException):
        return event
    event["error"] = type(error).__name__
    event["where"] = " < ".join(_places(error))
    chain = []
    inner: BaseException | None = error
    while inner is not None:
        if isinstance(inner, psycopg.Error):
            event["sqlstate"] = inner.sqlstate
            event["constraint"] = inner.diag.constraint_name
            event["relation"] = inner.diag.table_name
        inner = inner.__cause__ or inner.__context__
        if inner is not None:
            chain.append(type(inner).__name__)
    if chain:
        event["cause"] = " < ".join(chain[:5])
    return event


def _places(error: BaseException) -> list[str]:
    """The innermost place and the four innermost of our own, innermost first."""
    found = []
    trace = error.__traceback__
    while trace is not None:
        module = trace.tb_frame.f_globals.get("__name__", "")
        found.append(f"{module}.{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}")
        trace = trace.tb_next
    last = found[-1:]
    return last + [place for place in reversed(found[:-1]) if place.startswith("shebaoka")][:4]


def known_fields(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Only fields of the list; others are named and not shown."""
    kept = {key: value for key, value in event.items() if key in FIELDS or key.startswith("_")}
    withheld = sorted(event.keys() - kept.keys() - {"exc_info", "stack_info", "positional_args"})
    if withheld:
        kept["withheld"] = withheld
    return {key: value for key, value in kept.items() if value is not None}


def mask(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    """Texts without numbers of people, cards and keys, and cut."""
    return {
        key: _masked(value) if isinstance(value, str) and key not in ("time", "request") else value
        for key, value in event.items()
    }


def _masked(text: str) -> str:
    if _TRACE in text:  # of a traceback in words: what was going on, and the kind of error
        lines = text.strip().splitlines()
        text = f"{lines[0]} {lines[-1].partition(':')[0]}"
    for pattern in _MASKS:
        text = pattern.sub("***", text)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
