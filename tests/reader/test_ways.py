"""Readers in process, dual interface, exchange and faults, over a chip that is only a fake."""

from datetime import datetime

import pytest

from reader.fake_chip import ATR, ATS, HISTORICAL, FakeChip
from shebaoka.codec.apdu import Command, Response
from shebaoka.reader.base import ReaderError, controls_of
from shebaoka.reader.dual_interface import DualInterface
from shebaoka.reader.exchange import exchange, follow
from shebaoka.reader.faults import FaultReader, Late, Mute, Short, Tear
from shebaoka.reader.in_process import InProcessReader

CHALLENGE = bytes.fromhex("0084000008")
COUNT = bytes.fromhex("00320000")
OK = b"\x90\x00"


def test_no_answer_without_power() -> None:
    reader = InProcessReader(FakeChip())
    with pytest.raises(ReaderError, match="reset it first"):
        reader.transmit(CHALLENGE)
    assert reader.reset() == ATR
    assert len(reader.transmit(CHALLENGE)) == 10
    reader.close()
    with pytest.raises(ReaderError):
        reader.transmit(CHALLENGE)


def test_fed_random_bytes_come_first_and_in_order() -> None:
    reader = InProcessReader(FakeChip())
    reader.reset()
    reader.controls.feed_random(bytes(range(10)))
    reader.controls.feed_random(b"\xaa\xbb")
    assert reader.transmit(CHALLENGE) == bytes(range(8)) + OK
    answer = reader.transmit(CHALLENGE)
    assert answer[:4] == b"\x08\x09\xaa\xbb"
    assert len(answer) == 10


def test_the_clock_stands_where_it_is_put() -> None:
    reader = InProcessReader(FakeChip())
    reader.reset()
    reader.controls.set_time(datetime(2026, 1, 2, 3, 4, 5))
    assert reader.transmit(bytes.fromhex("00330000")) == b"20260102030405" + OK


def test_a_torn_command_leaves_the_chip_mute_until_reset() -> None:
    chip = FakeChip()
    reader = InProcessReader(chip)
    reader.reset()
    reader.controls.tear(2)
    with pytest.raises(ReaderError, match="lost its power"):
        reader.transmit(COUNT)
    assert chip.counter == 1
    with pytest.raises(ReaderError):
        reader.transmit(CHALLENGE)
    reader.reset()
    assert reader.transmit(COUNT) == b"\x03" + OK


def test_both_interfaces_carry_the_same_historical_bytes() -> None:
    card = DualInterface(FakeChip())
    assert card.contact.reset()[4:] == card.contactless.reset()[5:] == HISTORICAL


def test_one_interface_at_a_time() -> None:
    chip = FakeChip()
    card = DualInterface(chip)
    with pytest.raises(ReaderError, match="no power"):
        card.contact.transmit(COUNT)
    assert card.contact.reset() == ATR
    card.contact.transmit(COUNT)
    assert card.contactless.reset() == ATS
    with pytest.raises(ReaderError, match="the contactless interface is active"):
        card.contact.transmit(COUNT)
    assert card.contactless.transmit(COUNT) == b"\x04" + OK  # one state
    card.contact.close()  # not the active one: nothing happens
    assert card.contactless.transmit(COUNT) == b"\x06" + OK
    card.contactless.close()
    with pytest.raises(ReaderError):
        card.contactless.transmit(COUNT)


def test_exchange_fetches_what_61xx_announces() -> None:
    reader = InProcessReader(FakeChip())
    reader.reset()
    assert exchange(reader, Command(0, 0x40, 0, 0)) == Response(bytes(300), 0x9000)


@pytest.mark.parametrize("le", [None, 5, 16])
def test_exchange_repeats_with_the_length_of_6cxx(le: int | None) -> None:
    chip = FakeChip()
    reader = InProcessReader(chip)
    reader.reset()
    if le is None:
        assert follow(reader, bytes.fromhex("00B00000")) == b"\x6d\x00"
        return
    assert exchange(reader, Command(0, 0xB0, 0, 0, le=le)).data == bytes(range(16))
    assert chip.commands[-1] == bytes.fromhex("00B0000010")


def test_exchange_leaves_other_words_alone() -> None:
    reader = InProcessReader(FakeChip())
    reader.reset()
    assert exchange(reader, Command(0, 0x99, 0, 0)) == Response(b"", 0x6D00)


def test_mute_before_and_after_execution() -> None:
    for executed, counter in ((False, 0), (True, 2)):
        chip = FakeChip()
        reader = FaultReader(InProcessReader(chip), {1: Mute(executed)})
        reader.reset()
        with pytest.raises(ReaderError):
            reader.transmit(COUNT)
        assert chip.counter == counter
        with pytest.raises(ReaderError, match="reset it first"):
            reader.transmit(COUNT)
        reader.reset()
        assert reader.transmit(COUNT)[-2:] == OK


def test_short_answers() -> None:
    reader = FaultReader(InProcessReader(FakeChip()), {1: Short(1), 2: Short(4)})
    reader.reset()
    assert reader.transmit(CHALLENGE)[1:] == b""
    assert len(reader.transmit(CHALLENGE)) == 4
    assert len(reader.transmit(CHALLENGE)) == 10


def test_late_answers_and_giving_up() -> None:
    waited: list[float] = []
    reader = FaultReader(InProcessReader(FakeChip()), {1: Late(3), 2: Late(30, timeout=5)}, waited.append)
    reader.reset()
    assert len(reader.transmit(CHALLENGE)) == 10
    with pytest.raises(ReaderError, match="within 5 s"):
        reader.transmit(CHALLENGE)
    assert waited == [3, 5]


def test_tear_by_plan() -> None:
    chip = FakeChip()
    reader = FaultReader(InProcessReader(chip), {2: Tear(1)})
    reader.reset()
    reader.transmit(COUNT)
    with pytest.raises(ReaderError):
        reader.transmit(COUNT)
    reader.reset()
    assert chip.counter == 2
    assert controls_of(reader) is not None


def test_tear_needs_a_simulated_chip() -> None:
    class Real:
        def reset(self) -> bytes:
            return ATR

        def transmit(self, apdu: bytes) -> bytes:
            return OK

        def close(self) -> None:
            pass

    with pytest.raises(ValueError, match="only a simulated chip"):
        FaultReader(Real(), {1: Tear()})
    assert controls_of(FaultReader(Real(), {1: Mute()})) is None
