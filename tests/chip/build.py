"""Builds small cards and PSAMs through the issuer dialect, with keys derived from public strings."""

from dataclasses import dataclass, field
from functools import cache

from shebaoka.card.card import blank_card, open_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.keys import Role
from shebaoka.chip.profile import STRICT, Profile
from shebaoka.chip.store import MemoryStore
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.crypto.formulas import authentication_data, diversify, session_key
from shebaoka.crypto.loading import loading_mac
from shebaoka.crypto.padding import pad_data, pad_mac
from shebaoka.psam.psam import blank_psam, open_psam
from shebaoka.spec.algorithm import Algorithm as Algorithm

HISTORICAL = bytes.fromhex("00810102031234650100000001")
TRANSPORT = b"TEST_ONLY transp"
ORIGINAL = bytes.fromhex("1112131415161718")
SSSE = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")
SECOND = bytes.fromhex("7378322E73682EC9E7BBE1B1A3D5CF")
AID = bytes.fromhex("D15600000500")
PSAM_AID = bytes.fromhex("D15600000590")
FACTORS = (province_factor("650100"), city_factor("650100"), card_factor(HISTORICAL))
VARIANTS = (Algorithm.TDES, Algorithm.SM4)
FREE, NEVER, PIN = b"\x00", b"\xff", b"\x01"


def key(identifier: int) -> bytes:
    """Access rule of one key."""
    return bytes((2, identifier))


def either(*rules: bytes) -> bytes:
    return rules[0] + b"".join(rule + b"\x11" for rule in rules[1:])


def both(*rules: bytes) -> bytes:
    return rules[0] + b"".join(rule + b"\x10" for rule in rules[1:])


@cache
def root(name: str, algorithm: Algorithm) -> SoftwareCipher:
    """A root key: the ASCII name filled with A5; single DES for STK under the 8-byte cipher."""
    single = name.startswith("STK") and algorithm is Algorithm.TDES
    size = 8 if single else 16
    return SoftwareCipher(Algorithm.DES if single else algorithm, name.encode().ljust(size, b"\xa5")[:size])


@cache
def card_key(name: str, algorithm: Algorithm) -> BlockCipher:
    """The card's key: three diversifications of the root."""
    cipher: BlockCipher = root(name, algorithm)
    for factor in FACTORS:
        cipher = diversify(cipher, factor)
    return cipher


def material(cipher: BlockCipher) -> bytes:
    """Key bytes as WRITE KEY carries them: 16, single DES twice."""
    value: bytes = cipher._key  # type: ignore[attr-defined]
    return value if len(value) == 16 else value + value


def apdu(cla: int, ins: int, p1: int, p2: int, data: bytes = b"", le: int | None = None) -> bytes:
    body = bytes((len(data),)) + data if data else b""
    tail = bytes((le & 0xFF,)) if le is not None else b""
    return bytes((cla, ins, p1, p2)) + (body + tail or b"\x00")


@dataclass
class Entry:
    """A key to load."""

    role: int
    identifier: int
    value: bytes
    algorithm: Algorithm
    version: int = 1
    limit: int = 3
    index: int = 0
    flags: int = 0

    @property
    def header(self) -> bytes:
        return bytes(
            (
                self.role,
                self.identifier,
                self.version,
                self.algorithm.psam,
                self.limit,
                self.index,
                self.flags,
                0,
            )
        )


