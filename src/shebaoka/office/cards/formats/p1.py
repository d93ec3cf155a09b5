"""P1: bar-separated, GBK, several tasks in a file (a task here is a batch).

Line 1 names the fields of a task, line 2 those of a person; then for each task a line of ten hyphens, the
task's line, the persons' lines."""

from collections.abc import Sequence
from datetime import datetime

from shebaoka.office.cards.formats.records import (
    NEWLINE,
    Answer,
    Batch,
    FormatError,
    Outgoing,
    all_once,
    decoded,
    gbk,
)

TASK = (
    *("task_id", "card_type", "bank_id", "recordcount", "taskaddr", "serid", "sername"),
    *("companyid", "company", "region_name", "street", "community"),
)
PERSON = (
    *("data_seq", "task_id", "client_id", "photofilename", "name", "sex", "cert_type", "cert_no", "card_no"),
    *("struct_main_type", "struct_child_type", "cardissuedate", "validitydate", "useflag"),
    *("bursestartdate", "bursevaliddate", "bursebalance"),
)
MADE = (
    *("task_id", "data_seq", "client_id", "name", "sex", "cert_no", "card_no"),
    *("ws_certno", "bank_card_no", "card_id"),
)
REVIEWED = (
    *("batch_id", "task_id", "data_seq", "client_id", "name", "sex", "cert_type", "cert_no"),
    *("check_flag", "reason"),
)
RULE = "-" * 10


def file_name(batch: Batch, time: datetime, kind: str) -> str:
    """``kind``: ``s`` sent, ``d`` the maker's return, ``bret`` the bank's."""
    parts = (batch.product, batch.number, f"{time:%Y%m%d%H%M%S}", *batch.maker, *batch.bank, kind)
    return "_".join(part or "-" for part in parts) + ".txt"


def written(batch: Batch, records: Sequence[Outgoing]) -> bytes:
    """The file that goes out. Raises FormatError for a text with a bar, a line break or no GBK."""
    lines = [_line(TASK), _line(PERSON), RULE]
    task = (
        *(batch.number, batch.product, batch.bank[0], str(len(records)), "", batch.maker[0], batch.maker[1]),
        *("", "", batch.region, "", ""),
    )
    lines.append(_line(task))
    lines += [
        _line(
            (
                *(str(each.sequence), batch.number, each.client, each.photo, each.name, each.sex),
                *(each.document_type, each.document, each.card_number, "", "", each.issued),
                *(each.valid_until, "1", "", "", ""),
            ),
            each.sequence,
        )
        for each in records
    ]
    return gbk(NEWLINE.join(lines) + NEWLINE, "the file")


def made(batch: Batch, answers: Sequence[Answer]) -> bytes:
    """A maker's return (回盘 ``_d.txt``): who plays a maker writes it."""
    lines = [_line(TASK), _line(MADE), RULE, _task(batch, len(answers))]
    lines += [
        _line(
            (
                *(batch.number, str(each.sequence), "", each.name, "", each.document, each.card_number),
                *("", each.bank_card, each.card_number if each.good else ""),
            )
        )
        for each in answers
    ]
    return gbk(NEWLINE.join(lines) + NEWLINE, "the file")


def read_made(data: bytes, batch: Batch, expected: int) -> list[Answer]:
    """A maker's return; a record without ``card_id`` was not made. Raises FormatError."""
    return all_once(
        [
            Answer(
                _number(row["data_seq"], line),
                row["name"],
                row["cert_no"],
                good=bool(row["card_id"]),
                reason="" if row["card_id"] else "not made",
                card_number=row["card_no"],
                bank_card=row["bank_card_no"],
            )
            for line, row in _rows(data, MADE, batch)
        ],
        expected,
    )


def reviewed(batch: Batch, answers: Sequence[Answer]) -> bytes:
    """A bank's review return (``_bret.txt``). The account's card number stands in ``reason`` of a good one,
    as ``card:NUMBER``: the public layout has no field for it."""
    lines = [_line(TASK), _line(REVIEWED), RULE, _task(batch, len(answers))]
    lines += [
        _line(
            (
                *(batch.number, batch.number, str(each.sequence), "", each.name, "", "", each.document),
                *("0" if each.good else "1", f"card:{each.bank_card}" if each.good else each.reason),
            )
        )
        for each in answers
    ]
    return gbk(NEWLINE.join(lines) + NEWLINE, "the file")


def read_reviewed(data: bytes, batch: Batch, expected: int) -> list[Answer]:
    """A bank's review return. Raises FormatError."""
    found = []
    for line, row in _rows(data, REVIEWED, batch):
        good = row["check_flag"] == "0"
        found.append(
            Answer(
                _number(row["data_seq"], line),
                row["name"],
                row["cert_no"],
                good,
                reason="" if good else row["reason"] or "refused",
                bank_card=row["reason"].removeprefix("card:") if good else "",
            )
        )
    return all_once(found, expected)


def _rows(data: bytes, fields: tuple[str, ...], batch: Batch) -> list[tuple[int, dict[str, str]]]:
    lines = decoded(data).replace("\r\n", NEWLINE).split(NEWLINE)
    if lines[:2] != [_line(TASK), _line(fields)] or lines[2:3] != [RULE]:
        raise FormatError("lines 1 to 3 are not the heads and the rule of this format")
    task = dict(zip(TASK, _cut(lines[3] if len(lines) > 3 else "", len(TASK), 4), strict=True))
    if task["task_id"] != batch.number:
        raise FormatError("line 4: the task is another batch's")
    rows = [(number, line) for number, line in enumerate(lines[4:], 5) if line]
    if task["recordcount"] != str(len(rows)):
        raise FormatError(f"line 4: {task['recordcount']} records announced, {len(rows)} follow")
    found = []
    for number, line in rows:
        row = dict(zip(fields, _cut(line, len(fields), number), strict=True))
        if row["task_id"] != batch.number:
            raise FormatError(f"line {number}: a record of another task")
        found.append((number, row))
    return found


def _cut(line: str, count: int, number: int) -> list[str]:
    cells = line.split("|")
    if len(cells) != count + 1 or cells[-1]:
        raise FormatError(f"line {number}: {len(cells) - 1} fields, {count} are expected")
    return cells[:-1]


def _number(text: str, line: int) -> int:
    if not (text.isascii() and text.isdigit()):
        raise FormatError(f"line {line}: data_seq is no number")
    return int(text)


def _task(batch: Batch, count: int) -> str:
    return _line((batch.number, batch.product, batch.bank[0], str(count), *[""] * 8))


def _line(cells: Sequence[str], sequence: int = 0) -> str:
    for cell in cells:
        if "|" in cell or not cell.isprintable():
            raise FormatError(f"record {sequence}: a text holds a bar or a line break")
    return "|".join(cells) + "|"
