"""What a carrier says it is: the identity file, EF 0015, and the status."""

from dataclasses import dataclass
from datetime import date

from shebaoka.codec.tlv import TlvError, encode_all, parse
from shebaoka.psam.carrier.state import KINDS, State
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.carried import decode_body, encode_body
from shebaoka.vault.model import Body, Vault
from shebaoka.vault.rules import check_mark

MOST = 198  # bytes that ISSUE CARRIER has room for
_KIND, _SERIAL, _ISSUER, _OWNER, _SUITE, _CREATED, _SEAL, _FLAGS = range(0xA1, 0xA9)
_TEST_ONLY = 0x01


@dataclass(frozen=True, slots=True)
class Identity:
    """``kind``: master-control, mother or transmission; ``serial``: 16 digits; ``issuer``: who issued it;
    ``owner``: the body it is for; ``seal``: number of the seal of its envelope, ASCII."""

    kind: str
    serial: str
    issuer: Body
    owner: Body
    suite: Algorithm
    created: date
    seal: str = ""
    test_only: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a carrier is one of {', '.join(KINDS)}, not {self.kind!r}")
        if len(self.serial) != 16 or not (self.serial.isascii() and self.serial.isdigit()):
            raise ValueError(f"the serial number of a carrier has 16 digits, not {self.serial!r}")
        if not self.seal.isascii() or len(self.seal) > 20:
            raise ValueError(f"a seal number has at most 20 ASCII characters, not {self.seal!r}")

    def __str__(self) -> str:
        return f"{self.kind} card {self.serial} of {self.owner}"

    def encode(self) -> bytes:
        """TLV. Raises ValueError when the names are too long."""
        content = encode_all(
            [
                (_KIND, bytes((KINDS.index(self.kind) + 1,))),
                (_SERIAL, bytes.fromhex(self.serial)),
                (_ISSUER, encode_body(self.issuer)),
                (_OWNER, encode_body(self.owner)),
                (_SUITE, bytes((self.suite.psam,))),
                (_CREATED, bytes.fromhex(f"{self.created:%Y%m%d}")),
                (_SEAL, self.seal.encode("ascii")),
                (_FLAGS, bytes((_TEST_ONLY * self.test_only,))),
            ]
        )
        if len(content) > MOST:
            raise ValueError(f"{self}: the names of issuer and owner are too long by {len(content) - MOST}")
        return content

    @classmethod
    def decode(cls, data: bytes) -> "Identity":
        """Inverse of :meth:`encode`. Raises ValueError."""
        try:
            fields = dict(parse(data))
            return cls(
                kind=KINDS[fields[_KIND][0] - 1],
                serial=fields[_SERIAL].hex(),
                issuer=decode_body(fields[_ISSUER]),
                owner=decode_body(fields[_OWNER]),
                suite=Algorithm.from_psam(fields[_SUITE][0]),
                created=date.fromisoformat(fields[_CREATED].hex()),
                seal=fields[_SEAL].decode("ascii"),
                test_only=bool(fields[_FLAGS][0] & _TEST_ONLY),
            )
        except (TlvError, KeyError, IndexError):
            raise ValueError("the identity of the carrier does not decode") from None


def check_carrier(vault: Vault, *identities: Identity) -> None:
    """Raises VaultError for a TEST_ONLY carrier at a production vault, or one of production at another
    (R-55)."""
    for identity in identities:
        check_mark(str(identity), vault.owner, identity.test_only, production=vault.production)


@dataclass(frozen=True, slots=True)
class Status:
    """What GET STATUS tells. ``reference``: of the export, zeros without; ``kcv``: of the control key;
    ``former``: serial number that a blank carrier had before it was erased, empty without."""

    kind: str
    state: State
    uses_left: int
    use_limit: int
    pin_tries: int
    control_tries: int
    reference: bytes
    blocks: int
    kcv: str
    check: bytes
    former: str = ""

    @classmethod
    def decode(cls, data: bytes) -> "Status":
        """Raises ValueError for an answer that is none."""
        if len(data) != 37 or not 1 <= data[0] <= len(KINDS):
            raise ValueError("the card is no key carrier")
        return cls(
            KINDS[data[0] - 1],
            State(data[1]),
            int.from_bytes(data[2:4]),
            int.from_bytes(data[4:6]),
            data[6],
            data[7],
            data[8:16],
            int.from_bytes(data[16:18]),
            data[18:21].hex().upper(),
            data[21:29],
            data[29:].hex() if any(data[29:]) else "",
        )
