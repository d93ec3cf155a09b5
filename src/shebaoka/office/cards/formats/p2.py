"""P2: fields of fixed width in GBK bytes, left-justified, filled with spaces, lines ended by LF.

The head of a file says how many records follow and how long each is; that length is the sum of the widths
and is checked."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from shebaoka.office.cards.formats.records import (
    ENCODING,
    Answer,
    Batch,
    FormatError,
    Outgoing,
    all_once,
    gbk,
)

SENT: Mapping[str, int] = {
    "sequence": 12,
    "task": 32,
    "name": 30,
    "sex": 1,
    "document_type": 2,
    "document": 18,
    "nation": 2,
    "country": 3,
    "birthplace": 6,
    "birth": 8,
    "mobile": 11,
    "phone": 15,
    "address": 60,
    "employer_code": 20,
    "employer": 80,
    "town": 50,
    "village": 50,
    "guardian": 60,
    "guardian_sex": 1,
    "guardian_type": 2,
    "guardian_document": 18,
    "branch": 8,
    "branch_name": 50,
    "reserved": 50,
}
ANSWERED: Mapping[str, int] = {
    "result": 1,
    "sequence": 12,
    "task": 32,
    "name": 30,
    "sex": 1,
    "document_type": 2,
    "document": 18,
    "reason": 200,
    "reserved": 20,
}
_FILL = b"F"


def file_name(batch: Batch, time: datetime, kind: str = "SH") -> str:
    """``SH`` sent, ``RH`` returned; the bank in 15 digits."""
    return f"{kind}_{batch.number}_{batch.bank[0]:0>15}_{time:%Y%m%d%H%M%S}"


def written(batch: Batch, records: Sequence[Outgoing]) -> bytes:
    """The file that goes out. Raises FormatError for a text that is too long in GBK bytes, or no GBK."""
    return _head("SH", SENT, len(records)) + b"".join(_sent(batch, each) for each in records)


def answered(batch: Batch, answers: Sequence[Answer]) -> bytes:
    """A bank's return: result 0 with the card number in ``reserved``, 1 with a reason."""
    lines = [
        _fields(
            ANSWERED,
            {
                "result": "0" if each.good else "1",
                "sequence": str(each.sequence),
                "task": batch.number,
                "name": each.name,
                "document": each.document,
                "reason": each.reason,
                "reserved": each.bank_card,
            },
            each.sequence,
        )
        for each in answers
    ]
    return _head("RH", ANSWERED, len(answers)) + b"".join(lines)


def read_answered(data: bytes, batch: Batch, expected: int) -> list[Answer]:
    """A bank's return. Raises FormatError: head, count, record length, another batch, a broken character."""
    lines = data.split(b"\n")
    if lines[-1] == b"":
        lines.pop()
    if not lines or lines[0] != _head("RH", ANSWERED, len(lines) - 1).rstrip(b"\n"):
        raise FormatError("line 1: not the head of this return, or another count or record length")
    answers = []
    for number, line in enumerate(lines[1:], 2):
        row = _cut(line, ANSWERED, number)
        if row["task"] != batch.number:
            raise FormatError(f"line {number}: a record of another batch")
        if row["result"] not in ("0", "1") or not row["sequence"].isdigit():
            raise FormatError(f"line {number}: neither 0 nor 1, or no sequence")
        good = row["result"] == "0"
        answers.append(
            Answer(
                int(row["sequence"]),
                row["name"],
                row["document"],
                good,
                reason="" if good else row["reason"] or "refused",
                bank_card=row["reserved"] if good else "",
            )
        )
    return all_once(answers, expected)


def length(fields: Mapping[str, int]) -> int:
    """Bytes of a record."""
    return sum(fields.values())


def _head(kind: str, fields: Mapping[str, int], count: int) -> bytes:
    return f"{kind}{count:08d}{length(fields):08d}".encode("ascii") + _FILL * 10 + b"\n"


def _sent(batch: Batch, each: Outgoing) -> bytes:
    mobile = each.phone if len(each.phone) <= 11 else ""
    values = {
        "sequence": str(each.sequence),
        "task": batch.number,
        "name": each.name,
        "sex": each.sex,
        "document_type": each.document_type,
        "document": each.document,
        "nation": each.nation,
        "country": each.country,
        "birthplace": each.birthplace,
        "birth": each.birth,
        "mobile": mobile,
        "phone": "" if mobile else each.phone,
        "address": each.address,
        "employer_code": each.employer_code,
        "employer": each.employer,
        "guardian": each.guardian,
        "guardian_document": each.guardian_document,
        "reserved": "F" * SENT["reserved"],
    }
    return _fields(SENT, values, each.sequence)


def _fields(fields: Mapping[str, int], values: Mapping[str, str], sequence: int) -> bytes:
    line = b""
    for name, width in fields.items():
        data = gbk(values.get(name, ""), f"record {sequence}, {name}")
        if len(data) > width:
            raise FormatError(f"record {sequence}, {name}: {len(data)} bytes in GBK, {width} fit")
        line += data.ljust(width)
    return line + b"\n"


def _cut(line: bytes, fields: Mapping[str, int], number: int) -> dict[str, str]:
    if len(line) != length(fields):
        raise FormatError(f"line {number}: {len(line)} bytes, {length(fields)} are expected")
    found, start = {}, 0
    for name, width in fields.items():
        try:
            found[name] = line[start : start + width].decode(ENCODING).rstrip(" ")
        except UnicodeDecodeError:
            raise FormatError(f"line {number}, {name}: ends inside a character") from None
        start += width
    return found
