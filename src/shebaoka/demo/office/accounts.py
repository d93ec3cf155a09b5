"""Who can sign in to the office of a demonstration, and the code of her authenticator as it is now.

Passwords and secrets stand in the demonstration's own folder, in a file only its user reads; nobody's are
real."""

import os
import time
from base64 import b32decode
from hashlib import sha1
from hmac import digest
from pathlib import Path
from urllib.parse import quote, urlencode

import msgspec

FILE = "sign-ins.json"
_PERIOD = 30
_DIGITS = 6


class AccountError(ValueError):
    """There are no such sign-ins."""


class Account(msgspec.Struct, frozen=True):
    """A member of staff. ``secret``: of her authenticator, Base32. Neither it nor the password is in
    ``repr``."""

    number: str
    name: str
    roles: tuple[str, ...]
    organization: str
    password: str
    secret: str

    def __repr__(self) -> str:
        return f"<account {self.number}>"

    @property
    def uri(self) -> str:
        """The secret as an authenticator application takes it (otpauth)."""
        label = quote(f"Shebaoka demo:{self.number}")
        issuer = {"issuer": "Shebaoka demo", "digits": _DIGITS, "period": _PERIOD}
        return f"otpauth://totp/{label}?{urlencode({'secret': self.secret, **issuer}, quote_via=quote)}"

    def code(self, at: float) -> str:
        """The six digits her application shows at a time (seconds since 1970)."""
        return code_of(self.secret, at)


def code_of(secret: str, at: float) -> str:
    """The six digits of a secret (Base32) at a time (RFC 6238, SHA-1, 30 seconds).

    >>> code_of("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59)
    '287082'
    """
    mac = digest(b32decode(secret), int(at // _PERIOD).to_bytes(8), sha1)
    start = mac[-1] & 0x0F
    number = int.from_bytes(mac[start : start + 4]) & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def seconds_left(at: float | None = None) -> int:
    """How long the code of now is shown."""
    return _PERIOD - int(time.time() if at is None else at) % _PERIOD


def write(folder: Path, accounts: list[Account]) -> Path:
    """Keeps them in ``folder``, readable by its user only."""
    path = folder / FILE
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(accounts), indent=1) + b"\n")
    return path


def read(folder: Path) -> list[Account]:
    """Those of the demonstration whose office is in ``folder``. Raises AccountError when it has none."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=list[Account])
    except FileNotFoundError:
        raise AccountError(
            f"{folder / FILE}: no sign-ins there; `shebaoka demo` makes them, --folder says where it did"
        ) from None
    except msgspec.MsgspecError as error:
        raise AccountError(f"{folder / FILE}: not as the demonstration wrote it: {error}") from None


def find(accounts: list[Account], number: str) -> Account:
    """One of them, by staff number in any case. Raises AccountError naming those there are."""
    for account in accounts:
        if account.number.casefold() == number.strip().casefold():
            return account
    known = ", ".join(account.number for account in accounts)
    raise AccountError(f"{number}: not among the sign-ins of the demonstration: {known}")
