"""Many chains and their checkpoints in one file, and its verifier, which needs only the public key besides.

Lines of canonical JSON: a heading; the checkpoints with their signatures; then each chain, a line that
announces it and its records. Chains stand in the order of their names."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, TypeAlias

from shebaoka.journal.canonical import JournalError, canonical, instant, parse
from shebaoka.journal.chain_check import ChainCheck
from shebaoka.journal.checkpoint import Checkpoint, Head, read_checkpoint
from shebaoka.journal.classify import Tampering
from shebaoka.journal.findings import Finding
from shebaoka.journal.record import NOTHING_BEFORE

FORMAT = 1
Signed: TypeAlias = Callable[[bytes, bytes], bool]
"""Whether the second, a signature, is one over the first."""

_CHAIN = b'{"chain":'


@dataclass
class Report:
    """What was verified. ``open_rows``: records after the last checkpoint of their chain, which nothing yet
    protects from being cut off; ``part``: the chains the file says it is limited to, empty for all;
    ``findings``: empty when everything holds."""

    rows: int = 0
    checkpoints: int = 0
    chains: dict[str, Head] = field(default_factory=dict)
    open_rows: int = 0
    last_checkpoint: str = ""
    part: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def write_heading(
    out: IO[bytes],
    *,
    time: datetime,
    chains: int,
    checkpoints: int,
    key: str,
    part: Iterable[str] | None = None,
) -> None:
    """The first line. ``key``: the public key, hex, for who has no better source; ``part``: the chains the
    file is limited to, None for all there are."""
    heading: dict[str, Any] = {
        "export": FORMAT,
        "time": instant(time),
        "chains": chains,
        "checkpoints": checkpoints,
        "key": key,
    }
    if part is not None:
        heading["part"] = sorted(part)
    out.write(canonical(heading) + b"\n")


def write_checkpoint(out: IO[bytes], content: bytes, signature: str) -> None:
    """A checkpoint as it was signed."""
    out.write(canonical({"content": parse(content), "signature": signature}) + b"\n")


def write_chain(out: IO[bytes], chain: str, rows: int, lines: Iterable[bytes]) -> None:
    """A chain: how many records it has, and their lines."""
    out.write(canonical({"chain": chain, "rows": rows}) + b"\n")
    for line in lines:
        out.write(line + b"\n")


def heading_key(path: Path) -> bytes:
    """The public key the file itself names. Raises JournalError when it is no export."""
    with path.open("rb") as file:
        return bytes.fromhex(_heading(file.readline())["key"])


def verify_export(path: Path, signed: Signed, *, checkpoint: str | None = None) -> Report:
    """Follows every chain and checkpoint. ``checkpoint``: the hash of one that was written down elsewhere.

    Raises JournalError when the file is no export; what was done to it stands in the report."""
    with path.open("rb") as file:
        heading = _heading(file.readline())
        report = Report(part=tuple(heading.get("part", ())))
        line, signatures = _checkpoints(file, signed, report)
        _compare(report, heading, signatures, checkpoint)
        _chains(path, file, line, signatures, report)
        if len(report.chains) != heading["chains"]:
            text = f"the heading announces {heading['chains']} chains, the file has {len(report.chains)}"
            report.findings.append(Finding("export", 0, Tampering.REMOVED, text))
    return report


def _heading(line: bytes) -> dict[str, Any]:
    try:
        value = parse(line.rstrip(b"\n"))
        known = value.keys() - {"part"} == {"export", "time", "chains", "checkpoints", "key"}
        if not known or value["export"] != FORMAT:
            raise JournalError("is of another format")
        bytes.fromhex(value["key"])
        part = value.get("part", ["all"])
        if not part or not isinstance(part, list) or not all(isinstance(each, str) for each in part):
            raise JournalError("names no chains")
    except (JournalError, AttributeError, TypeError, ValueError):
        raise JournalError("the file is not an export of audit chains; make one with: audit export") from None
    heading: dict[str, Any] = value
    return heading


def _checkpoints(file: IO[bytes], signed: Signed, report: Report) -> tuple[bytes, list[Checkpoint]]:
    """Those that are signed and follow each other, and the first line after them."""
    found: list[Checkpoint] = []
    previous: str | None = NOTHING_BEFORE
    number = 1
    for line in file:
        if not line.startswith(b'{"content":'):
            return line, found
        report.checkpoints += 1
        try:
            value = parse(line.rstrip(b"\n"))
            made = read_checkpoint(canonical(value["content"]))
            genuine = signed(made.content(), bytes.fromhex(value["signature"]))
        except (JournalError, KeyError, TypeError, ValueError):
            made, genuine = None, False
        if made is None or not genuine:
            where = number if made is None else made.number
            text = "its signature is not that of the office's key: it was forged or changed"
            report.findings.append(Finding("checkpoint", where, Tampering.CHANGED, text))
        elif made.number != number or previous not in (None, made.previous):
            text = f"checkpoint {made.number} does not follow checkpoint {number - 1}"
            kind = Tampering.REMOVED if made.number > number else Tampering.INSERTED
            report.findings.append(Finding("checkpoint", number, kind, text))
        if made is not None and genuine:
            found.append(made)
            report.last_checkpoint = made.hash
        # one forged checkpoint is one finding: what the next one follows cannot be told then
        number = (made.number if made is not None and genuine else number) + 1
        previous = made.hash if made is not None and genuine else None
    return b"", found


def _compare(
    report: Report, heading: dict[str, Any], found: list[Checkpoint], checkpoint: str | None
) -> None:
    if report.checkpoints != heading["checkpoints"]:
        text = f"the heading announces {heading['checkpoints']}, the file has {report.checkpoints}"
        report.findings.append(Finding("checkpoint", report.checkpoints + 1, Tampering.REMOVED, text))
    if checkpoint is not None and checkpoint.lower() not in {each.hash for each in found}:
        text = f"none has the hash {checkpoint}: the last ones were cut off, or all were made anew"
        report.findings.append(Finding("checkpoint", len(found) + 1, Tampering.REMOVED, text))


def _chains(path: Path, file: IO[bytes], line: bytes, checkpoints: list[Checkpoint], report: Report) -> None:
    heads = _heads(checkpoints)
    place = file.tell() - len(line)
    check: ChainCheck | None = None
    for start, each in _placed(file, line, place):
        if each.startswith(_CHAIN):
            _close(check, path, report)
            check = ChainCheck(*_announced(each, report), start + len(each))
            check.signed = heads.pop(check.chain, {})
        elif check is None:
            report.findings.append(Finding("export", 0, Tampering.INSERTED, "a line before the first chain"))
        else:
            check.follow(each)
    _close(check, path, report)
    for chain in report.chains.keys() - set(report.part) if report.part else ():
        text = "the heading does not name this chain"
        report.findings.append(Finding(chain, 1, Tampering.INSERTED, text))
    for chain, lost in heads.items():
        if report.part and chain not in report.part:
            continue
        text = f"the whole chain is missing; checkpoints signed {max(lost)} records of it"
        report.findings.append(Finding(chain, 1, Tampering.REMOVED, text))


def _close(check: ChainCheck | None, path: Path, report: Report) -> None:
    if check is None:
        return
    report.findings.extend(check.close(path))
    report.rows += check.rows
    report.chains[check.chain] = Head(check.rows, check.before)
    report.open_rows += max(0, check.rows - max(check.signed, default=0))


def _heads(checkpoints: list[Checkpoint]) -> dict[str, dict[int, tuple[str, int]]]:
    """By chain and number of the record: its hash, and the checkpoint that says so."""
    found: dict[str, dict[int, tuple[str, int]]] = {}
    for each in checkpoints:
        for chain, head in each.heads.items():
            found.setdefault(chain, {})[head.sequence] = (head.hash, each.number)
    return found


def _announced(line: bytes, report: Report) -> tuple[str, int]:
    try:
        value = parse(line.rstrip(b"\n"))
        return str(value["chain"]), int(value["rows"])
    except (JournalError, KeyError, TypeError, ValueError):
        report.findings.append(Finding("export", 0, Tampering.CHANGED, "a line that announces a chain"))
        return "?", 0


def _placed(file: IO[bytes], first: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The lines with their places in the file."""
    if first:
        yield place, first
    place += len(first)
    for line in file:
        yield place, line
        place += len(line)
