"""Commands to a carrier in any reader, and what its answers mean."""

from collections.abc import Mapping

from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.identity import Identity, Status
from shebaoka.crypto.ciphers import BlockCipher
from shebaoka.crypto.formulas import authentication_data, session_key
from shebaoka.crypto.loading import loading_mac
from shebaoka.psam.carrier.state import State
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.exchange import follow
from shebaoka.spec import sw
from shebaoka.spec.status_words import describe
from shebaoka.vault.model import Body

_ORIGINAL = bytes(8)


class Carrier:
    """A carrier in a reader, reset, with its status and (when issued) identity as it tells them freely.

    Raises CarrierError for a card that is no carrier or does not answer."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        try:
            reader.reset()
        except ReaderError as error:
            raise CarrierError(f"the carrier does not answer: {error}") from error
        self.status = self.read_status()
        self.identity: Identity | None = None
        if self.status.state is not State.BLANK:
            try:
                self.identity = Identity.decode(self.send(bytes.fromhex("00B0950000"), "READ BINARY 0015"))
            except CarrierError:
                raise
            except ValueError as error:
                raise CarrierError(f"{error}; take the card out of use") from None

    def __str__(self) -> str:
        return str(self.identity) if self.identity else f"blank {self.status.kind} card"

    def read_status(self) -> Status:
        """GET STATUS anew."""
        try:
            return Status.decode(self.send(bytes.fromhex("80CA000000"), "GET STATUS"))
        except CarrierError as error:
            raise CarrierError(f"the card is no key carrier: {error}") from None
        except ValueError as error:
            raise CarrierError(str(error)) from None

    def known(self, kind: str, owner: Body) -> Identity:
        """The identity. Raises CarrierError when the card is blank, of another kind or another body's."""
        identity = self.identity
        if self.status.kind != kind:
            raise CarrierError(f"{self}: a {kind} card is needed here")
        if identity is None:
            raise CarrierError(f"{self}: issue it first")
        if (identity.owner.level, identity.owner.code) != (owner.level, owner.code):
            raise CarrierError(f"{self}: it belongs to {identity.owner}, not to {owner}")
        return identity

    def send(self, command: bytes, what: str, meanings: Mapping[int, str] | None = None) -> bytes:
        """The answer's data. Raises CarrierError for another status word than 9000."""
        try:
            answer = follow(self._reader, command)
        except ReaderError as error:
            raise CarrierError(f"{what}: the carrier stopped answering: {error}") from error
        word = int.from_bytes(answer[-2:])
        if len(answer) < 2 or word != sw.OK:
            raise CarrierError(f"{what}: the carrier answered {word:04X} ({_meaning(word, meanings)})")
        return answer[:-2]

    def challenge(self) -> bytes:
        """Eight random bytes of the card."""
        challenge = self.send(bytes.fromhex("0084000008"), "GET CHALLENGE")
        if len(challenge) != 8:
            raise CarrierError(f"GET CHALLENGE: {len(challenge)} bytes instead of 8")
        return challenge

    def prove_issuer(self, master: BlockCipher) -> None:
        """AUTHENTICATE MASTER with the issuer key, on a blank with its transport key."""
        auth = authentication_data(session_key(master, self.challenge()), _ORIGINAL)
        self.send(
            b"\x80\x82\x00\x00\x10" + auth + _ORIGINAL,
            "AUTHENTICATE MASTER",
            {sw.BLOCKED: "too many wrong issuer keys: destroy the card"},
        )

    def send_as_issuer(self, master: BlockCipher, header: bytes, data: bytes, what: str) -> None:
        """A command with the issuer's MAC. ``header``: 4 bytes."""
        message = header + bytes((len(data) + 4,)) + data
        self.send(message + loading_mac(master, self.challenge(), message), what)


def _meaning(word: int, meanings: Mapping[int, str] | None) -> str:
    if word & 0xFFF0 == 0x63C0:
        return f"wrong; {word & 0xF} tries left"
    return (meanings or {}).get(word) or describe(word).meaning.en
