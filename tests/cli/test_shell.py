"""The shell: its words from the standard input, its completion, and both under a real terminal."""

import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from cli.conftest import Outcome, Shebaoka
from shebaoka.cli.card_session import identify
from shebaoka.cli.shell_prompt import CardCompleter
from shebaoka.cli.shell_words import Shell
from shebaoka.cli.slots import Slots


@pytest.fixture
def talk(shebaoka: Shebaoka, card: Path, monkeypatch: pytest.MonkeyPatch) -> "Talk":
    return Talk(shebaoka, card, monkeypatch)


class Talk:
    def __init__(self, shebaoka: Shebaoka, card: Path, patch: pytest.MonkeyPatch) -> None:
        self._call, self._card, self._patch = shebaoka, card, patch

    def __call__(self, *lines: str, options: tuple[str, ...] = (), **environment: str) -> Outcome:
        self._patch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
        return self._call("shell", "--chip", self._card, *options, **environment)


def test_files_and_items_from_the_standard_input(talk: Talk) -> None:
    said = talk("ls", "read EF06 09", "select DF01", "pin", "read EF05 21", SHEBAOKA_PIN="123456")
    assert said.code == 0
    assert "测试" in said.out
    assert "Social security number" not in said.out
    assert "the PIN is right" in said.out
    assert "Registered address" in said.out


def test_a_line_that_cannot_be_done_is_told_and_the_rest_goes_on(talk: Talk) -> None:
    said = talk("nonsense", "read EF99 01", "select DF99", "apdu 00 8", "read 'EF05", "auth NOKEY", "balance")
    assert said.code == 1
    assert "nonsense: no such word" in said.out
    assert said.out.count("no directory DF99") == 1
    assert "3 hex digits are not whole bytes" in said.out
    assert "not understood" in said.out
    assert "NOKEY" in said.out
    assert said.err == ""


def test_quit_leaves_and_chinese_is_spoken(talk: Talk) -> None:
    said = talk("read EF06 0A", "quit", "nonsense", options=("-l", "zh"))
    assert said.code == 0
    assert "男性" in said.out or "女性" in said.out
    assert "性别" in said.out


def completions(card: Path, text: str, directory: str = "SSSE") -> dict[str, str]:
    with Slots() as slots:
        shell = Shell(identify(slots, card, None, None, None, None), directory=directory)
        found = CardCompleter(shell).get_completions(Document(text), CompleteEvent())
        return {completion.text: completion.display_meta_text for completion in found}


def test_words_directories_files_items_and_keys_are_completed(card: Path) -> None:
    assert {"read", "select", "quit"} <= completions(card, "").keys()
    assert completions(card, "se").keys() == {"select"}
    assert {"SSSE", "DF01", "DF07"} <= completions(card, "select ").keys()
    assert completions(card, "select DF03 ") == {}
    assert completions(card, "read DF03/EF0").keys() == {f"DF03/EF0{n}" for n in (5, 6, 7)}
    assert "养老保险" in completions(card, "read df03/ef07")["DF03/EF07"]
    assert completions(card, "read EF1", "DF01").keys() == {"EF15", "EF16", "EF17", "EF18", "EF19", "EF1A"}
    items = completions(card, "read DF03/EF07 7")
    assert {"70", "71", "73"} <= items.keys()
    assert "Pension scheme" in items["70"]
    assert {"71", "DF03/EF07"} <= completions(card, "read DF03/EF07 70 ").keys()
    assert "70" not in completions(card, "read DF04/EF08 ")
    assert "RK1DF01" in completions(card, "auth RK")
    assert completions(card, "balance ") == {}


def test_under_a_terminal(card: Path) -> None:
    terminal, other = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80", "LINES": "24", "NO_COLOR": "1"}
    process = subprocess.Popen(
        [Path(sys.executable).with_name("shebaoka"), "shell", "--chip", card],
        stdin=other,
        stdout=other,
        stderr=other,
        env=environment,
    )
    os.close(other)
    try:
        expect(terminal, "SSSE>")
        os.write(terminal, b"read EF06 0")
        expect(terminal, "0A")
        os.write(terminal, b"\t")  # the first item the file offers
        os.write(terminal, b"\r")
        expect(terminal, "999999199001010016")
        os.write(terminal, b"select DF03\r")
        expect(terminal, "DF03>")
        os.write(terminal, b"\x04")
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.wait()
        os.close(terminal)


def expect(terminal: int, text: str, seconds: float = 20.0) -> None:
    """Read from the terminal until ``text`` was printed; answers its question for the cursor's place."""
    shown, deadline = "", time.monotonic() + seconds
    while text not in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown):
        assert select.select([terminal], [], [], max(0, deadline - time.monotonic()))[0], shown
        new = os.read(terminal, 65536).decode("utf-8", "replace")
        if "\x1b[6n" in new:
            os.write(terminal, b"\x1b[1;1R")
        shown += new
