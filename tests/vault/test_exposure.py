"""What a lost carrier, HSM, key or PSAM exposes, against keys derived by brute force."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.contents import Act, Card, Contents, KeyFact, fact_of, held
from shebaoka.vault.exposure import (
    Cause,
    Effect,
    Exposure,
    Hold,
    Loss,
    exposure,
    lost_cards,
    lost_hsm,
    lost_key,
)
from shebaoka.vault.model import MINISTRY, Body, KeyHandle, Level, VaultError
from vault.losses import (
    BODIES,
    CITIES,
    CODES,
    NOW,
    World,
    exposed_by_derivation,
    serial_of,
    world,
)

SUITES = (Algorithm.TDES, Algorithm.SM4)


def analyze(own: World, *serials: str, pins: bool = False) -> Exposure:
    contents = own.contents
    return exposure(lost_cards(contents, serials, pins=pins), own.facts, contents.values())


def ids(found: Exposure) -> set[str]:
    return {exposed.key.id for exposed in found.keys}


@pytest.mark.parametrize("suite", SUITES)
def test_a_city_mother_card_exposes_the_city_and_no_sibling(suite: Algorithm) -> None:
    own = world(suite)
    found = analyze(own, serial_of("980200", "mother"))
    received = {fact.id for fact in own.facts_of("980200") if fact.parent and fact.usage != "control"}
    assert ids(found) == received
    assert {exposed.key.owner for exposed in found.keys} == {"980200"}
    assert {e.key.version for e in found.keys if e.key.name == "UK3DF01"} == {1, 2, 3}
    assert {exposed.hold for exposed in found.keys} == {Hold.SEALED}
    assert found.losses[0].cause is Cause.MOTHER
    other_half = [touched.contents.serial for touched in found.cards if Effect.PAIR in touched.effects]
    assert other_half == [serial_of("980200", "transmission")]
    assert found.disagreements == ()


@pytest.mark.parametrize("suite", SUITES)
def test_the_record_is_enough_when_no_vault_can_be_asked(suite: Algorithm) -> None:
    own = world(suite)
    contents = own.contents
    lost = lost_cards(contents, [serial_of("980200", "mother")])
    assert ids(exposure(lost, (), contents.values())) == ids(analyze(own, serial_of("980200", "mother")))


@pytest.mark.parametrize("suite", SUITES)
def test_a_province_mother_card_exposes_all_its_cities(suite: Algorithm) -> None:
    own = world(suite)
    found = analyze(own, serial_of("98", "mother"))
    owners = {exposed.key.owner for exposed in found.keys}
    assert owners == {"98", "980100", "980200", "980300"}
    assert "UK1DF01" not in {exposed.key.name for exposed in found.keys}  # the province's own root
    mothers = {t.contents.serial for t in found.cards if Effect.HOLDS in t.effects}
    assert mothers == {serial_of(code, "mother") for code in ("980100", "980200", "980300")}


def test_mother_and_transmission_card_together_are_open() -> None:
    own = world(Algorithm.SM4)
    found = analyze(own, serial_of("980100", "mother"), serial_of("980100", "transmission"))
    assert {exposed.hold for exposed in found.keys} == {Hold.KNOWN}
    assert {loss.cause for loss in found.losses} == {Cause.PAIR}
    foreign = analyze(own, serial_of("980100", "mother"), serial_of("980200", "transmission"))
    assert {exposed.hold for exposed in foreign.keys} == {Hold.SEALED}
    assert [loss.cause for loss in foreign.losses] == [Cause.MOTHER, Cause.TRANSMISSION]


def test_a_transmission_card_alone_exposes_no_key_but_touches_its_pair() -> None:
    own = world(Algorithm.SM4)
    found = analyze(own, serial_of("98", "transmission"))
    assert found.keys == ()
    assert [(t.contents.serial, t.effects) for t in found.cards] == [
        (serial_of("98", "mother"), (Effect.PAIR,))
    ]


def test_a_master_control_card_exposes_control_keys_only_and_touches_what_they_open() -> None:
    own = world(Algorithm.SM4)
    found = analyze(own, serial_of("98", "master-control"))
    assert {exposed.key.name for exposed in found.keys} == {"MCK"}
    assert {e.key.owner for e in found.keys} == {"98", "980100", "980200", "980300"}
    assert {exposed.hold for exposed in found.keys} == {Hold.SEALED}
    opened = {t.contents.receiver.code for t in found.cards if Effect.CONTROL in t.effects}
    assert opened == {"98", "980100", "980200", "980300"}
    known = analyze(own, serial_of("98", "master-control"), pins=True)
    assert {exposed.hold for exposed in known.keys} == {Hold.KNOWN}
    city = analyze(own, serial_of("990100", "master-control"))
    assert {e.key.owner for e in city.keys} == {"990100"}


def test_a_lost_hsm_exposes_its_own_roots_and_unseals_what_it_exported() -> None:
    own = world(Algorithm.SM4)
    contents = own.contents
    found = exposure([lost_hsm(own.facts, "99")], own.facts, contents.values())
    exported = {t.contents.serial for t in found.cards if Effect.TRANSPORT in t.effects}
    assert exported == {serial_of(code, "mother") for code in ("990100", "990200")}
    assert {e.key.owner for e in found.keys} == {"99", "990100", "990200"}
    own_roots = {e.key.id for e in found.keys if e.key.owner == "99" and not e.key.parent}
    assert own_roots == {"99:UK1DF01:1:SM4", "99:CARRIER-TK:1:SM4", "99:CARRIER-MK:1:SM4"}
    both = [lost_hsm(own.facts, "99", pins=True), *lost_cards(contents, [serial_of("990100", "mother")])]
    opened = exposure(both, own.facts, contents.values())
    assert {e.hold for e in opened.keys} == {Hold.KNOWN}


def test_the_transport_root_of_the_sender_unseals_a_lost_mother_card() -> None:
    own = world(Algorithm.SM4)
    contents = own.contents
    lost = [
        lost_key(own.facts, "98:CARRIER-TK:1:SM4"),
        *lost_cards(contents, [serial_of("980100", "mother"), serial_of("990100", "mother")]),
    ]
    found = exposure(lost, own.facts, contents.values())
    holds = {e.key.owner: e.hold for e in found.keys if e.key.name == "STK"}
    assert holds == {"980100": Hold.KNOWN, "990100": Hold.SEALED}


def test_the_ministry_root_exposes_one_key_everywhere() -> None:
    own = world(Algorithm.SM4)
    found = exposure([lost_key(own.facts, "nation:UK3DF01:2:SM4")], own.facts, ())
    assert {(e.key.owner, e.key.name, e.key.version) for e in found.keys} == {
        (code, "UK3DF01", 2) for code in CODES
    }
    assert [e.key.level for e in found.keys] == [Level.NATION] + [Level.PROVINCE] * 2 + [Level.CITY] * 5
    assert {e.hold for e in found.keys} == {Hold.KNOWN}
    assert {e.source for e in found.keys} == {"nation:UK3DF01:2:SM4"}


def test_a_psam_exposes_keys_by_level_as_usable() -> None:
    own = world(Algorithm.SM4)
    facts = {fact.id: fact for fact in own.facts}
    keys = ("nation:STK:1:SM4", "98:UK1DF01:1:SM4", "980100:UKLOCAL:1:SM4")
    records = [
        (Act.FILLED, Contents(Card.PSAM, "980100000001", BODIES[0], CITIES[0], (facts[id_],), NOW))
        for id_ in keys
    ]
    contents = held(records)
    assert [key.id for key in contents["980100000001"].keys] == list(keys)  # every level adds its own
    found = exposure(lost_cards(contents, contents), own.facts, contents.values())
    assert {e.hold for e in found.keys} == {Hold.USABLE}
    assert {e.key.owner for e in found.keys if e.key.name == "STK"} == set(CODES)
    assert {e.key.owner for e in found.keys if e.key.name == "UK1DF01"} == {
        "98",
        "980100",
        "980200",
        "980300",
    }
    assert [e.key.owner for e in found.keys if e.key.name == "UKLOCAL"] == ["980100"]
    wiped = held([*records, (Act.EMPTIED, replace(records[0][1], keys=()))])
    after = exposure(lost_cards(wiped, wiped), own.facts, wiped.values())
    assert after.keys == ()
    assert after.losses[0].cause is Cause.EMPTY


def test_what_a_card_held_before_does_not_count() -> None:
    own = world(Algorithm.SM4)
    mother = serial_of("980100", "mother")
    erased = held([*own.records, (Act.EMPTIED, own.contents[mother])])
    assert exposure(lost_cards(erased, [mother]), own.facts, erased.values()).keys == ()
    again = held([*own.records, (Act.ISSUED, replace(own.contents[mother], keys=(), reference=""))])
    assert exposure(lost_cards(again, [mother]), own.facts, again.values()).keys == ()


def test_lists_that_disagree_are_told() -> None:
    own = world(Algorithm.SM4)
    other = tuple(
        KeyFact(f.id, f.owner, f.level, f.name, f.usage, f.version, f.algorithm, f.parent, "000000")
        if f.id == "98:STK:1:SM4"
        else f
        for f in own.facts_of("98")
    )
    found = exposure([lost_key(own.facts, "98:STK:1:SM4")], (*own.facts, *other), ())
    assert len(found.disagreements) == 1
    assert "STK v1 SM4 of 98: check value" in found.disagreements[0]
    assert found.disagreements[0].endswith("000000 in another")


def test_unknown_things_are_refused() -> None:
    own = world(Algorithm.SM4)
    with pytest.raises(VaultError, match="no record names the card 1234"):
        lost_cards(own.contents, ["1234"])
    with pytest.raises(VaultError, match="no list names a key of 97"):
        lost_hsm(own.facts, "97")
    with pytest.raises(VaultError, match="no list names the key 'nation:XYZ:1:SM4'"):
        lost_key(own.facts, "nation:XYZ:1:SM4")


def test_parents_that_go_in_a_circle_end() -> None:
    facts = [
        KeyFact("a", "", Level.NATION, "A", "update", 1, "SM4", "b", "000001"),
        KeyFact("b", "98", Level.PROVINCE, "A", "update", 1, "SM4", "a", "000002"),
    ]
    assert ids(exposure([lost_key(facts, "a")], facts, ())) == {"a", "b"}


def test_a_fact_and_a_record_come_back_from_their_plain_form() -> None:
    for contents in world(Algorithm.TDES).contents.values():
        assert Contents.of(contents.data(), contents.time) == contents
    with pytest.raises(VaultError, match="no record of what a card carries"):
        Contents.of({"card": "mother"}, NOW)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_as_found_by_derivation(data: st.DataObject) -> None:
    """Whatever is lost: exactly the keys that can be computed from it, and no other."""
    own = world(data.draw(st.sampled_from(SUITES)))
    contents, facts = own.contents, own.facts
    losses: list[Loss] = []
    handles: list[KeyHandle | tuple[KeyHandle, Body]] = []
    for code in data.draw(st.lists(st.sampled_from(CODES[1:]), max_size=2, unique=True)):
        losses += lost_cards(contents, [serial_of(code, "mother")])
        body, above = BODIES[CODES.index(code)], own.above(BODIES[CODES.index(code)])
        carried = {(key.name, key.version) for key in contents[serial_of(code, "mother")].keys}
        handles += [(h, body) for h in above.handles() if (h.name, h.version) in carried]
    for code in data.draw(st.lists(st.sampled_from(CODES), max_size=1)):
        losses.append(lost_hsm(facts, code))
        handles += own.vaults[code].handles()
    for id_ in data.draw(st.lists(st.sampled_from([fact.id for fact in facts]), max_size=3)):
        losses.append(lost_key(facts, id_))
        handles += [h for vault in own.vaults.values() for h in vault.handles() if h.id == id_]
    found = exposure(losses, facts, contents.values())
    assert ids(found) == exposed_by_derivation(own, handles)


def test_the_ministry_is_a_body_like_the_others() -> None:
    own = world(Algorithm.SM4)
    found = exposure([lost_hsm(own.facts, MINISTRY.code)], own.facts, own.contents.values())
    national = {fact.name for fact in own.facts_of("")}
    assert ids(found) == {
        fact.id for fact in own.facts if fact.name in national and (fact.parent or not fact.owner)
    }
    assert fact_of(own.vaults[""].handles()[0]) in [e.key for e in found.keys]
