"""Pre-processing: matched, proved genuine and checked before any PIN (Part 7 §5; L01-L09, L18)."""

from datetime import timedelta
from typing import Any

import pytest

from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal import errors, pin
from shebaoka.terminal.blacklist import Blacklist, Range, Single, StaleAction, StaleRule
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.reading import read_file
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.terminal import Terminal
from terminal.support import ALGORITHMS, NOW, bench, chip, state, vault_keys

CODE, NUMBER = "650100D15600000500000001FFFFFFFF", "A00000011"
VERIFY = "0020"


def blacklist(**entries: Any) -> Blacklist:
    return Blacklist("98", 1, NOW, timedelta(hours=24), **entries)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("generation", ["2.0", "3.0"])
def test_a_good_card_is_opened(algorithm: str, generation: str) -> None:
    session = bench(algorithm, fixture=f"card-{generation}").open()
    assert session.authentic
    assert session.layout.id == generation
    assert session.algorithm is {"3des": Algorithm.TDES, "sm4": Algorithm.SM4}[algorithm]
    assert session.identity == CardIdentity(CODE, NUMBER)
    assert (session.pin.set, session.pin.tries) == (True, 6)
    assert session.notices == ["no-blacklist"]


def test_opening_changes_nothing_and_sends_fresh_randoms() -> None:
    place = bench()
    before = place.state
    place.open()
    place.open()
    first, second = place.tap.sent("0088")
    assert first[5:13] != second[5:13]
    assert first[13:21] != second[13:21]
    assert place.state == before


@pytest.mark.parametrize(
    ("change", "settings", "message"),
    [
        ({}, {"institutions": ("9156000002980100",)}, "institution-unsupported"),  # L01
        ({"06": "20250531"}, {}, "card-expired"),  # L02
        ({"05": "20250602"}, {}, "card-not-yet-valid"),
        ({}, {"card_classes": ("1", "2")}, "class-unsupported"),
        ({"03": "4.00"}, {}, "version-unsupported"),
        ({}, {"generations": {"3": "3.0"}}, "version-unsupported"),
        ({}, {"blacklist": blacklist(singles=frozenset({Single(CODE, NUMBER)}))}, "blacklisted"),  # L03
        ({}, {"blacklist": blacklist(ranges=(Range("A0000000", "A0000001"),))}, "blacklisted"),
    ],
)
def test_each_check_refuses_before_the_pin(
    change: dict[str, str], settings: dict[str, Any], message: str
) -> None:
    place = bench(card={"files": {"SSSE": {"EF05": change}}}, **settings)
    before = place.state
    with pytest.raises(errors.CardRefusedError) as caught:
        place.open()
    assert caught.value.id == message
    assert not place.tap.sent(VERIFY)
    assert place.state == before


def test_last_day_and_no_end_are_valid() -> None:
    bench(card={"files": {"SSSE": {"EF05": {"06": "20250601"}}}}).open()
    bench(card={"files": {"SSSE": {"EF05": {"06": ""}}}}).open()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_clone_is_refused_before_any_pin(algorithm: str) -> None:  # L05
    place = bench(algorithm, card={"keys": {"roots": {"IRK": {"1": "00112233445566778899AABBCCDDEEFF"}}}})
    with pytest.raises(errors.CloneError, match="could not prove"):
        place.open()
    assert not place.tap.sent(VERIFY)


def test_replayed_answer_is_refused() -> None:
    place = bench()
    kept: list[bytes] = []

    def first_answer(answer: bytes) -> bytes:
        kept.append(answer)
        return kept[0]

    place.tap.answers[b"\x00\x88"] = first_answer
    place.open()
    with pytest.raises(errors.CloneError):
        place.open()


def test_missing_algorithm_is_the_first_one() -> None:  # L06
    session = bench("3des", card={"fci_algorithm": "none"}).open()
    assert session.fci.algorithm_code is None
    assert session.algorithm is Algorithm.TDES


def test_unpublished_algorithm_does_not_match() -> None:  # L07
    place = bench()
    place.tap.answers[bytes.fromhex("00A40400")] = lambda answer: answer.replace(
        bytes.fromhex("860101"), bytes.fromhex("860102")
    )
    with pytest.raises(errors.NotMatchingError, match=r"not matching.*SSF33"):
        place.open()
    assert len(place.tap.commands) == 1