@dataclass
class Loader:
    """Sends commands to a chip and follows 61xx."""

    chip: Chip
    algorithm: Algorithm
    master: SoftwareCipher = field(init=False)

    def __post_init__(self) -> None:
        self.master = SoftwareCipher(self.algorithm, TRANSPORT)

    def send(self, command: bytes | str) -> tuple[bytes, int]:
        raw = bytes.fromhex(command) if isinstance(command, str) else command
        answer = self.chip.transmit(raw)
        if answer[-2] == 0x61:
            answer = self.chip.transmit(bytes((0, 0xC0, 0, 0, answer[-1])))
        return answer[:-2], int.from_bytes(answer[-2:])

    def ok(self, command: bytes | str) -> bytes:
        data, sw = self.send(command)
        assert sw == 0x9000, f"{sw:04X}"
        return data

    def sw(self, command: bytes | str) -> int:
        return self.send(command)[1]

    def challenge(self, size: int = 8) -> bytes:
        return self.ok(bytes((0, 0x84, 0, 0, size)))

    def authenticate(self, identifier: int, cipher: BlockCipher, version: int | None = None) -> int:
        auth = authentication_data(session_key(cipher, self.challenge()), ORIGINAL)
        tail = b"" if version is None else bytes((version,))
        return self.sw(apdu(0, 0x82, 0, identifier, auth + ORIGINAL + tail))

    def prove(self, identifier: int, name: str) -> None:
        assert self.authenticate(identifier, card_key(name, self.algorithm)) == 0x9000

    def authenticate_master(self, cipher: SoftwareCipher | None = None) -> int:
        auth = authentication_data(session_key(cipher or self.master, self.challenge()), ORIGINAL)
        return self.sw(apdu(0x80, 0x82, 0, 0, auth + ORIGINAL))

    def select(self, name: bytes) -> bytes:
        return self.ok(apdu(0, 0xA4, 4, 0, name))

    def create(self, *fields: tuple[int, bytes]) -> None:
        body = b"".join(bytes((tag, len(value))) + value for tag, value in fields)
        self.ok(apdu(0x80, 0xE0, 0, 0, bytes((0x62, len(body))) + body))

    def directory(self, fid: int, name: bytes, special: bytes | None = None) -> None:
        extra = () if special is None else ((0xA5, special),)
        self.create((0x82, b"\x38"), (0x83, fid.to_bytes(2)), (0x84, name), *extra)

    def file(self, fid: int, structure: int, read: bytes, write: bytes, size: bytes = b"\x02\x00") -> None:
        tag = 0x86 if structure in (2, 6) else 0x80
        extra = () if structure == 8 else ((tag, size),)
        self.create((0x82, bytes((structure,))), (0x83, fid.to_bytes(2)), *extra, (0x8C, read), (0x8D, write))

    def raw(self, *contents: bytes) -> None:
        """Put raw content into the file just created."""
        for content in contents:
            self.ok(apdu(0x80, 0xDA, 0x9F, 0x7F, content))

    def write_keys(self, *entries: Entry, p1: int = 0, p2: int = 0) -> int:
        return self.sw(self.key_command(entries, p1, p2, self.challenge()))

    def key_command(self, entries: tuple[Entry, ...], p1: int, p2: int, challenge: bytes) -> bytes:
        body = b"".join(entry.header + self.master.encrypt(entry.value) for entry in entries)
        head = bytes((0x84, 0xD8, p1, p2, len(body) + 4))
        return head + body + loading_mac(self.master, challenge, head + body)

    def load(
        self, role: int, identifier: int, name: str, *, versions: int = 1, limit: int = 3, index: int = 0
    ) -> None:
        for version in range(1, versions + 1):
            cipher = card_key(name if version == 1 else f"{name}{version}", self.algorithm)
            entry = Entry(role, identifier, material(cipher), cipher.algorithm, version, limit, index)
            assert self.write_keys(entry) == 0x9000


def pin_entry(pin: str, limit: int = 6) -> Entry:
    value = bytes.fromhex(pin)
    block = pad_data(value, 16) if value else pad_mac(b"\x00", 16)
    return Entry(Role.PIN, 0, block, Algorithm.TDES, 1, limit)


EF05 = tuple(
    bytes.fromhex(record)
    for record in (
        "0110650100D15600000500000001FFFFFFFF",
        "020133",
        "0304322E3030",
        "040C915600000265010065010001",
        "050420200101",
        "060420300101",
        "0709413030303030303131",
    )
)
ACCOUNT = bytes.fromhex("00000000 0001 0001 2016 0101 1C 00000000 00000000")


