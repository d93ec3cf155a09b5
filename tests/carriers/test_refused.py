"""What a carrier or a vault refuses, with the reason, and that nothing has changed then."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from carriers.support import (
    PINS,
    World,
    blank,
    content,
    exported,
    identity,
    transport,
    twin,
    uses,
    vaults,
    world,
)
from shebaoka.carriers.control import load_control_key
from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.importing import Pins, import_keys
from shebaoka.carriers.issue import erase_carrier, issue_carrier
from shebaoka.carriers.session import change_pin, verify_pin
from shebaoka.carriers.wire import Carrier
from shebaoka.chip.store import MemoryStore
from shebaoka.chip.values import Address
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.psam.carrier.carrier import open_carrier
from shebaoka.psam.carrier.state import (
    CONTROL_KEY,
    EXPORT,
    MANIFEST,
    MASTER_CONTROL,
    MOTHER,
    TRANSMISSION,
    TRANSPORT_KEY,
    block_address,
)
from shebaoka.reader.base import Reader
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Body, HierarchyError, KeyDefinition, Level, VaultError
from shebaoka.vault.software import SoftwareVault
from vault.support import CITY, OTHER_PROVINCE, PROVINCE

SM4 = Algorithm.SM4


def refused(own: World, act: Callable[[], object], error: type[Exception], reason: str) -> None:
    """``act`` fails for the reason, and neither the vault nor what the cards hold has changed."""
    before = content(own)
    with pytest.raises(error, match=reason):
        act()
    assert content(own) == before


def test_the_cards_of_another_region_or_level() -> None:
    own = exported()
    for body in (OTHER_PROVINCE, Body(Level.CITY, "980100", "示例甲市")):
        vault = SoftwareVault.create(None, "", body)
        pins = Pins(PINS[MOTHER], PINS[TRANSMISSION])

        def act(vault: SoftwareVault = vault, pins: Pins = pins) -> object:
            return import_keys(vault, own.reader(MOTHER), own.reader(TRANSMISSION), pins)

        refused(own, act, CarrierError, "belongs to 示例甲省")
        assert vault.handles() == ()
    assert uses(own, MOTHER) == uses(own, TRANSMISSION) == 0


def test_a_version_that_is_not_accepted() -> None:
    own = exported()
    refused(own, lambda: own.take_in(versions={1, 2}), VaultError, "UK3DF01: version 3 is not accepted")
    assert len(own.take_in().handles) > 3


def test_another_value_that_is_here_already() -> None:
    own = exported()
    definition = KeyDefinition("UK3DF01", "update", SM4)
    own.province.import_test_key(definition, os.urandom(16))
    refused(own, own.take_in, VaultError, "UK3DF01 v1 SM4 of .* is here already with another value")


@pytest.mark.parametrize("kind", [MOTHER, TRANSMISSION])
def test_a_wrong_pin_costs_a_try_and_no_use(kind: str) -> None:
    own = exported()
    right = Pins(PINS[MOTHER], PINS[TRANSMISSION])
    wrong = replace(right, **{"mother" if kind == MOTHER else "transmission": "000000"})

    def act() -> object:
        return import_keys(own.province, own.reader(MOTHER), own.reader(TRANSMISSION), wrong)

    for left in (2, 1, 0):
        refused(own, act, CarrierError, f"PIN of the {kind} card .*wrong; {left} tries left")
    refused(own, act, CarrierError, "6983 .locked; ask the issuer")
    refused(own, own.take_in, CarrierError, "locked")
    assert uses(own, MOTHER) == uses(own, TRANSMISSION) == 0
    with pytest.raises(CarrierError, match="6 to 12 digits"):
        import_keys(own.province, own.reader(MOTHER), own.reader(TRANSMISSION), Pins("12345", "abcdef"))


def test_no_uses_left() -> None:
    own = exported(uses=1)
    own.take_in()
    refused(own, own.take_in, CarrierError, "no uses left")
    with pytest.raises(CarrierError, match="no uses left"):
        own.control()
    reader = own.reader(MASTER_CONTROL)  # and the card itself refuses, whatever the host thinks
    carrier = Carrier(reader)
    verify_pin(carrier, PINS[MASTER_CONTROL])
    assert reader.transmit(bytes.fromhex("8088000030") + os.urandom(48) + b"\x00").hex() == "6983"
    assert uses(own, MASTER_CONTROL) == uses(own, MOTHER) == uses(own, TRANSMISSION) == 1


def test_cards_of_different_exports() -> None:
    own, other = exported(), exported()
    own.chips[MOTHER] = twin(other.chips[MOTHER])
    refused(own, own.take_in, CarrierError, "do not belong together")
    assert uses(own, MOTHER) == uses(own, TRANSMISSION) == 0


def test_a_mother_card_that_pretends_to_belong_to_the_pair() -> None:
    """Same control key, same reference, another transport key."""
    own, other = exported(), exported()
    state = dict(other.chips[MOTHER].state)
    state[EXPORT] = own.chips[MOTHER].state[EXPORT]
    state[CONTROL_KEY] = own.chips[MOTHER].state[CONTROL_KEY]
    own.chips[MOTHER] = open_carrier(MemoryStore(state))
    refused(own, own.take_in, VaultError, "do not belong together, or the content was altered")


def test_a_vault_and_a_card_with_different_control_keys() -> None:
    own, other = exported(), exported()
    own.province = other.province
    for left in (4, 3, 2, 1, 0):
        refused(own, own.take_in, CarrierError, f"OPEN SESSION: .*wrong; {left} tries left")
    refused(own, own.take_in, CarrierError, "too many wrong tries")
    assert uses(own, MOTHER) == uses(own, TRANSMISSION) == 0


def test_a_vault_without_control_key() -> None:
    own = world()
    own.export()
    refused(own, own.take_in, CarrierError, "load it from the master control card first")
    assert uses(own, TRANSMISSION) == 0


def test_the_check_value_the_custodians_were_told() -> None:
    own = world()
    reader = own.reader(MASTER_CONTROL)
    refused(
        own,
        lambda: load_control_key(own.province, reader, PINS[MASTER_CONTROL], kcv="000000"),
        CarrierError,
        "check value .* not 000000",
    )
    assert uses(own, MASTER_CONTROL) == 0


class Replaying:
    """Plays the answers of an earlier session to the same commands' places."""

    def __init__(self, reader: Reader, answers: list[bytes] | None = None) -> None:
        self.reader = reader
        self.answers: list[bytes] = []
        self._old = answers

    def reset(self) -> bytes:
        return self.reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        answer = self._old.pop(0) if self._old else self.reader.transmit(apdu)
        self.answers.append(answer)
        return answer

    def close(self) -> None:
        self.reader.close()


