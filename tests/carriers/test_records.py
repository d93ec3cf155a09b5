"""The journal of cards: what an export leaves on paper when the cards are gone."""

import contextlib
from pathlib import Path

import pytest

from carriers.support import PINS, SERIALS, World, blank, exported, identity, transport, world
from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.export import export_keys
from shebaoka.carriers.issue import erase_carrier, issue_carrier
from shebaoka.journal.canonical import JournalError
from shebaoka.journal.classify import TamperedError
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION, block_address
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.card_records import CardRecords, read_card_records
from shebaoka.vault.contents import Act, Card, Contents, fact_of, held
from shebaoka.vault.model import MINISTRY, VaultError
from vault.support import PROVINCE

SUITES = (Algorithm.TDES, Algorithm.SM4)


def export_noted(own: World, path: Path) -> None:
    with CardRecords(path, MINISTRY) as records:
        export_keys(own.ministry, own.reader(MOTHER), own.reader(TRANSMISSION), PROVINCE, note=records.note)


@pytest.mark.parametrize("suite", SUITES)
def test_the_record_names_what_the_receiver_gets(suite: Algorithm, tmp_path: Path) -> None:
    own, path = world(suite), tmp_path / "ministry.carried"
    export_noted(own, path)
    told = read_card_records(path)
    assert [act for act, _ in told] == [Act.FILLING] * 2 + [Act.FILLED] * 2
    mother, transmission = (contents for _, contents in told[2:])
    assert [each.data() for _, each in told[:2]] == [mother.data(), transmission.data()]
    own.control()
    taken = own.take_in()
    assert mother.keys == tuple(map(fact_of, taken.handles))
    assert (mother.card, mother.serial) == (Card.MOTHER, SERIALS[MOTHER])
    assert (mother.sender, mother.receiver) == (MINISTRY, PROVINCE)
    assert mother.reference == taken.reference.hex().upper() == transmission.reference
    assert transmission.keys == ()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_master_control_card_carries_its_control_key_the_others_only_know_it(tmp_path: Path) -> None:
    own, path = exported(), tmp_path / "ministry.carried"
    with CardRecords(path, MINISTRY) as records:
        for kind in (MASTER_CONTROL, MOTHER, TRANSMISSION):
            erase_carrier(own.reader(kind), own.ministry, note=records.note)
            issue_carrier(
                own.reader(kind),
                own.ministry,
                identity(kind, own.suite),
                PINS[kind],
                3,
                transport(own.suite),
                note=records.note,
            )
    told = read_card_records(path)
    assert [act for act, _ in told] == [Act.ERASING, Act.EMPTIED, Act.ISSUING, Act.ISSUED] * 3
    contents = held(told)
    (control,) = contents[SERIALS[MASTER_CONTROL]].keys
    assert control == fact_of(own.province.find("MCK", 1, own.suite))
    assert contents[SERIALS[MOTHER]].keys == contents[SERIALS[TRANSMISSION]].keys == ()


def test_repeating_an_export_adds_no_record(tmp_path: Path) -> None:
    own, path = world(), tmp_path / "ministry.carried"
    export_noted(own, path)
    before = path.read_bytes()
    export_noted(own, path)
    assert path.read_bytes() == before


def test_the_record_is_there_before_the_first_key(tmp_path: Path) -> None:
    """Whatever step of an export is the last: a card with keys has its record."""
    path = tmp_path / "ministry.carried"
    with_keys = 0
    for last in range(1, 60):
        own = world()
        path.unlink(missing_ok=True)
        own.wrap = lambda kind, reader, last=last: Stopping(reader, last)  # type: ignore[misc]
        try:
            export_noted(own, path)
        except CarrierError:
            stopped = True
        else:
            stopped = False
        if block_address(1) in own.chips[MOTHER].state:
            with_keys += 1
            assert read_card_records(path)[0][1].keys
        if stopped and path.exists():  # the sender does not know, until the same cards are exported to again
            assert {act for act, _ in read_card_records(path)} == {Act.FILLING}
        if not stopped:
            break
    assert not stopped
    assert with_keys > 5
    assert len(read_card_records(path)) == 4


class Stopping:
    """A card that is taken out after so many commands."""

    def __init__(self, reader: Reader, commands: int) -> None:
        self._reader, self._left = reader, commands

    def reset(self) -> bytes:
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise ReaderError("the card was removed")
        return self._reader.transmit(apdu)

    def close(self) -> None:
        self._reader.close()


def test_nothing_is_written_onto_a_card_that_cannot_be_recorded(tmp_path: Path) -> None:
    own = world()
    before = [dict(chip.state) for chip in own.chips.values()]
    with pytest.raises(JournalError, match="cannot be written"):
        export_noted(own, tmp_path / "missing" / "ministry.carried")
    assert [dict(chip.state) for chip in own.chips.values()] == before