def build_card(algorithm: Algorithm, *, pin: str = "123456", account: bytes = ACCOUNT) -> MemoryStore:
    """SSSE and four DFs with the keys, files and rules that the tests use."""
    store = MemoryStore()
    chip = blank_card(store, historical=HISTORICAL, algorithm=algorithm, transport_key=TRANSPORT)
    loader = Loader(chip, algorithm)
    assert loader.authenticate_master() == 0x9000
    special = bytes((0x87, 1, algorithm.fci or 0, 0x88, 1, 0x1E))
    loader.directory(0xDD01, SSSE, special)
    load = loader.load
    load(Role.INTERNAL, 0x00, "IRK", versions=3)
    load(Role.MAINTENANCE, 0x02, "STK")
    load(Role.EXTERNAL, 0x04, "UKSSSE", versions=3)
    load(Role.CARD_BLOCK, 0x05, "BK", limit=0)
    load(Role.PIN_UNBLOCK, 0x06, "PUK")
    load(Role.EXTERNAL, 0x0A, "RKSSSE")
    assert loader.write_keys(pin_entry(pin)) == 0x9000
    loader.file(0xEF05, 4, FREE, key(4), b"\x00\x80")
    loader.raw(*EF05)
    loader.file(0xEF07, 1, key(0x0A), key(4), b"\x03\x00")
    loader.file(0xEF1E, 4, FREE, key(4))
    loader.file(0xEF0F, 8, NEVER, NEVER)
    _directory(loader, 0xDF01, 0)
    load(Role.MAINTENANCE, 0x82, "STKDF01")
    load(Role.EXTERNAL, 0x83, "UK1DF01", versions=3)
    load(Role.EXTERNAL, 0x84, "UK2DF01")
    load(Role.EXTERNAL, 0x88, "RK1DF01")
    loader.file(0xEF05, 4, either(PIN, key(0x88)), key(0x83), b"\x00\x20")
    loader.raw(bytes.fromhex("20023131"), bytes.fromhex("0E03650100"))
    loader.file(0xEF07, 4, either(PIN, key(0x88)), key(0x84), b"\x00\x08")
    loader.raw(bytes.fromhex("290130"))
    loader.file(0xEF16, 1, FREE, key(0x83), b"\x01\x28")
    loader.file(0xEF15, 4, FREE, key(0x83))
    loader.raw(*(bytes((0x40, 1, number)) for number in (1, 2, 3)), b"\x2a\x01\x09")
    loader.file(0xEF06, 2, FREE, key(0x83), b"\x06\x02")
    _directory(loader, 0xDF02, 1)
    load(Role.EXTERNAL, 0x85, "UK3DF02")
    loader.file(0xEF07, 6, FREE, key(0x85), b"\x03\x04")
    _directory(loader, 0xDF04, 3)
    load(Role.MAINTENANCE, 0x82, "STKDF04")
    load(Role.APPLICATION_BLOCK, 0x83, "LKDF04", limit=0)
    load(Role.EXTERNAL, 0x84, "RK1DF04")
    load(Role.STARTING_DAY, 0x89, "DSK")
    load(Role.LOAD, 0, "DLK", index=1)
    load(Role.PURCHASE, 0, "DPK", index=1)
    load(Role.TAC, 0, "DTK")
    loader.file(0xEF06, 4, both(PIN, key(0x84)), NEVER)
    loader.file(0xEF08, 6, PIN, NEVER, bytes((account[12], 3)))
    loader.ok(apdu(0x80, 0xDA, 0x9F, 0x02, account))
    loader.ok("8044000000")
    return store


def _directory(loader: Loader, fid: int, number: int) -> None:
    loader.select(SSSE)
    assert loader.authenticate_master() == 0x9000
    loader.directory(fid, AID[:-1] + bytes((number,)))