@pytest.mark.parametrize("kind", [MOTHER, TRANSMISSION])
def test_a_replayed_session(kind: str) -> None:
    """A machine that heard a session and plays it again learns nothing and gives nothing."""
    own = exported()
    heard: list[Replaying] = []

    def listen(name: str, reader: Reader) -> Reader:
        if name == kind:
            heard.append(Replaying(reader))
            return heard[-1]
        return reader

    own.wrap = listen
    own.take_in()
    old = list(heard[0].answers)
    own.province = vaults(SM4)[1]
    own.wrap = lambda _, reader: reader
    own.control()
    own.wrap = lambda name, reader: Replaying(reader, list(old)) if name == kind else reader
    refused(own, own.take_in, CarrierError, "does not know the control key")


def test_the_vault_s_proof_of_an_earlier_session_is_worth_nothing_to_the_card() -> None:
    own = exported()
    sent: list[bytes] = []

    class Listening(Replaying):
        def transmit(self, apdu: bytes) -> bytes:
            sent.append(apdu)
            return super().transmit(apdu)

    own.wrap = lambda kind, reader: Listening(reader) if kind == TRANSMISSION else reader
    own.take_in()
    proof = next(apdu for apdu in sent if apdu[1] == 0x86)
    reader = InProcessReader(own.chips[TRANSMISSION])
    carrier = Carrier(reader)
    verify_pin(carrier, PINS[TRANSMISSION])
    assert reader.transmit(proof).hex() == "6984"  # no challenge
    carrier.challenge()
    assert reader.transmit(proof).hex() == "63c4"
    assert uses(own, TRANSMISSION) == 1


def _flip(address: Address, place: int) -> Callable[[World], None]:
    def act(own: World) -> None:
        state = dict(own.chips[MOTHER].state)
        value = state[address]
        assert isinstance(value, bytes)
        place_ = place % len(value)
        state[address] = value[:place_] + bytes((value[place_] ^ 0x10,)) + value[place_ + 1 :]
        own.chips[MOTHER] = open_carrier(MemoryStore(state))

    return act


@pytest.mark.parametrize("address", [MANIFEST, block_address(1), block_address(3)], ids=str)
@pytest.mark.parametrize("place", [0, 1, 5, 30, 60, -30, -20, -9, -8, -1])
def test_a_flipped_bit_on_the_card(address: Address, place: int) -> None:
    own = exported()
    _flip(address, place)(own)
    refused(own, own.take_in, VaultError, "altered")


