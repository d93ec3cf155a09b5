"""The same three cards in PC/SC readers."""

from typing import cast

import pytest

from carriers.support import PINS, World, blank, exported, vaults
from pcsc.stack import PcscStack
from shebaoka.carriers.control import load_control_key
from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.export import export_keys
from shebaoka.carriers.importing import Pins, import_keys
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION
from shebaoka.reader.base import Reader
from shebaoka.reader.pcsc import PcscReader
from shebaoka.spec.algorithm import Algorithm
from vault.support import PROVINCE


@pytest.mark.parametrize("suite", [Algorithm.TDES, Algorithm.SM4])
def test_keys_travel_through_readers(pcsc_stack: PcscStack, suite: Algorithm) -> None:
    own = World(suite, *vaults(suite), {k: blank(k, suite) for k in (MASTER_CONTROL, MOTHER, TRANSMISSION)})
    for kind in own.chips:
        inserted = pcsc_stack(own.chips[kind])
        own.wrap = lambda _, __, reader=inserted.card: cast(Reader, reader)  # type: ignore[misc]
        own.issue(kind)
    pair = pcsc_stack(own.chips[MOTHER], own.chips[TRANSMISSION])
    assert pair.psam is not None
    export = export_keys(own.ministry, pair.card, pair.psam, PROVINCE)
    load_control_key(own.province, pcsc_stack(own.chips[MASTER_CONTROL]).card, PINS[MASTER_CONTROL])
    pair = pcsc_stack(own.chips[MOTHER], own.chips[TRANSMISSION])
    assert pair.psam is not None
    with pytest.raises(CarrierError, match="wrong; 2 tries left"):
        import_keys(own.province, pair.card, pair.psam, Pins("999999", PINS[TRANSMISSION]))
    result = import_keys(own.province, pair.card, pair.psam, Pins(PINS[MOTHER], PINS[TRANSMISSION]))
    assert [handle.name for handle in result.handles] == [handle.name for handle in export.handles]
    assert result.uses_left == (2, 2)


def test_a_card_that_loses_its_power_in_a_reader(pcsc_stack: PcscStack) -> None:
    own = exported(Algorithm.SM4)
    pair = pcsc_stack(own.chips[MOTHER], own.chips[TRANSMISSION])
    assert pair.psam is not None

    class Pulled:
        """Gone when the second block is asked for."""

        def __init__(self, reader: PcscReader) -> None:
            self._reader = reader

        def reset(self) -> bytes:
            return self._reader.reset()

        def transmit(self, apdu: bytes) -> bytes:
            if apdu[1] == 0xB4 and apdu[3] == 2:
                own.chips[MOTHER].power_off()
            return self._reader.transmit(apdu)

        def close(self) -> None:
            self._reader.close()

    before = own.province.handles()
    pins = Pins(PINS[MOTHER], PINS[TRANSMISSION])
    with pytest.raises(CarrierError, match="READ BLOCK 2: the carrier"):
        import_keys(own.province, Pulled(pair.card), pair.psam, pins)
    assert own.province.handles() == before
    pair = pcsc_stack(own.chips[MOTHER], own.chips[TRANSMISSION])
    assert pair.psam is not None
    assert import_keys(own.province, pair.card, pair.psam, pins).uses_left == (1, 1)
