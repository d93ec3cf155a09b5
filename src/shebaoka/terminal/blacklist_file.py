"""The signed blacklist file: canonical JSON lines with an Ed25519 signature in the last one.

Line 1, the head: ``format`` (``shebaoka-blacklist-1``), ``issuer``, ``version``, ``issued`` (UTC),
``max_age_hours``, ``entries``, ``signer`` (SHA-256 of the raw public key, first 16 hexadecimal digits).
Then one line an entry, singles before ranges, each kind sorted: ``{"code":...,"number":...}`` or
``{"first":...,"last":...}``. Last line: ``{"signature":...}`` in hex, over all bytes before it.
Every line has sorted keys, no spaces, ASCII only, and ends in a line feed: one list has exactly one file.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shebaoka.terminal.blacklist import CLOCK_SLACK, Blacklist, Range, Single
from shebaoka.terminal.errors import BlacklistError

FORMAT: Final = "shebaoka-blacklist-1"
_TIME = "%Y-%m-%dT%H:%M:%SZ"
_CODE = re.compile(r"[0-9A-F]{32}")
_NUMBER = re.compile(r"[A-Z0-9][0-9]{7}[0-9X]")
_BODY = re.compile(r"[A-Z0-9][0-9]{7}")
_HEAD = frozenset({"format", "issuer", "version", "issued", "max_age_hours", "entries", "signer"})


def fingerprint(key: Ed25519PublicKey) -> str:
    """The name of a signer: 16 hexadecimal digits."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16].upper()


def sign(blacklist: Blacklist, key: Ed25519PrivateKey) -> bytes:
    """The file of ``blacklist``. Raises BlacklistError for entries that are not well formed."""
    body = _body(blacklist, fingerprint(key.public_key()))
    return body + _line({"signature": key.sign(body).hex().upper()})


def verify(data: bytes, trusted: Iterable[Ed25519PublicKey]) -> Blacklist:
    """The list in ``data`` when one of the ``trusted`` keys signed exactly these bytes. Raises BlacklistError
    with the reason: not this format, signer not trusted, changed, not canonical."""
    lines = data.splitlines(keepends=True)
    if len(lines) < 2 or not data.endswith(b"\n"):
        raise BlacklistError("blacklist-malformed", line=len(lines), reason="the file is cut off")
    head = _parse(lines[0], 1)
    if head.get("format") != FORMAT:
        raise BlacklistError("blacklist-malformed", line=1, reason=f"the format is not {FORMAT}")
    keys = {fingerprint(key): key for key in trusted}
    signer = str(head.get("signer", ""))
    if signer not in keys:
        raise BlacklistError("blacklist-signer", signer=signer or "?")
    body = b"".join(lines[:-1])
    try:
        signature = bytes.fromhex(str(_parse(lines[-1], len(lines)).get("signature", "")))
        keys[signer].verify(signature, body)
    except (InvalidSignature, ValueError) as error:
        if isinstance(error, BlacklistError):
            raise
        raise BlacklistError("blacklist-changed", signer=signer) from None
    blacklist = _read(head, lines[1:-1])
    if _body(blacklist, signer) + _line({"signature": signature.hex().upper()}) != data:
        raise BlacklistError("blacklist-malformed", line=1, reason="the file is not in canonical form")
    return blacklist


def accept(
    current: Blacklist | None, data: bytes, trusted: Iterable[Ed25519PublicKey], now: datetime
) -> Blacklist:
    """The list to use from now on: that of ``data`` when it verifies and is not older than ``current``.
    Raises BlacklistError: as :func:`verify`; an older version, another issuer, a date in the future."""
    candidate = verify(data, trusted)
    if candidate.issued > now + CLOCK_SLACK:
        raise BlacklistError("blacklist-from-the-future", issued=f"{candidate.issued:%Y-%m-%d %H:%M}")
    if current is not None:
        if candidate.issuer != current.issuer:
            raise BlacklistError("blacklist-other-issuer", issuer=candidate.issuer, current=current.issuer)
        if candidate.version < current.version:
            raise BlacklistError("blacklist-older", version=candidate.version, current=current.version)
        if candidate.version == current.version and candidate != current:
            raise BlacklistError("blacklist-same-version", version=candidate.version)
    return candidate


def install(path: Path, data: bytes, trusted: Iterable[Ed25519PublicKey], now: datetime) -> Blacklist:
    """Put ``data`` in the place of the terminal's file when :func:`accept` takes it; otherwise the file stays
    as it is. A present file that does not verify any more is not compared, but named: remove it first."""
    keys = tuple(trusted)
    current = verify(path.read_bytes(), keys) if path.exists() else None
    accepted = accept(current, data, keys, now)
    scratch = path.with_name(path.name + ".new")
    with scratch.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    return accepted


def _body(blacklist: Blacklist, signer: str) -> bytes:
    hours = blacklist.max_age / timedelta(hours=1)
    if hours != int(hours) or hours < 0:
        raise BlacklistError("blacklist-malformed", line=1, reason="the age limit is in whole hours")
    head = {
        "format": FORMAT,
        "issuer": blacklist.issuer,
        "version": blacklist.version,
        "issued": blacklist.issued.astimezone(UTC).strftime(_TIME),
        "max_age_hours": int(hours),
        "entries": len(blacklist),
        "signer": signer,
    }
    parts = [_line(head)]
    for single in sorted(blacklist.singles):
        _fits(_CODE, single.code)
        _fits(_NUMBER, single.number)
        parts.append(_line({"code": single.code, "number": single.number}))
    for entry in blacklist.ranges:
        _fits(_BODY, entry.first)
        _fits(_BODY, entry.last)
        if entry.first > entry.last:
            raise BlacklistError(
                "blacklist-malformed", line=len(parts) + 1, reason="a range ends before it begins"
            )
        parts.append(_line({"first": entry.first, "last": entry.last}))
    return b"".join(parts)


def _read(head: Mapping[str, Any], lines: list[bytes]) -> Blacklist:
    if head.keys() != _HEAD:
        raise BlacklistError("blacklist-malformed", line=1, reason="the head has other fields")
    singles, ranges = [], []
    for number, line in enumerate(lines, 2):
        entry = _parse(line, number)
        match sorted(entry), list(entry.values()):
            case ["code", "number"], [str(), str()]:
                singles.append(Single(entry["code"], entry["number"]))
            case ["first", "last"], [str(), str()]:
                ranges.append(Range(entry["first"], entry["last"]))
            case _:
                raise BlacklistError("blacklist-malformed", line=number, reason="neither a card nor a range")
    try:
        issued = datetime.strptime(head["issued"], _TIME).replace(tzinfo=UTC)
        return Blacklist(
            str(head["issuer"]),
            int(head["version"]),
            issued,
            timedelta(hours=int(head["max_age_hours"])),
            frozenset(singles),
            tuple(ranges),
            str(head["signer"]),
        )
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, BlacklistError):
            raise
        raise BlacklistError("blacklist-malformed", line=1, reason=str(error)) from None


def _parse(line: bytes, number: int) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise BlacklistError("blacklist-malformed", line=number, reason="the line is not a JSON object")
    return value


def _line(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii") + b"\n"


def _fits(pattern: re.Pattern[str], text: str) -> None:
    if pattern.fullmatch(text) is None:
        raise BlacklistError("blacklist-entry", pattern=pattern.pattern)
