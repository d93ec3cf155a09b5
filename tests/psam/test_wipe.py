"""WIPE KEYS: the end of a PSAM's life; every key is gone at once and for good."""

from pathlib import Path

import pytest

from chip.build import ORIGINAL, PSAM_AID, SSSE, TRANSPORT, VARIANTS, Algorithm, Loader, psam, root
from psam.test_psam import create, deliver, factors, prove_level, purchase
from shebaoka.chip.chip import PHASES
from shebaoka.chip.errors import PowerLost
from shebaoka.chip.store import FileStore, MemoryStore
from shebaoka.chip.values import KEY, MASTER, TRANSPORT_KEY
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.crypto.formulas import authentication_data, session_key
from shebaoka.crypto.loading import loading_mac
from shebaoka.psam.psam import open_psam

HEADER = bytes.fromhex("84E4000004")
FILES = (0x0011, 0x0012, 0x0013)


@pytest.fixture(params=VARIANTS)
def loader(request: pytest.FixtureRequest) -> Loader:
    return psam(request.param)


def wipe(loader: Loader) -> bytes:
    return HEADER + loading_mac(loader.master, loader.challenge(8), HEADER)


def keys(loader: Loader) -> int:
    return sum(address[0] in (KEY, MASTER) or address == TRANSPORT_KEY for address in loader.chip.state)


def enter(loader: Loader) -> None:
    loader.chip.reset()
    loader.select(SSSE)
    loader.select(PSAM_AID)


def serves(loader: Loader) -> int:
    return deliver(loader, 0x28, 0x42, factors(1))


def is_dead(loader: Loader) -> None:
    """No key answers, and none can come again by any command."""
    for _ in range(2):
        enter(loader)
        assert serves(loader) == 0x6A88
        assert loader.sw(purchase(loader, 1)) == 0x6A88
        assert loader.sw(create(loader, 0x28, 0x43, bytes(16))) == 0x6985
        assert loader.sw(bytes.fromhex("84D401110C") + bytes(12)) in (0x6700, 0x6985)
        assert loader.sw(bytes.fromhex("84D4011114") + bytes(20)) == 0x6985
        for identifier in (1, 2, 3):
            assert loader.authenticate(identifier, root(f"KID-0{identifier}", loader.algorithm)) == 0x6A88
        for name in (None, SSSE, PSAM_AID):
            loader.ok("00A40000") if name is None else loader.select(name)
            assert prove(loader, root("ADF-MK", loader.algorithm)) == 0x6985
            assert prove(loader, SoftwareCipher(loader.algorithm, TRANSPORT)) == 0x6985
            for command in ("80E0000005620382013A", "80E4000000", "84D800001C" + "00" * 28, "8044000000"):
                assert loader.sw(bytes.fromhex(command)) == 0x6985
        assert loader.sw(wipe(loader)) == 0x6985
    assert keys(loader) == 0


def prove(loader: Loader, cipher: SoftwareCipher) -> int:
    auth = authentication_data(session_key(cipher, loader.challenge(8)), ORIGINAL)
    return loader.sw(bytes.fromhex("8082000010") + auth + ORIGINAL)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_level_wipes_all_keys(loader: Loader, level: int) -> None:
    assert serves(loader) == 0x9000
    prove_level(loader, level)
    assert loader.sw(wipe(loader)) == 0x9000
    is_dead(loader)
    loader.select(SSSE)  # it still says who it was
    assert loader.ok("00B0960006").hex() == "650100000001"


def test_the_master_of_the_psam_wipes_too(loader: Loader) -> None:
    loader.chip.reset()
    loader.ok("00A40000")
    root_key = SoftwareCipher(loader.algorithm, TRANSPORT)
    assert prove(loader, root_key) == 0x9000
    assert loader.sw(HEADER + loading_mac(root_key, loader.challenge(8), HEADER)) == 0x9000
    is_dead(loader)


def test_what_is_refused_changes_nothing(loader: Loader) -> None:
    before = dict(loader.chip.state)
    assert loader.sw(wipe(loader)) == 0x6982  # no right
    prove_level(loader, 3)
    assert loader.sw(HEADER + bytes(4)) == 0x6984  # the challenge was used up by the proof
    loader.challenge(8)
    assert loader.sw(HEADER + bytes(4)) == 0x6988
    good = wipe(loader)
    loader.challenge(8)
    assert loader.sw(good) == 0x6988  # the challenge of before
    assert loader.sw(HEADER[:4]) == 0x6700
    assert loader.sw(bytes.fromhex("84E4000104") + bytes(4)) == 0x6A86
    good = wipe(loader)
    assert loader.sw(good[:-1] + bytes((good[-1] ^ 1,))) == 0x6988
    loader.select(SSSE)  # the right ends with the application
    loader.select(PSAM_AID)
    assert loader.sw(wipe(loader)) == 0x6982
    changed = {address for address, value in loader.chip.state.items() if before.get(address) != value}
    assert all(address[0] == 8 for address in changed)  # try counters, back at their limit
    assert serves(loader) == 0x9000


@pytest.mark.parametrize("in_file", [False, True])
@pytest.mark.parametrize("phase", PHASES)
def test_power_cut_while_wiping(tmp_path: Path, phase: str, in_file: bool) -> None:
    made = psam(Algorithm.SM4)
    store: MemoryStore | FileStore = MemoryStore(dict(made.chip.state))
    if in_file:
        store.save(tmp_path / "psam")  # type: ignore[union-attr]
        store = FileStore(tmp_path / "psam")
    loader = Loader(open_psam(store), Algorithm.SM4)
    loader.master = made.master
    enter(loader)
    count = keys(loader)
    prove_level(loader, 2)
    command = wipe(loader)
    loader.chip.tear_at(1, phase)
    with pytest.raises(PowerLost):
        loader.chip.transmit(command)
    enter(loader)
    if phase == "after":
        assert keys(loader) == 0
    else:
        assert keys(loader) == count
        assert serves(loader) == 0x9000
        prove_level(loader, 2)
        assert loader.sw(wipe(loader)) == 0x9000
    is_dead(loader)
    if in_file:
        is_dead_again = Loader(open_psam(FileStore(tmp_path / "psam")), Algorithm.SM4)
        is_dead_again.master = made.master
        is_dead(is_dead_again)