def test_a_changed_record_is_named(tmp_path: Path) -> None:
    own, path = world(), tmp_path / "ministry.carried"
    export_noted(own, path)
    path.write_bytes(path.read_bytes().replace(b'"UK3DF01"', b'"UK9DF01"'))
    with pytest.raises(TamperedError, match=r"ministry\.carried"):
        read_card_records(path)
    content = path.read_bytes()
    with pytest.raises(TamperedError), CardRecords(path, MINISTRY):
        pass
    assert path.read_bytes() == content


def test_another_journal_is_refused_and_left_alone(tmp_path: Path) -> None:
    own, path = world(), tmp_path / "ministry.carried"
    export_noted(own, path)
    content = path.read_bytes()
    with pytest.raises(VaultError, match="'cards of nation', not 'cards of 98'"), CardRecords(path, PROVINCE):
        pass
    assert path.read_bytes() == content
    with CardRecords(path, MINISTRY):  # the lock was given back
        pass


def test_a_file_begun_and_never_filled_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "ministry.carried"
    path.write_bytes(b'{"act":"carrier-fi')
    own = world()
    export_noted(own, path)
    assert len(read_card_records(path)) == 4


def test_the_record_holds_no_key(tmp_path: Path) -> None:
    own, path = world(), tmp_path / "ministry.carried"
    export_noted(own, path)
    content = path.read_bytes().decode()
    assert set(Contents.__slots__) == {
        "card",
        "serial",
        "sender",
        "receiver",
        "keys",
        "time",
        "reference",
    }
    for handle in own.ministry.handles():
        secret = own.ministry._register.material(handle).reveal()
        assert secret.hex() not in content.lower()


class Answering:
    """A card that answers the n-th command with this, and does not carry it out; nothing: it is gone."""

    def __init__(self, reader: Reader, instruction: int, answer: bytes, *, executed: bool = False) -> None:
        self._reader, self._instruction, self._answer = reader, instruction, answer
        self._executed = executed

    def reset(self) -> bytes:
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        if apdu[1] != self._instruction:
            return self._reader.transmit(apdu)
        if self._executed:
            self._reader.transmit(apdu)
        if not self._answer:
            raise ReaderError("the card was removed")
        return self._answer

    def close(self) -> None:
        self._reader.close()


def erase(own: World, path: Path) -> list[Act]:
    """What the journal says afterwards of the mother card."""
    with CardRecords(path, MINISTRY) as records, contextlib.suppress(CarrierError):
        erase_carrier(own.reader(MOTHER), own.ministry, note=records.note)
    return [act for act, contents in read_card_records(path) if contents.serial == SERIALS[MOTHER]]


@pytest.mark.parametrize("executed", [False, True])
def test_an_erasing_without_an_answer_stays_open_until_it_is_repeated(tmp_path: Path, executed: bool) -> None:
    own, path = world(), tmp_path / "ministry.carried"
    export_noted(own, path)
    own.wrap = lambda _, reader: Answering(reader, 0xE4, b"", executed=executed)
    assert erase(own, path) == [Act.FILLING, Act.FILLED, Act.ERASING]
    assert held(read_card_records(path))[SERIALS[MOTHER]].keys  # it may hold them still
    own.wrap = lambda _, reader: reader
    assert erase(own, path)[-2:] == [Act.ERASING, Act.EMPTIED]
    emptied = held(read_card_records(path))[SERIALS[MOTHER]]
    assert (emptied.keys, emptied.receiver) == ((), PROVINCE)
    assert erase(own, path)[-2:] == [Act.ERASING, Act.EMPTIED]  # nothing more
    assert len(read_card_records(path)) == 6


def test_what_a_card_refuses_is_abandoned(tmp_path: Path) -> None:
    own, path = world(), tmp_path / "ministry.carried"
    export_noted(own, path)
    before = held(read_card_records(path))[SERIALS[MOTHER]]
    own.wrap = lambda _, reader: Answering(reader, 0xE4, b"\x69\x85")
    assert erase(own, path)[-2:] == [Act.ERASING, Act.ABANDONED]
    assert held(read_card_records(path))[SERIALS[MOTHER]] == before


def test_a_blank_card_does_not_empty_another_that_has_its_number(tmp_path: Path) -> None:
    own, path = world(), tmp_path / "ministry.carried"
    export_noted(own, path)
    erase(own, path)
    erased = own.chips[MOTHER]
    own.chips[MOTHER] = blank(MOTHER, own.suite)
    own.issue(MOTHER)
    with CardRecords(path, MINISTRY) as records:
        erase_carrier(own.reader(TRANSMISSION), own.ministry, note=records.note)
    own.chips[TRANSMISSION] = blank(TRANSMISSION, own.suite)
    own.issue(TRANSMISSION)
    export_noted(own, path)
    content = path.read_bytes()
    own.chips[MOTHER] = erased
    erase(own, path)
    assert path.read_bytes() == content
    assert held(read_card_records(path))[SERIALS[MOTHER]].keys
