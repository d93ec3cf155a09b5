"""A ceremony at the terminal: what is shown and asked, and letters as files."""

import getpass
import os
import sys
from pathlib import Path

from rich.text import Text as Line

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import console, print_table
from shebaoka.codec.display import Language
from shebaoka.paper.letters import ComponentLetter, component_letters_pdf
from shebaoka.vault.ceremony.prompts import Ask, Confirm, DeclinedError, Secret, Show
from shebaoka.vault.ceremony.script import Script
from shebaoka.vault.ceremony.steps import Letter
from shebaoka.vault.ceremony.words import role_name

_YES = {"y", "yes", "是", "确认"}
_STOP = {"abort", "中止"}
_HINT = {"en": "[yes / abort]", "zh": "[是 / 中止]"}


class Terminal:
    """The people in the room at one terminal: the role that is to answer stands before each question."""

    def __init__(self, language: Language) -> None:
        if not sys.stdin.isatty():
            raise UsageProblem("a ceremony needs people at a terminal; --answers FILE plays one for a test")
        self._language = language

    def show(self, prompt: Show) -> None:
        """A line or a table."""
        show(prompt, self._language)

    def confirm(self, prompt: Confirm) -> bool:
        """Whether they said yes; only a clear word counts."""
        while True:
            said = self._type(prompt.by, f"{self._say(prompt)} {_HINT[self._language]}").lower()
            if said in _YES | _STOP:
                return said in _YES

    def ask(self, prompt: Ask) -> str:
        """What they typed. Raises DeclinedError for the word that aborts."""
        said = self._type(prompt.by, f"{self._say(prompt)}:")
        if said.lower() in _STOP:
            raise DeclinedError(prompt.id)
        return said

    def secret(self, prompt: Secret) -> str:
        """What was typed hidden."""
        said = getpass.getpass(f"{self._role(prompt.by)}> {self._say(prompt)}: ")
        if said.strip().lower() in _STOP:
            raise DeclinedError(prompt.id)
        return said

    def _type(self, role: str, text: str) -> str:
        return input(f"{self._role(role)}> {text} ").strip()

    def _say(self, prompt: Confirm | Ask | Secret) -> str:
        return str(getattr(prompt.text, self._language))

    def _role(self, role: str) -> str:
        return str(getattr(role_name(role), self._language))


def show(prompt: Show, language: Language) -> None:
    """Puts it on the standard output."""
    text = str(getattr(prompt.text, language))
    if prompt.columns:
        heads = [str(getattr(column, language)) for column in prompt.columns]
        print_table(text, heads, prompt.rows)
    else:
        console().print(Line(text), soft_wrap=True)


class LetterFiles:
    """Component letters as PDF, one file for each custodian, mode 0600; removed when the ceremony aborts."""

    def __init__(self, folder: Path) -> None:
        if folder.exists() and any(folder.iterdir()):
            raise UsageProblem(f"{folder}: is not empty; letters go into a folder of their own")
        self._folder = folder
        self._written: list[Path] = []

    def deliver(self, script: Script, letters: list[Letter]) -> None:
        """Writes the file of one custodian. Raises FileExistsError rather than replace one."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        role = letters[0].custodian
        person = script.persons[role]
        pages = [
            ComponentLetter(
                str(person), role_name(role).zh, script.number, letter.serial, letter.key,
                letter.number, letter.count, letter.component.hex(), letter.kcv,
            )
            for letter in letters
        ]  # fmt: skip
        path = self._folder / f"{role}.pdf"
        content = component_letters_pdf(pages)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._written.append(path)
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            file.write(content)

    def withdraw(self) -> None:
        """Removes what was written."""
        while self._written:
            self._written.pop().unlink(missing_ok=True)


def remove_letters(folder: Path) -> None:
    """Removes the letters of a ceremony that was killed before its keys were stored."""
    for path in folder.glob("custodian-?.pdf"):
        path.unlink()
