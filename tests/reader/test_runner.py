"""The script runner over fake chips: following, strict, tearing, silence, refusals."""

import pytest

from reader.fake_chip import ATR, FakeChip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.reader.script import ScriptError, ScriptResult, Slot, parse_script, report, run_script


def run(text: str, card: FakeChip | None = None, psam: FakeChip | None = None) -> ScriptResult:
    second = None if psam is None else InProcessReader(psam)
    return run_script(parse_script(text, "test.script"), InProcessReader(card or FakeChip()), second)


def test_answers_that_match() -> None:
    result = run("reset\n< 3B6D ...\n> 00B0000010\n< 00 01 ... 9000\n> 0099\n< 9000 | 6D00")
    assert result.ok
    assert (result.commands, result.compared) == (2, 3)
    assert report(result) == ["test.script: all match (2 commands, 3 answers compared)"]


def test_the_first_difference_stops_the_run() -> None:
    chip = FakeChip()
    result = run("> 0099\n< 6D00\n> 0099\n< 9000\n> 00320000", chip)
    assert result.difference is not None
    assert (result.difference.line, result.difference.got) == (4, "6D00")
    assert chip.counter == 0
    assert "line 4:" in report(result)[0]


def test_masked_commands_that_did_not_run_are_told() -> None:
    chip = FakeChip()
    result = run("#> 0020000003******\n#< 9000\n# > 00 is only a text\n> 0099\n< 9000", chip)
    assert not result.ok
    assert [command[:2] for command in chip.commands] == [b"\x00\x99"]
    assert "masked: line 1;" in report(result)[-1]
    assert run("> 0099 # 00**").notes == ()


def test_long_answers_are_followed_unless_strict() -> None:
    assert run(f"> 00400000\n< {'00' * 300}9000").ok
    assert run("strict\n> 00400000\n< 6100\n> 00C0000000\n< ... 612C").ok
    assert not run("> 00400000\n< 6100").ok


def test_wrong_le_is_followed_unless_strict() -> None:
    assert run("> 00B0000005\n< ... 0F 9000").ok
    assert run("strict\n> 00B0000005\n< 6C10").ok


def test_both_chips_and_their_randomness() -> None:
    card, psam = FakeChip(), FakeChip()
    text = """
random 0102030405060708
psam random 1112
> 0084000008
< 0102030405060708 9000
psam> 0084000002
psam< 1112 9000
psam reset
psam< 3B...
"""
    assert run(text, card, psam).ok
    assert (card.resets, psam.resets) == (1, 2)


def test_reset_is_of_the_card_alone() -> None:
    card, psam = FakeChip(), FakeChip()
    assert run("> 0099\npsam> 0099\nreset\nreset", card, psam).ok
    assert (card.resets, psam.resets) == (3, 1)


def test_time() -> None:
    assert run(f"time 20260102030405\n> 00330000\n< {b'20260102030405'.hex()} 9000").ok


def test_a_torn_command_has_no_answer() -> None:
    chip = FakeChip()
    assert run("tear 2\n> 00320000\nreset\n> 00320000\n< 03 9000", chip).ok
    assert run("tear 1\n> 00320000\n< ...\nreset").ok
    difference = run("tear 1\n> 00320000\n< 02 9000").difference
    assert difference is not None
    assert (difference.got, difference.expected) == ("", "02 9000")
    assert "lost its power" in difference.problem


def test_silence_without_tearing_is_a_difference() -> None:
    result = run("tear 1\n> 00320000\n> 00320000\nreset")
    assert result.difference is not None
    assert result.difference.line == 3
    assert any("reset it first" in line for line in report(result))


def test_a_cut_that_did_not_happen_is_told() -> None:
    result = run("tear 3\n> 00320000\n< 02 9000\n> 00320000\n< 04 9000")
    assert result.ok
    assert result.notes == ("line 2: power was not cut, the command makes fewer than 3 writes",)


def test_what_cannot_run_is_refused_before_anything_is_sent() -> None:
    chip = FakeChip()

    class Real:
        def reset(self) -> bytes:
            return chip.reset()

        def transmit(self, apdu: bytes) -> bytes:
            return chip.transmit(apdu)

        def close(self) -> None:
            pass

    for line, word in (("random 01", "random"), ("time 20260102030405", "time"), ("tear 1", "tear")):
        with pytest.raises(ScriptError, match=f"line 2: `{word}` works on a simulated chip"):
            run_script(parse_script(f"> 0099\n{line}"), Real())
    with pytest.raises(ScriptError, match="line 2: this line speaks to a PSAM"):
        run_script(parse_script("> 0099\npsam> 0099"), Real())
    with pytest.raises(ScriptError, match="`time`"):  # the PSAM is real
        run_script(parse_script("time 20260102030405"), InProcessReader(chip), Real())
    assert chip.commands == []


def test_a_reset_can_be_compared() -> None:
    result = run("reset\n< 3B00")
    assert result.difference is not None
    assert result.difference.got == ATR.hex().upper()
    assert result.difference.slot is Slot.CARD
    assert "expected: 3B00" in "\n".join(report(result))