@cache
def _card(algorithm: Algorithm, pin: str, account: bytes) -> MemoryStore:
    return build_card(algorithm, pin=pin, account=account)


def card(
    algorithm: Algorithm, *, pin: str = "123456", account: bytes = ACCOUNT, profile: Profile = STRICT
) -> Loader:
    """A fresh copy of the built card, reset, with the SSSE selected."""
    loader = Loader(open_card(_card(algorithm, pin, account).copy(), profile=profile), algorithm)
    loader.chip.reset()
    loader.select(SSSE)
    return loader


def script_random(chip: Chip, value: str) -> None:
    """Fix the chip's next random bytes."""
    source = bytes.fromhex(value)
    chip.random = lambda size: source[:size]


def build_psam(algorithm: Algorithm, levels: int = 1) -> MemoryStore:
    """Environment, application, KIDs and level keys that still take ``levels`` factors."""
    store = MemoryStore()
    chip = blank_psam(store, historical=HISTORICAL, algorithm=algorithm, transport_key=TRANSPORT)
    loader = Loader(chip, algorithm)
    assert loader.authenticate_master() == 0x9000
    for fid, name in ((0xDD02, SECOND), (0xDD01, SSSE)):
        loader.ok("00A40000")
        assert loader.authenticate_master() == 0x9000
        loader.directory(fid, name, bytes((0x87, 1, algorithm.fci or 0, 0x88, 1, 1)))
    loader.file(0x0015, 1, FREE, b"\x03", b"\x0f")
    loader.raw(bytes.fromhex("01 00000000000000000001 01 01 8601".replace(" ", "")))
    loader.file(0x0016, 1, FREE, b"\x03", b"\x06")
    loader.raw(bytes.fromhex("650100000001"))
    loader.directory(0xDF01, PSAM_AID)
    for number in (1, 2, 3):
        cipher = root(f"KID-0{number}", algorithm)
        assert loader.write_keys(Entry(Role.LEVEL_CONTROL, number, material(cipher), algorithm)) == 0x9000
        loader.file(0x0010 + number, 8, FREE, key(number))
        loader.file(0x0019 + number, 1, FREE, key(number), b"\x0a")
    loader.file(0x0019, 1, FREE, NEVER, b"\x04")
    loader.ok(apdu(0x80, 0xDA, 0x9F, 0x03, (4).to_bytes(4)))
    for key_name, kind, identifier in (("UK1DF01", 8, 0x42), ("STK", 6, 0x09), ("DPK", 2, 1)):
        level = level_root(key_name, algorithm, levels)
        entry = Entry(
            Role.LEVEL,
            identifier,
            material(level),
            level.algorithm,
            limit=0,
            index=levels << 5 | kind,
            flags=0x11,
        )
        assert loader.write_keys(entry) == 0x9000
    adf_mk = root("ADF-MK", algorithm)
    assert loader.write_keys(Entry(Role.MASTER, 0, material(adf_mk), algorithm), p1=1, p2=1) == 0x9000
    return store


def level_root(name: str, algorithm: Algorithm, levels: int) -> BlockCipher:
    """The root that still takes ``levels`` factors: 3 national, 2 provincial, 1 city."""
    cipher: BlockCipher = root(name, algorithm)
    for factor in FACTORS[: 3 - levels]:
        cipher = diversify(cipher, factor)
    return cipher


@cache
def _psam(algorithm: Algorithm, levels: int) -> MemoryStore:
    return build_psam(algorithm, levels)


def psam(algorithm: Algorithm, levels: int = 1) -> Loader:
    """A fresh copy of the built PSAM with its application selected."""
    loader = Loader(open_psam(_psam(algorithm, levels).copy()), algorithm)
    loader.master = root("ADF-MK", algorithm)
    loader.chip.reset()
    loader.select(SSSE)
    loader.select(PSAM_AID)
    return loader
