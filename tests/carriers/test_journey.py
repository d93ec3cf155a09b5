"""Keys from the ministry to a province on three cards, and what stands in the way."""

import pytest

from carriers.support import MOMENT, PINS, SERIALS, SUITES, exported, world
from shebaoka.carriers.wire import Carrier
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION, State
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.hierarchy import child_factor
from vault.support import PROVINCE


@pytest.mark.parametrize("suite", SUITES)
def test_keys_travel_on_cards(suite: Algorithm) -> None:
    own = world(suite)
    export = own.export()
    own.control()
    result = own.take_in()
    assert result.reference == export.reference
    assert [handle.name for handle in result.handles] == [handle.name for handle in export.handles]
    assert {"STK", "UK3DF01", "KID-02", "ADF-MK"} <= {handle.name for handle in result.handles}
    for above, below in zip(export.handles, result.handles, strict=True):
        assert (below.parent, below.owner, below.version) == (above.id, PROVINCE, above.version)
        same = own.ministry.cipher(above, child_factor(PROVINCE)).encrypt(bytes(16))
        assert own.province.cipher(below).encrypt(bytes(16)) == same
    assert result.uses_left == (2, 2)


def test_what_a_carrier_tells_freely() -> None:
    own = exported(Algorithm.SM4)
    for kind in (MASTER_CONTROL, MOTHER, TRANSMISSION):
        carrier = Carrier(own.reader(kind))
        assert carrier.identity is not None
        assert (carrier.identity.kind, carrier.identity.serial) == (kind, SERIALS[kind])
        assert (carrier.identity.owner, carrier.identity.seal) == (PROVINCE, "SEAL-0007")
        assert carrier.status.state is State.COMPLETE
        assert carrier.status.use_limit == 3
        assert carrier.status.kcv == own.province.find("MCK", 1, Algorithm.SM4).kcv
    assert Carrier(own.reader(MASTER_CONTROL)).status.uses_left == 2


def test_every_use_is_in_the_log() -> None:
    own = exported(Algorithm.SM4)
    own.take_in()
    own.take_in()
    reference = Carrier(own.reader(MOTHER)).status.reference.hex()
    stamp = f"{MOMENT:%Y%m%d%H%M%S}"
    for kind, purpose in ((MOTHER, "03"), (TRANSMISSION, "02")):
        reader = own.reader(kind)
        reader.reset()
        for record, number in ((1, 2), (2, 1)):
            answer = reader.transmit(bytes((0x00, 0xB2, record, 0xC4, 18)))
            assert answer.hex() == f"{number:04x}{stamp}{purpose}{reference}9000"


def test_pins_are_not_shown() -> None:
    from shebaoka.carriers.importing import Pins

    assert PINS[MOTHER] not in repr(Pins(PINS[MOTHER], PINS[TRANSMISSION]))
