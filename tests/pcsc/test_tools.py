"""Programs that know nothing of us talk to a chip through pcscd: opensc-tool, scriptor, pyscard."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pcsc.stack import READER_NAMES, PcscStack
from reader.fake_chip import ATR, ATS, FakeChip
from shebaoka.reader.base import ReaderError
from shebaoka.reader.dual_interface import DualInterface
from shebaoka.reader.exchange import follow
from shebaoka.reader.pcsc import PcscReader, list_readers
from shebaoka.reader.vpcd import atr_for_pcsc

pytestmark = pytest.mark.pcsc


def run(stack: PcscStack, *command: str) -> str:
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed (make test-deps)")
    done = subprocess.run(
        command, env=os.environ | stack.environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_opensc_tool_shows_the_atr(pcsc_stack: PcscStack) -> None:
    pcsc_stack.put(FakeChip())
    assert run(pcsc_stack, "opensc-tool", "-r", "0", "-a").strip() == ATR.hex(":")


def test_opensc_tool_sends_a_command(pcsc_stack: PcscStack) -> None:
    pcsc_stack.put(FakeChip())
    answer = run(pcsc_stack, "opensc-tool", "-r", "0", "-s", "00B0000010")
    assert "SW1=0x90, SW2=0x00" in answer
    assert "00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F" in answer


def test_scriptor_runs_a_script(pcsc_stack: PcscStack, tmp_path: Path) -> None:
    pcsc_stack.put(FakeChip())
    script = tmp_path / "script"
    script.write_text("reset\n00 B0 00 00 05\n00 B0 00 00 10\n")
    answer = run(pcsc_stack, "scriptor", "-r", READER_NAMES[0], str(script))
    assert "< 6C 10" in answer
    assert "0D 0E 0F \n90 00 : Normal processing" in answer


def test_pyscard_reads(pcsc_stack: PcscStack) -> None:
    chip = FakeChip()
    reader = pcsc_stack(chip).card
    assert reader.reset() == ATR
    assert reader.transmit(bytes.fromhex("00B0000010"))[-2:] == b"\x90\x00"
    assert len(follow(reader, bytes.fromhex("0040000000"))) == 302
    assert chip.commands[0] == bytes.fromhex("00B0000010")


def test_two_slots_at_once(pcsc_stack: PcscStack) -> None:
    card, psam = FakeChip(), FakeChip()
    inserted = pcsc_stack(card, psam)
    assert inserted.psam is not None
    assert list_readers() == list(READER_NAMES)
    inserted.card.transmit(bytes.fromhex("00320000"))
    inserted.psam.transmit(bytes.fromhex("0084000008"))
    inserted.card.transmit(bytes.fromhex("00320000"))
    assert (card.counter, len(psam.commands)) == (4, 1)


def test_a_reset_is_cold(pcsc_stack: PcscStack) -> None:
    chip = FakeChip()
    reader = pcsc_stack(chip).card
    before = chip.resets
    reader.reset()
    assert chip.resets > before


def test_le_of_a_case_4_command_stays_away_under_t0(pcsc_stack: PcscStack) -> None:
    chip = FakeChip()
    pcsc_stack(chip).card.transmit(bytes.fromhex("00A40000023F0000"))
    assert chip.commands == [bytes.fromhex("00A40000023F00")]


def test_no_such_reader_names_those_there(pcsc_stack: PcscStack) -> None:
    with pytest.raises(ReaderError, match="no reader is named 'Nobody'; PC/SC shows 0: Virtual PCD 00 00"):
        PcscReader("Nobody")
    with pytest.raises(ReaderError, match="no reader number 7"):
        PcscReader(7)
    with pytest.raises(ReaderError, match="more than one reader"):
        PcscReader("Virtual")


def test_a_card_in_use_is_said_to_be(pcsc_stack: PcscStack) -> None:
    pcsc_stack(FakeChip())
    with pytest.raises(ReaderError, match="another program uses the card"):
        PcscReader(0)


def test_a_dual_interface_card_through_two_readers(pcsc_stack: PcscStack) -> None:
    chip = FakeChip()
    card = DualInterface(chip)
    inserted = pcsc_stack(card.contact, card.contactless)
    assert inserted.psam is not None
    assert inserted.psam.reset() == atr_for_pcsc(ATS)
    inserted.psam.transmit(bytes.fromhex("00320000"))
    assert inserted.card.transmit(bytes.fromhex("00320000")) == b"\x6f\x00"  # not the active interface
    assert inserted.card.reset() == ATR
    assert inserted.card.transmit(bytes.fromhex("00320000")) == b"\x04\x90\x00"
