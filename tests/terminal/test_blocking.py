"""Card block and application block: with the right keys only, for good, for the named part only (I)."""

import pytest

from shebaoka.terminal import errors
from shebaoka.terminal.blocking import block_application, block_card
from shebaoka.terminal.reading import read_file
from terminal.support import ALGORITHMS, LEVELS, PIN, bench, vault_keys


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("directory", ["DF01", "DF04"])
def test_application_block(algorithm: str, level: str, directory: str) -> None:
    place = bench(algorithm, level=level)
    session = place.open()
    block_application(session, directory)
    session = place.open()
    with pytest.raises(errors.StatusWordError, match=rf"{directory}.*blocked for good"):
        read_file(session, directory, 0xEF05, code=PIN)
    assert read_file(session, "DF03", 0xEF05, code=PIN).records


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_card_block(algorithm: str) -> None:
    for source in (None, vault_keys()):
        place = bench(algorithm, keys=source)
        block_card(place.open())
        with pytest.raises(errors.CardRefusedError, match="blocked for good"):
            place.open()
        assert not place.tap.sent("0020")[1:]


@pytest.mark.parametrize("missing", ["BK", "STK"])
def test_block_without_a_key_changes_nothing(missing: str) -> None:
    keys = [
        {"name": "IRK", "usage": "27", "id": "08"},
        {"name": "BK", "usage": "28", "id": "11"},
        {"name": "STK", "usage": "26", "id": "09"},
    ]
    sam = {"environments": {"sx1": {"keys": [key for key in keys if key["name"] != missing]}}}
    place = bench(level="", sam=sam)
    before = place.state
    with pytest.raises(errors.KeyMissingError, match=missing):
        block_card(place.open())
    assert place.state == before
    place.open()


def test_wrong_mac_key_is_refused_and_can_be_repeated() -> None:
    wrong = {"name": "STK", "usage": "28", "id": "09", "value": "0011223344556677"}
    keys = [
        {"name": "IRK", "usage": "27", "id": "08"},
        {"name": "BK", "usage": "28", "id": "11"},
        wrong,
    ]
    place = bench(level="", sam={"environments": {"sx1": {"keys": keys}}})
    before = place.state
    with pytest.raises(errors.StatusWordError, match="found the MAC wrong") as caught:
        block_card(place.open())
    assert caught.value.sw == 0x6988
    assert place.state == before
    place.terminal.keys = vault_keys()
    block_card(place.open())
