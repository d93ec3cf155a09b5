"""A chain to tamper with."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from shebaoka.journal.canonical import canonical
from shebaoka.journal.record import Record, next_record

START = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)


def chain(length: int, name: str = "RS-2026-001") -> list[Record]:
    records: list[Record] = []
    for number in range(length):
        records.append(
            next_record(
                records[-1] if records else None,
                name,
                "step",
                time=START + timedelta(minutes=number),
                persons={"operator": "示例甲"},
                data={"number": number, "kcv": f"{number:06X}"},
            )
        )
    return records


def lines(records: list[Record]) -> list[bytes]:
    return [record.line() for record in records]


def forged(record: Record, **changes: object) -> Record:
    """The record with other content and a hash that fits it."""
    changed = replace(record, **changes)  # type: ignore[arg-type]
    body = {name: value for name, value in asdict(changed).items() if name != "hash"}
    return replace(changed, hash=sha256(canonical(body)).hexdigest())