def test_a_block_in_the_place_of_another() -> None:
    own = exported()
    state = dict(own.chips[MOTHER].state)
    state[block_address(1)], state[block_address(2)] = state[block_address(2)], state[block_address(1)]
    own.chips[MOTHER] = open_carrier(MemoryStore(state))
    refused(own, own.take_in, VaultError, "altered")


class Flipping(Replaying):
    """Turns one bit of the ``number``-th answer."""

    def __init__(self, reader: Reader, number: int, place: int) -> None:
        super().__init__(reader)
        self._number, self._place = number, place

    def transmit(self, apdu: bytes) -> bytes:
        answer = super().transmit(apdu)
        if len(self.answers) != self._number or len(answer) < 3:
            return answer
        place = self._place % (len(answer) - 2)
        return answer[:place] + bytes((answer[place] ^ 1,)) + answer[place + 1 :]


@pytest.mark.parametrize("kind", [MOTHER, TRANSMISSION])
@pytest.mark.parametrize("place", [0, 9, 17, -1])
def test_a_flipped_bit_on_the_wire(kind: str, place: int) -> None:
    own = exported()
    heard = Replaying(own.reader(kind))
    own.wrap = lambda name, reader: heard if name == kind else reader
    own.take_in()
    opening = 1 + next(n for n, answer in enumerate(heard.answers) if len(answer) == 12)  # OPEN SESSION
    for number in range(opening, min(len(heard.answers), opening + 3) + 1):
        fresh = exported()
        fresh.wrap = lambda name, reader, n=number: (  # type: ignore[misc]
            Flipping(reader, n, place) if name == kind else reader
        )
        refused(fresh, fresh.take_in, CarrierError, "altered|does not know the control key")


def test_a_half_written_mother_card() -> None:
    own = exported()
    state = dict(own.chips[MOTHER].state)
    del state[MANIFEST]
    own.chips[MOTHER] = open_carrier(MemoryStore(state))
    refused(own, own.take_in, CarrierError, "its export was not finished")
    reader = own.reader(MOTHER)
    carrier = Carrier(reader)
    verify_pin(carrier, PINS[MOTHER])
    assert reader.transmit(bytes.fromhex("8086000020") + bytes(32) + b"\x00").hex() == "6985"
    assert reader.transmit(bytes.fromhex("80B4000100")).hex() == "6985"


def test_blocks_and_keys_need_a_session() -> None:
    own = exported()
    for kind, command in ((MOTHER, "80B4000100"), (TRANSMISSION, "808A000000")):
        reader = own.reader(kind)
        carrier = Carrier(reader)
        assert reader.transmit(bytes.fromhex(command)).hex() == "6985"
        verify_pin(carrier, PINS[kind])
        assert reader.transmit(bytes.fromhex(command)).hex() == "6985"
        reader.reset()
        carrier.challenge()
        assert reader.transmit(bytes.fromhex("8086000020") + bytes(32) + b"\x00").hex() == "6982"
        assert uses(own, kind) == 0
    reader = own.reader(MASTER_CONTROL)
    reader.reset()
    before = uses(own, MASTER_CONTROL)
    assert reader.transmit(bytes.fromhex("8088000030") + bytes(48) + b"\x00").hex() == "6982"
    assert uses(own, MASTER_CONTROL) == before


def test_only_the_issuer_writes_and_erases() -> None:
    own = exported()
    for kind in (MOTHER, TRANSMISSION, MASTER_CONTROL):
        refused(own, lambda kind=kind: erase_carrier(own.reader(kind), own.province), CarrierError, "only")  # type: ignore[misc]
        reader = own.reader(kind)
        reader.reset()
        for command in ("80E4000000", "84E600000C" + "11" * 12, "84EC00001C" + "11" * 28):
            assert reader.transmit(bytes.fromhex(command))[:1].hex() in ("69", "6d")
        carrier = Carrier(reader)
        with pytest.raises(CarrierError, match="wrong; 9 tries left"):
            carrier.prove_issuer(SoftwareCipher(SM4, bytes(16)))
        erase_carrier(reader, own.ministry)
        erase_carrier(reader, own.ministry)  # blank already: done
        assert Carrier(reader).identity is None
        assert b"SEAL" not in repr(dict(own.chips[kind].state)).encode()
        own.issue(kind)


def test_a_finished_mother_card_is_not_written_again() -> None:
    own = exported()
    handles = [own.ministry.find("UK3DF01", 1, SM4)]
    refused(own, lambda: own.export(handles), CarrierError, "holds another export; erase it")
    assert own.export().reference == own.chips[MOTHER].state[EXPORT]  # the same one: done already
    erase_carrier(own.reader(MOTHER), own.ministry)
    own.issue(MOTHER)
    refused(own, own.export, CarrierError, "holds the key of another export")


