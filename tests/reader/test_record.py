"""Records: they run again as scripts and replay as chips; secrets stay out."""

import pytest

from reader.fake_chip import ATR, FakeChip
from shebaoka.reader.base import ReaderError
from shebaoka.reader.exchange import follow
from shebaoka.reader.in_process import InProcessReader
from shebaoka.reader.record import RecordingReader
from shebaoka.reader.replay import ReplayReader
from shebaoka.reader.script import ScriptError, Slot, parse_script, run_script
from shebaoka.reader.secrets import SecretFilter

VERIFY = bytes.fromhex("0020000003123456")


def record(commands: list[str], *, mask: bool = True, psam: bool = False) -> str:
    lines: list[str] = []
    reader = RecordingReader(InProcessReader(FakeChip()), lines.append, mask=mask, psam=psam)
    reader.reset()
    for command in commands:
        follow(reader, bytes.fromhex(command))
    reader.close()
    return "\n".join(lines)


def test_a_record_runs_again_with_its_random_bytes() -> None:
    text = record(["0084000008", "00B0000005", "00400000", "00320000"])
    result = run_script(parse_script(text), InProcessReader(FakeChip()))
    assert result.ok
    assert result.commands == 7  # 6Cxx and 61xx were recorded as they came


def test_a_record_of_a_psam() -> None:
    text = record(["0084000008"], psam=True)
    assert run_script(parse_script(text), InProcessReader(FakeChip()), InProcessReader(FakeChip())).ok
    assert ReplayReader(parse_script(text), Slot.PSAM).reset() == ATR


def test_secrets_are_masked_and_the_script_passes_over_them() -> None:
    text = record(["0020000003123456", "0084000008"])
    assert "123456" not in text
    assert "#> 0020000003******\n#< 6D00" in text
    result = run_script(parse_script(text), InProcessReader(FakeChip()))
    assert result.ok
    assert result.commands == 1
    assert "> 0020000003123456" in record(["0020000003123456"], mask=False)


def test_silence_is_recorded_as_a_comment() -> None:
    lines: list[str] = []
    inner = InProcessReader(FakeChip())
    reader = RecordingReader(inner, lines.append)
    reader.reset()
    inner.controls.tear(1)
    with pytest.raises(ReaderError):
        reader.transmit(bytes.fromhex("00320000"))
    assert lines[-1].startswith("# no answer (the chip lost its power")


def test_a_replay_plays_the_chip_masked_commands_included() -> None:
    text = record(["0020000003123456", "00B0000010", "00320000"])
    replay = ReplayReader(parse_script(text, "r"))
    assert replay.reset() == ATR
    assert replay.transmit(bytes.fromhex("0020000003999999")) == b"\x6d\x00"
    with pytest.raises(ReaderError, match=r"r, line \d+: the record has another command here than 00B00001"):
        replay.transmit(bytes.fromhex("00B0000110"))
    assert replay.transmit(bytes.fromhex("00B0000010"))[:2] == b"\x00\x01"
    replay.transmit(bytes.fromhex("00320000"))
    with pytest.raises(ReaderError, match="the record has ended"):
        replay.transmit(bytes.fromhex("00320000"))
    with pytest.raises(ReaderError, match="no further reset"):
        replay.reset()


def test_a_replay_does_not_run_past_a_reset() -> None:
    replay = ReplayReader(parse_script("> 00\n< 9000\nreset\n< 3B\n> 01\n< 9001"))
    replay.transmit(b"\x00")
    with pytest.raises(ReaderError, match="has a reset here"):
        replay.transmit(b"\x01")
    replay.reset()
    assert replay.transmit(b"\x01") == b"\x90\x01"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("> 00\n< 90..", "without wildcards"),
        ("> 00\n< 9000 | 6982", "without wildcards"),
        ("> 00\n> 01\n< 9000", "line 1: without its answer"),
        ("> 00", "line 1: without its answer"),
    ],
)
def test_scripts_that_are_no_record(text: str, problem: str) -> None:
    with pytest.raises(ScriptError, match=problem):
        ReplayReader(parse_script(text))


@pytest.mark.parametrize(
    ("command", "answer", "shown"),
    [
        ("0020000003123456", "9000", "0020000003******"),
        ("0020000000", "63C6", "0020000000"),
        ("805E010007123456FF654321", "9000", "805E010007" + "**" * 7),
        ("842400010C" + "AA" * 12, "9000", "842400010C" + "**" * 12),
        ("84D80000" + "1C" + "AA" * 28, "9000", "84D800001C" + "**" * 28),
        ("84D400111C" + "AA" * 28, "9000", "84D400111C" + "**" * 28),
        ("0082008310" + "AA" * 16, "9000", "0082008310" + "AA" * 16),
    ],
)
def test_what_is_secret(command: str, answer: str, shown: str) -> None:
    masked = SecretFilter().mask(bytes.fromhex(command), bytes.fromhex(answer))
    assert masked.command == shown
    assert masked.secret == ("*" in shown)
    assert masked.answer == answer


@pytest.mark.parametrize(
    ("delivery", "secret"),
    [("BFDE260910", True), ("BFDE280910", True), ("BFDE272410", False), ("BFDE28FE10", True)],
)
def test_cipher_data_is_secret_where_it_may_encrypt_a_pin(delivery: str, secret: bool) -> None:
    hide = SecretFilter()
    hide.mask(bytes.fromhex(delivery + "00" * 16), b"\x90\x00")
    masked = hide.mask(bytes.fromhex("80FA000008" + "AA" * 8), bytes.fromhex("6108"))
    assert masked.secret == secret
    masked = hide.mask(bytes.fromhex("00C0000008"), bytes.fromhex("BB" * 8 + "9000"))
    assert masked.answer == ("**" if secret else "BB") * 8 + "9000"
    assert hide.mask(bytes.fromhex("00C0000000"), bytes.fromhex("CC9000")).answer == "CC9000"
