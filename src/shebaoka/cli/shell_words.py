"""The words of the shell: each is one function over the terminal session."""

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shebaoka.cli.card_content import as_table
from shebaoka.cli.card_summary import print_summary, summary
from shebaoka.cli.errors import UsageProblem, describe
from shebaoka.cli.output import console, print_table
from shebaoka.cli.places import Place, parse_places, read_places
from shebaoka.cli.slots import pin as ask_pin
from shebaoka.codec.display import Language
from shebaoka.reader.exchange import follow
from shebaoka.reader.script.pattern import parse_hex
from shebaoka.spec.commands import command_of
from shebaoka.spec.model import FileLayout
from shebaoka.spec.status_words import describe as describe_word
from shebaoka.terminal import authentication, medical, pin
from shebaoka.terminal.applications import directories
from shebaoka.terminal.session import Session, select

Word = Callable[["Shell", Sequence[str]], None]


@dataclass
class Shell:
    """A conversation with the card of ``session``. ``directory``: where relative file names are looked up;
    ``problems``: how many lines could not be done."""

    session: Session
    language: Language = "en"
    directory: str = "SSSE"
    problems: int = 0
    words: dict[str, Word] = field(default_factory=lambda: dict(WORDS))

    def do(self, line: str) -> bool:
        """Carry out one line; an error is shown and the conversation goes on. False at the end."""
        try:
            parts = shlex.split(line, comments=True)
        except ValueError as error:
            return self._problem(f"not understood: {error}")
        if not parts:
            return True
        name, *arguments = parts
        if name in {"quit", "exit"}:
            return False
        word = self.words.get(name)
        if word is None:
            return self._problem(f"{name}: no such word; `help` lists them")
        try:
            word(self, arguments)
        except (ValueError, OSError, KeyError) as error:
            return self._problem(f"{name}: {describe(error, self.language)}")
        return True

    def _problem(self, text: str) -> bool:
        self.problems += 1
        print(text)
        return True

    def files(self) -> tuple[FileLayout, ...]:
        """Files of the current directory."""
        return self.session.layout.directory(self.directory).files


def _ls(shell: Shell, _arguments: Sequence[str]) -> None:
    """list the files of the current directory, or the directories in the SSSE"""
    if shell.directory == "SSSE":
        rows = [(d.id, d.name.zh, d.name.en) for d in directories(shell.session)]
        print_table("Directories", ("id", "zh", "en"), rows)
    rows4 = [(f.id, f.name.zh, f.name.en, f.read, f.write) for f in shell.files()]
    print_table(f"Files of {shell.directory}", ("file", "zh", "en", "read", "write"), rows4)


def _select(shell: Shell, arguments: Sequence[str]) -> None:
    """select a directory: select DF03"""
    if len(arguments) != 1:
        raise UsageProblem("name one directory, such as DF03")
    select(shell.session, arguments[0].upper())
    shell.directory = arguments[0].upper()


def _read(shell: Shell, arguments: Sequence[str]) -> None:
    """read files or items: read EF07, read DF03/EF07 70; all of the directory without a name"""
    wanted = parse_places(arguments, shell.directory)
    found, failed = read_places(
        shell.session, wanted or [Place(shell.directory, f.fid) for f in shell.files()]
    )
    as_table(found, failed, shell.language)
    shell.problems += len(failed) if wanted else 0


def _show(shell: Shell, _arguments: Sequence[str]) -> None:
    """what this card is"""
    print_summary(summary(shell.session, shell.language), shell.language)


def _pin(shell: Shell, _arguments: Sequence[str]) -> None:
    """verify the PIN (asked for)"""
    state = pin.state(shell.session)
    if not state.set:
        print("this card has no PIN")
        return
    pin.verify(shell.session, ask_pin())
    print("the PIN is right")


def _auth(shell: Shell, arguments: Sequence[str]) -> None:
    """prove keys to the card by PSAM or vault: auth RK1DF01"""
    for name in arguments:
        authentication.authenticate(shell.session, name.upper())
        print(f"{name.upper()} proven")


def _balance(shell: Shell, _arguments: Sequence[str]) -> None:
    """balance and year totals of the medical account, in yuan"""
    account = medical.totals(shell.session)
    fen = medical.balance(shell.session)
    print(f"balance {fen / 100:.2f}, year {account.year}: self-pay {account.self_pay / 100:.2f}, ", end="")
    print(f"pooled {account.pooled / 100:.2f}")


def _apdu(shell: Shell, arguments: Sequence[str]) -> None:
    """send a raw command: apdu 00 84 00 00 08"""
    apdu = parse_hex(" ".join(arguments))
    answer = follow(shell.session.reader, apdu)
    word = int.from_bytes(answer[-2:])
    known = command_of(apdu[0], apdu[1], apdu[2], "card") if len(apdu) > 2 else None
    meaning = describe_word(word, apdu[1] if len(apdu) > 1 else None).meaning.en
    print(
        f"{known.name.en if known else 'unknown command'}: {answer[:-2].hex().upper()} {word:04X} {meaning}"
    )


def _reset(shell: Shell, _arguments: Sequence[str]) -> None:
    """reset the card: all rights are lost"""
    print(shell.session.reader.reset().hex().upper())
    shell.session.proven.clear()
    shell.directory = "SSSE"
    select(shell.session, "SSSE")
    shell.session.pin = pin.state(shell.session)


def _help(shell: Shell, _arguments: Sequence[str]) -> None:
    """list the words"""
    for name, word in sorted(shell.words.items()):
        console().print(f"{name:9} {word.__doc__}", markup=False)
    print("quit      leave")


WORDS: dict[str, Word] = {
    "ls": _ls,
    "select": _select,
    "read": _read,
    "show": _show,
    "pin": _pin,
    "auth": _auth,
    "balance": _balance,
    "apdu": _apdu,
    "reset": _reset,
    "help": _help,
}
