"""PIN: rule of the keypad, verify, change, remove, unblock, reset (Part 7 §5, §9, §13.3; D, H, L09, L10)."""

from collections.abc import Callable

import pytest

from shebaoka.terminal import errors, pin
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.settings import PinRule
from terminal.support import ALGORITHMS, LEVELS, PIN, Bench, bench, vault_keys


def lock(place: Bench) -> None:
    session = place.open()
    for tries in range(5, 0, -1):
        with pytest.raises(errors.WrongPinError) as caught:
            pin.verify(session, "999999")
        assert caught.value.tries_left == tries
    with pytest.raises(errors.PinLockedError):
        pin.verify(session, "999999")


@pytest.mark.parametrize("code", ["123", "1234567890123", "12345x", "", "１２３４５６"])
def test_keypad_rule_stops_before_the_card(code: str) -> None:  # L10
    place = bench()
    session = place.open()
    before, sent = place.state, len(place.tap.commands)
    with pytest.raises(errors.PinRuleError):
        pin.verify(session, code)
    with pytest.raises(errors.PinRuleError):
        pin.change(session, PIN, code, code)
    assert len(place.tap.commands) == sent
    assert place.state == before


def test_rule_is_configurable() -> None:
    session = bench(pin_rule=PinRule(6, 6)).open()
    with pytest.raises(errors.PinRuleError, match="6 to 6 digits"):
        pin.verify(session, "1234")
    pin.verify(session, PIN)
    with pytest.raises(ValueError, match="4 to 16"):
        PinRule(3, 12)


def test_verify_right_and_wrong() -> None:
    session = bench().open()
    with pytest.raises(errors.WrongPinError) as caught:
        pin.verify(session, "000000")
    assert caught.value.tries_left == 5
    assert session.pin.tries == 5
    pin.verify(session, PIN)
    assert session.pin.fulfilled
    pin.require(session)


def test_locked_pin_ends_without_asking_the_card() -> None:  # L09
    place = bench()
    lock(place)
    session = place.open()
    sent = len(place.tap.commands)
    with pytest.raises(errors.PinLockedError, match="locked"):
        pin.verify(session, PIN)
    with pytest.raises(errors.PinLockedError):
        pin.require(session)
    assert len(place.tap.commands) == sent


@pytest.mark.parametrize("new", ["4321", "12345", "123456789012"])
def test_change(new: str) -> None:
    place = bench()
    session = place.open()
    pin.change(session, PIN, new, new)
    assert not session.pin.verified
    pin.verify(session, new)
    session = place.open()
    with pytest.raises(errors.WrongPinError):
        pin.change(session, PIN, "555555", "555555")
    pin.verify(session, new)


def test_new_pin_twice_the_same() -> None:
    place = bench()
    session = place.open()
    before = place.state
    with pytest.raises(errors.PinRuleError, match="twice"):
        pin.change(session, PIN, "654321", "654322")
    with pytest.raises(errors.PinRuleError, match="twice"):
        pin.reload(session, "654321", "654322")
    assert place.state == before


def test_remove_and_set_first() -> None:
    place = bench()
    session = place.open()
    pin.remove(session, PIN)
    assert not session.pin.set
    session = place.open()
    assert session.pin.fulfilled
    read_file(session, "DF01", 0xEF05)
    pin.change(session, "", "654321", "654321")
    session = place.open()
    assert session.pin.set
    pin.verify(session, "654321")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("level", LEVELS)
def test_unblock_and_reload_with_psam_of_one_level(algorithm: str, level: str) -> None:
    place = bench(algorithm, level=level)
    lock(place)
    session = place.open()
    pin.unblock(session)
    assert session.pin.tries == 6
    pin.verify(session, PIN)
    pin.reload(session, "87654321", "87654321")
    assert not session.pin.fulfilled
    pin.verify(session, "87654321")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_unblock_and_reload_with_vault(algorithm: str) -> None:
    place = bench(algorithm, keys=vault_keys())
    lock(place)
    session = place.open()
    pin.unblock(session)
    pin.reload(session, "1234567", "1234567")
    pin.verify(session, "1234567")


def test_reload_needs_a_key_that_encrypts() -> None:  # K9
    keys = [
        {"name": "IRK", "usage": "27", "id": "08"},
        {"name": "PUK", "usage": "28", "id": "10"},
        {"name": "STK", "usage": "26", "id": "09"},
    ]
    place = bench(level="", sam={"environments": {"sx1": {"keys": keys}}})
    session = place.open()
    pin.unblock(session)
    before = place.state
    with pytest.raises(errors.KeyMissingError, match="STK"):
        pin.reload(session, "654321", "654321")
    pin.verify(place.open(), PIN)
    assert place.state == before


def test_reload_without_unblock_key() -> None:
    sam = {"environments": {"sx1": {"keys": [{"name": "IRK", "usage": "27", "id": "08"}]}}}
    place = bench(level="", sam=sam)
    session = place.open()
    before = place.state
    with pytest.raises(errors.KeyMissingError, match="PUK"):
        pin.unblock(session)
    assert place.state == before


def test_the_pin_is_in_no_error_and_no_representation() -> None:
    place = bench()
    session = place.open()
    secret = "91827364"
    attempts: list[Callable[[], None]] = [
        lambda: pin.verify(session, secret),
        lambda: pin.change(session, secret, "5555", "5555"),
        lambda: pin.change(session, PIN, secret, secret + "1"),
        lambda: pin.verify(session, secret + "x"),
    ]
    for attempt in attempts:
        with pytest.raises(errors.PinError) as caught:
            attempt()
        assert secret not in f"{caught.value} {caught.value!r} {caught.value.details} {session!r}"
