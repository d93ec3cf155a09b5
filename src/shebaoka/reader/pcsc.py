"""A chip in a PC/SC reader, through pyscard (the extra ``pcsc``)."""

from collections.abc import Callable
from typing import Any, NoReturn

from shebaoka.reader.base import (
    CardAbsentError,
    CardMuteError,
    ReaderBusyError,
    ReaderError,
    ReaderNotFoundError,
)

_INSTALL = (
    "PC/SC needs pyscard: pip install 'shebaoka[pcsc]' (with libpcsclite-dev and a C compiler on Linux)"
)
_NO_SERVICE = "no PC/SC service answers: start pcscd (Debian: apt install pcscd, then systemctl start pcscd)"


def list_readers() -> list[str]:
    """Names of the readers PC/SC shows, in its order; empty when there are none.

    Raises ReaderNotFoundError when pyscard is not installed or the PC/SC service does not run.
    """
    scard = _library()
    context = _context(scard)
    try:
        return _reader_names(scard, context)
    finally:
        scard.SCardReleaseContext(context)


def cards_present() -> dict[str, bool]:
    """Every reader PC/SC shows, and whether a card is in it. Raises ReaderNotFoundError."""
    scard = _library()
    context = _context(scard)
    try:
        names = _reader_names(scard, context)
        if not names:
            return {}
        unaware = [(name, scard.SCARD_STATE_UNAWARE) for name in names]
        code, states = scard.SCardGetStatusChange(context, 0, unaware)
        if code != scard.SCARD_S_SUCCESS:
            raise ReaderNotFoundError(f"PC/SC: {_reason(scard, code)}")
        return {str(name): bool(state & scard.SCARD_STATE_PRESENT) for name, state, _atr in states}
    finally:
        scard.SCardReleaseContext(context)


class PcscReader:
    """The card in one PC/SC reader, held exclusively. ``reader`` is its number in :func:`list_readers`, its
    name, or a part of the name that only one reader has.

    Under T=0 the Le of a case-4 command is not sent (ISO 7816-3); the chip then answers 61xx.
    Raises ReaderNotFoundError (no library, service or reader), ReaderError (no card, no answer).
    """

    def __init__(self, reader: int | str = 0) -> None:
        self._scard = _library()
        self._context = _context(self._scard)
        self._card: Any = None
        self._protocol = 0
        try:
            self.name = choose(_reader_names(self._scard, self._context), reader)
            self._connect()
        except ReaderError:
            self._scard.SCardReleaseContext(self._context)
            raise

    def reset(self) -> bytes:
        """Cold reset (power off and on); gives the ATR. Takes in a card that was changed meanwhile."""
        scard = self._scard
        if self._card is not None:
            code, self._protocol = scard.SCardReconnect(
                self._card,
                scard.SCARD_SHARE_EXCLUSIVE,
                scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
                scard.SCARD_UNPOWER_CARD,
            )
            if code != scard.SCARD_S_SUCCESS:
                self._disconnect()
        if self._card is None:
            self._connect()
        code, _name, _state, _protocol, atr = scard.SCardStatus(self._card)
        self._check(code)
        return bytes(atr)

    def transmit(self, apdu: bytes) -> bytes:
        """One command APDU. Raises ReaderError when the card is gone or does not answer."""
        if self._card is None:
            raise CardAbsentError(f"no card in {self.name}: insert one and reset")
        scard = self._scard
        if self._protocol == scard.SCARD_PROTOCOL_T0 and len(apdu) > 5 and len(apdu) == 6 + apdu[4]:
            apdu = apdu[:-1]
        code, answer = scard.SCardTransmit(self._card, self._protocol, list(apdu))
        if code != scard.SCARD_S_SUCCESS or len(answer) < 2:
            self._check(code)
            raise ReaderError(f"the card in {self.name} gave {len(answer)} bytes instead of a status word")
        return bytes(answer)

    def close(self) -> None:
        """Power the card off and release the reader."""
        self._disconnect()
        if self._context is not None:
            self._scard.SCardReleaseContext(self._context)
            self._context = None

    def _connect(self) -> None:
        scard = self._scard
        code, card, protocol = scard.SCardConnect(
            self._context,
            self.name,
            scard.SCARD_SHARE_EXCLUSIVE,
            scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1,
        )
        if code != scard.SCARD_S_SUCCESS:
            self._fail(code)
        self._card, self._protocol = card, protocol

    def _disconnect(self) -> None:
        if self._card is not None:
            self._scard.SCardDisconnect(self._card, self._scard.SCARD_UNPOWER_CARD)
            self._card = None

    def _check(self, code: int) -> None:
        if code != self._scard.SCARD_S_SUCCESS:
            self._fail(code)

    def _fail(self, code: int) -> NoReturn:
        scard = self._scard
        absent = (scard.SCARD_E_NO_SMARTCARD, scard.SCARD_W_REMOVED_CARD)
        if code in absent:
            raise CardAbsentError(f"no card in {self.name}: insert one and reset")
        if code == scard.SCARD_E_SHARING_VIOLATION:
            raise ReaderBusyError(f"another program uses the card in {self.name}: close it and try again")
        if code == scard.SCARD_W_UNRESPONSIVE_CARD:
            raise CardMuteError(f"the card in {self.name} gives no ATR: is it inserted the right way?")
        raise ReaderError(f"{self.name}: {_reason(scard, code)}")


def _library() -> Any:
    try:
        from smartcard import scard
    except ImportError as error:
        raise ReaderNotFoundError(_INSTALL) from error
    return scard


def _context(scard: Any) -> Any:
    code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if code != scard.SCARD_S_SUCCESS:
        gone = (scard.SCARD_E_NO_SERVICE, scard.SCARD_E_SERVICE_STOPPED)
        raise ReaderNotFoundError(_NO_SERVICE if code in gone else f"PC/SC: {_reason(scard, code)}")
    return context


def _reader_names(scard: Any, context: Any) -> list[str]:
    code, names = scard.SCardListReaders(context, [])
    if code == scard.SCARD_E_NO_READERS_AVAILABLE:
        return []
    if code != scard.SCARD_S_SUCCESS:
        raise ReaderNotFoundError(f"PC/SC: {_reason(scard, code)}")
    return [str(name) for name in names]


def choose(names: list[str], wanted: int | str) -> str:
    """The reader meant by a number, a name or a part of a name. Raises ReaderNotFoundError."""
    if not names:
        raise ReaderNotFoundError(
            "PC/SC shows no reader: plug one in, or install the vpcd driver for virtual ones"
        )
    shown = ", ".join(f"{number}: {name}" for number, name in enumerate(names))
    if isinstance(wanted, int):
        if not 0 <= wanted < len(names):
            raise ReaderNotFoundError(f"there is no reader number {wanted}; PC/SC shows {shown}")
        return names[wanted]
    fits = [name for name in names if name == wanted] or [name for name in names if wanted in name]
    if len(fits) != 1:
        count = "more than one reader" if fits else "no reader"
        raise ReaderNotFoundError(f"{count} is named {wanted!r}; PC/SC shows {shown}")
    return fits[0]


def _reason(scard: Any, code: int) -> str:
    describe: Callable[[int], str] = scard.SCardGetErrorMessage
    return f"{describe(code).rstrip('.')} ({code & 0xFFFFFFFF:08X})"