def test_what_may_not_be_exported() -> None:
    own = world()
    ministry = own.ministry
    cases = (
        ("KID-01", "is handed down to the nation at most"),
        ("CARRIER-TK", "not exportable"),
        ("MCK", "travels on the master control card only"),
    )
    for name, reason in cases:
        handles = [ministry.find(name, 1, SM4)]
        refused(own, lambda handles=handles: own.export(handles), VaultError, reason)  # type: ignore[misc]
    refused(own, lambda: own.export([]), VaultError, "has no keys to export")


def test_sm4_keys_do_not_travel_under_3des() -> None:
    own = world(Algorithm.TDES)
    key = own.ministry.generate(KeyDefinition("UK3DF01", "update", SM4, scope=own.ministry.find("STK").scope))
    refused(own, lambda: own.export([key]), VaultError, "does not travel under 3DES; use SM4 carriers")


def test_issuing_is_checked() -> None:
    ministry, province = vaults(SM4)
    own = World(SM4, ministry, province, {kind: blank(kind, SM4) for kind in (MOTHER, TRANSMISSION)})
    refused(
        own,
        lambda: issue_carrier(
            own.reader(MOTHER), ministry, identity(MOTHER, SM4), "123456", 1, SoftwareCipher(SM4, bytes(16))
        ),
        CarrierError,
        "AUTHENTICATE MASTER: the carrier answered 63C9",
    )
    own = World(SM4, ministry, province, {kind: blank(kind, SM4) for kind in (MOTHER, TRANSMISSION)})
    good = identity(MOTHER, SM4)

    def issue(reader: str = MOTHER, pin: str = "123456", uses: int = 1, **changes: object) -> object:
        changed = replace(good, **changes)  # type: ignore[arg-type]
        return issue_carrier(own.reader(reader), ministry, changed, pin, uses, transport(SM4))

    refused(own, lambda: issue(TRANSMISSION), CarrierError, "a blank mother card is needed")
    refused(own, lambda: issue(uses=0), CarrierError, "1 to 65535 uses")
    refused(own, lambda: issue(pin="12345"), CarrierError, "6 to 12 digits")
    refused(own, lambda: issue(owner=CITY), HierarchyError, "not a body just below")
    refused(own, lambda: issue(issuer=PROVINCE), HierarchyError, "is issued by 示例甲省")
    refused(own, lambda: issue(owner=Body(Level.PROVINCE, "98", "长" * 60)), ValueError, "too long")
    for wrong in ({"serial": "1"}, {"seal": "é"}, {"kind": "card"}):
        refused(own, lambda wrong=wrong: issue(**wrong), ValueError, "carrier|seal")  # type: ignore[misc]
    issue()
    assert issue() == good  # the same again: done already
    refused(own, lambda: issue(created=date(2026, 2, 2)), CarrierError, "issued already")


def test_a_custodian_changes_the_pin() -> None:
    own = exported()
    reader = own.reader(MOTHER)
    carrier = Carrier(reader)
    with pytest.raises(CarrierError, match="2 tries left"):
        change_pin(carrier, "999999", "1357913")
    change_pin(carrier, PINS[MOTHER], "1357913")
    refused(own, own.take_in, CarrierError, "wrong; 2 tries left")
    verify_pin(Carrier(reader), "1357913")
    for data in ("FF112233", "112233FF1122", "112233445566"):
        command = bytes.fromhex("805E0100") + bytes((len(data) // 2,)) + bytes.fromhex(data)
        assert reader.transmit(command).hex() in ("6700", "6a80")


def test_a_holder_s_card_is_no_carrier() -> None:
    from chip.build import card

    own = exported()
    with pytest.raises(CarrierError, match="no key carrier: GET STATUS"):
        Carrier(InProcessReader(card(SM4).chip))
    own.chips[MOTHER], own.chips[TRANSMISSION] = own.chips[TRANSMISSION], own.chips[MOTHER]
    refused(own, own.take_in, CarrierError, "a mother card is needed here")


def test_the_transport_key_of_the_pair_opens_nothing_else() -> None:
    own, other = exported(), exported()
    first, second = own.chips[TRANSMISSION].state, other.chips[TRANSMISSION].state
    assert first[TRANSPORT_KEY] != second[TRANSPORT_KEY]
    assert own.chips[MOTHER].state[CONTROL_KEY] != other.chips[MOTHER].state[CONTROL_KEY]