def test_terminal_without_the_algorithm_refuses() -> None:
    place = bench("sm4", algorithms=frozenset({Algorithm.TDES}))
    with pytest.raises(errors.NotMatchingError, match="SM4"):
        place.open()


def test_ts_3f_is_accepted_and_3a_refused() -> None:  # L18
    place = bench()
    place.tap.atr = lambda atr: b"\x3f" + atr[1:]
    place.open()
    place.tap.atr = lambda atr: b"\x3a" + atr[1:]
    with pytest.raises(errors.NoCardError, match="reset"):
        place.open()


def test_locked_pin_is_seen_at_once() -> None:  # L09
    place = bench(card={"pin": {"limit": 1}})
    place.open()
    place.tap.transmit(bytes.fromhex("0020000003999999"))
    session = place.open()
    assert session.pin.locked
    assert not session.pin.fulfilled


def test_card_without_pin() -> None:
    session = bench(card={"pin": {"value": ""}}).open()
    assert not session.pin.set
    assert session.pin.fulfilled


def test_another_card_than_expected_is_refused() -> None:  # L13
    place = bench()
    place.terminal.open(expected=CardIdentity(CODE, NUMBER))
    with pytest.raises(errors.CardChangedError):
        place.terminal.open(expected=CardIdentity(CODE, "A0000002X"))


def test_no_keys_at_all_is_said() -> None:  # L11
    reader = InProcessReader(chip("card-2.0-3des"))
    with pytest.raises(errors.KeySourceError, match="neither a PSAM"):
        Terminal(reader, None, Settings(clock=lambda: NOW)).open()
    free = Terminal(reader, None, Settings(clock=lambda: NOW, authenticate=False)).open()
    assert not free.authentic


def test_host_keys_open_as_well() -> None:
    for algorithm in ALGORITHMS:
        assert bench(algorithm, keys=vault_keys()).open().authentic


def test_empty_slot_and_foreign_card() -> None:
    place = bench()
    place.tap.answers[bytes.fromhex("00A40400")] = lambda _: bytes.fromhex("6A82")
    with pytest.raises(errors.CardRefusedError, match="no social security environment"):
        place.open()
    place.tap.answers[bytes.fromhex("00A40400")] = lambda _: b"\x6a"
    with pytest.raises(errors.NoCardError):
        place.open()


@pytest.mark.parametrize(
    ("rule", "age_hours", "outcome"),
    [
        (StaleRule(), 23, []),
        (StaleRule(), 25, None),
        (StaleRule(StaleAction.WARN), 2500, ["blacklist-stale"]),
        (StaleRule(StaleAction.OFFLINE_UNTIL, timedelta(hours=8)), 31, ["blacklist-stale"]),
        (StaleRule(StaleAction.OFFLINE_UNTIL, timedelta(hours=8)), 33, None),
        (StaleRule(), -0.9, []),
        (StaleRule(), -1.1, None),
        (StaleRule(StaleAction.WARN), -1.1, ["blacklist-stale"]),
        (StaleRule(StaleAction.OFFLINE_UNTIL, timedelta(hours=8)), -9, None),
    ],
)
def test_stale_blacklist_follows_the_rule(
    rule: StaleRule, age_hours: float, outcome: list[str] | None
) -> None:
    listed = Blacklist("98", 1, NOW - timedelta(hours=age_hours), timedelta(hours=24))
    place = bench(blacklist=listed, stale_rule=rule)
    if outcome is None:
        with pytest.raises(errors.BlacklistError, match=r"good until|in the future"):
            place.open()
        return
    assert place.open().notices == outcome


def test_opening_burns_no_try() -> None:
    place = bench()
    before = state(place.card)
    for _ in range(20):
        place.open()
    assert state(place.card) == before


def test_a_session_ends_when_another_begins() -> None:
    place = bench()
    old = place.open()
    place.open()
    sent = len(place.tap.commands)
    with pytest.raises(errors.NoCardError, match="ended"):
        read_file(old, "SSSE", 0xEF06)
    with pytest.raises(errors.NoCardError, match="ended"):
        pin.verify(old, "123456")
    assert len(place.tap.commands) == sent
