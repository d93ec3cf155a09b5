"""No key in the clear on any wire, in any sealed image, in a mother card, in a message or a repr."""

from pathlib import Path

import pytest

from carriers.support import PINS, SUITES, World, blank, exported, world
from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.importing import Pins
from shebaoka.carriers.keys import issuer_cipher
from shebaoka.carriers.session import verify_pin
from shebaoka.carriers.wire import Carrier
from shebaoka.chip.store import FileStore, MemoryStore
from shebaoka.psam.carrier.carrier import open_carrier
from shebaoka.psam.carrier.state import CONTROL_KEY, MASTER_CONTROL, MOTHER, TRANSMISSION, TRANSPORT_KEY
from shebaoka.reader.base import Reader
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.software import SoftwareVault


class Wire:
    """Keeps every byte that passed."""

    def __init__(self) -> None:
        self.heard = bytearray()

    def __call__(self, _: str, reader: Reader) -> Reader:
        return _Heard(reader, self)


class _Heard:
    def __init__(self, reader: Reader, wire: Wire) -> None:
        self._reader, self._wire = reader, wire

    def reset(self) -> bytes:
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        answer = self._reader.transmit(apdu)
        self._wire.heard += apdu + answer
        return answer

    def close(self) -> None:
        self._reader.close()


def material(vault: SoftwareVault) -> set[bytes]:
    """The bytes of all keys of a vault."""
    return {secret.reveal() for _, secret in vault._register.entries()}


def found(secrets: set[bytes], data: bytes) -> list[str]:
    """Secrets, or halves of them, that stand in the data: raw, in hex, in base64's alphabet left out."""
    parts = {part for key in secrets for part in (key[:8], key[8:]) if part}
    text = data.lower()
    return [part.hex() for part in parts if part in data or part.hex().encode() in text]


def secrets_of(own: World) -> set[bytes]:
    """All key bytes: both vaults', and what the cards hold beside them."""
    cards = {
        state[address]
        for state in (chip.state for chip in own.chips.values())
        for address in (CONTROL_KEY, TRANSPORT_KEY, (3, 0, 0, 0))
        if address in state
    }
    return material(own.ministry) | material(own.province) | {bytes(key) for key in cards if key}  # type: ignore[arg-type]


@pytest.mark.parametrize("suite", SUITES)
def test_no_key_on_any_wire(suite: Algorithm) -> None:
    wire = Wire()
    own = world(suite)
    for kind in (MASTER_CONTROL, MOTHER, TRANSMISSION):
        own.chips[kind] = blank(kind, suite)
    own.wrap = wire
    for kind in (MASTER_CONTROL, MOTHER, TRANSMISSION):
        own.issue(kind)
    own.export()
    own.control()
    own.take_in()
    keys = secrets_of(own)
    assert len(keys) > 15
    assert len(wire.heard) > 3000
    assert found(keys, bytes(wire.heard)) == []
    assert found({bytes(wire.heard[100:116])}, bytes(wire.heard))  # the scan finds what is there


@pytest.mark.parametrize("suite", SUITES)
def test_a_mother_card_holds_sealed_blocks_only(suite: Algorithm, tmp_path: Path) -> None:
    own = exported(suite)
    own.take_in()
    MemoryStore(dict(own.chips[MOTHER].state)).save(tmp_path / "mother")
    image = (tmp_path / "mother").read_bytes()
    carried = {secret.reveal() for handle, secret in own.province._register.entries() if handle.name != "MCK"}
    transport = own.chips[TRANSMISSION].state[TRANSPORT_KEY]
    assert isinstance(transport, bytes)
    assert image.startswith(b"SHEBAOKA-CHIP 1 mother TEST_ONLY")
    assert found(carried | {transport} | material(own.ministry), image) == []


def test_sealed_images_show_nothing(tmp_path: Path) -> None:
    own = exported(Algorithm.SM4)
    for kind, chip in own.chips.items():
        path = tmp_path / kind
        MemoryStore(dict(chip.state)).save(path, "open sesame")
        own.chips[kind] = open_chip(path, "open sesame")
    own.take_in()
    keys = secrets_of(own)
    for kind in own.chips:
        raw = (tmp_path / kind).read_bytes()
        assert raw.startswith(b"SHEBAOKA-CHIP 1 " + kind.encode() + b" SEALED")
        assert found(keys, raw) == []
        assert bytes.fromhex(f"{PINS[kind]:f<8}") not in raw
        assert open_carrier(FileStore(path=tmp_path / kind, passphrase="open sesame")).kind == kind


def test_reprs_and_messages(capsys: pytest.CaptureFixture[str]) -> None:
    own = exported(Algorithm.SM4)
    heard = []
    objects: list[object] = [
        own,
        Pins(PINS[MOTHER], PINS[TRANSMISSION]),
        Carrier(own.reader(MOTHER)).status,
        issuer_cipher(own.ministry, "9900000000000002", own.suite),
        own.take_in(),
        own.export(),
    ]
    carrier = Carrier(InProcessReader(own.chips[MOTHER]))
    for pin in ("867530", PINS[MOTHER] + "1", "not a pin 31337"):
        with pytest.raises(CarrierError) as refused:
            verify_pin(carrier, pin)
        heard.append(str(refused.value))
        assert pin not in heard[-1]
    told = "".join(map(repr, objects)) + "".join(heard) + "".join(capsys.readouterr())
    assert found(secrets_of(own), told.encode()) == []
    assert not any(pin in told for pin in PINS.values())
