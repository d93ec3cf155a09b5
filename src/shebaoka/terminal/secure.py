"""Commands with MAC, and with encrypted data: session key from a fresh challenge (Part 4 §8, Part 7 §13)."""

from shebaoka.codec.apdu import Command
from shebaoka.terminal.authentication import challenge
from shebaoka.terminal.session import Session, send
from shebaoka.terminal.versions import for_mac

_MAC_LENGTH = 4


def send_with_mac(session: Session, header: bytes, key_name: str, name: str, data: bytes = b"") -> None:
    """``header`` (CLA INS P1 P2) ‖ Lc ‖ ``data`` ‖ MAC under the maintenance key ``key_name``. Raises
    KeySourceError before, StatusWordError after sending."""
    key = session.key(key_name)
    random = challenge(session)
    message = header + bytes((len(data) + _MAC_LENGTH,)) + data
    code = session.source.mac(key, session.factors, random, message, for_mac(session, key))
    send(session, _command(header, data + code), name, key=key)


def send_encrypted(session: Session, header: bytes, key_name: str, data: bytes, name: str) -> None:
    """``header`` ‖ Lc ‖ encrypted ``data`` ‖ MAC under ``key_name``, from one challenge (decision K9)."""
    key = session.key(key_name)
    random = challenge(session)
    version = for_mac(session, key)
    secret = session.source.encrypt_and_mac(key, session.factors, random, header, data, version)
    send(session, _command(header, secret), name, key=key)


def _command(header: bytes, data: bytes) -> Command:
    cla, ins, p1, p2 = header
    return Command(cla, ins, p1, p2, data)
