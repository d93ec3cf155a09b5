"""One ceremony being held: the engine's talk, the question it waits for, and what everybody has seen."""

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from shebaoka.journal.file import JournalFile
from shebaoka.office.custody.key_lines import KeyLine, lines_of
from shebaoka.office.custody.rooms.letters import LettersInMemory
from shebaoka.office.custody.rooms.wire import Question, Said, Shown, State, said
from shebaoka.vault.ceremony.engine import ABORTED, COMPLETED, Held, hold
from shebaoka.vault.ceremony.prompts import Ask, Confirm, DeclinedError, Prompt, Secret, Show, Talk
from shebaoka.vault.ceremony.samples import Sample
from shebaoka.vault.ceremony.script import CeremonyError, Script
from shebaoka.vault.ceremony.steps import steps_of
from shebaoka.vault.model import Vault

_SHOWN = 40  # of what was shown, the latest


class Sitting:
    """A ceremony that is held with ``vault``. ``path``: of its transcript, a new file.

    Raises CeremonyError, VaultError or JournalError when it cannot begin; then there is no transcript."""

    def __init__(self, script: Script, vault: Vault, path: Path, sample: Sample) -> None:
        self._script = script
        self._vault: Vault | None = vault
        self._lines: list[KeyLine] = []
        self._letters = LettersInMemory()
        self._journal = JournalFile.create(path, script.number)
        self._talk: Talk[Held] = hold(
            script, vault, self._journal, clock=_now, sample=sample, letters=self._letters
        )
        self._lock = threading.Lock()
        self._shown: list[Shown] = []
        self._step = 0
        self._steps = tuple(step.name for step in steps_of(script))
        self._state = State(0, self._steps)
        self.touched = time.monotonic()
        try:
            self._go_on(lambda: next(self._talk))
        except BaseException:
            self._give_up()
            path.unlink(missing_ok=True)
            raise

    def __repr__(self) -> str:
        return f"<sitting of {self._script.number}, step {self._step}>"

    def look(self) -> State:
        """How far it is; never waits."""
        return self._state

    def answer(self, question: str, by: str, text: str) -> bool:
        """Whether that was the question asked of ``by``; then it goes on."""
        with self._lock:
            asked = self._state.question
            if asked is None or (asked.id, asked.by) != (question, by):
                return False
            self.touched = time.monotonic()
            if asked.id == f"letters.{by}":
                self._letters.sealed(by)
            self._go_on(lambda: self._talk.send(text))
            return True

    def stop(self, reason: str) -> bool:
        """Whether it was going on; it is aborted now and has left nothing."""
        with self._lock:
            asked = self._state.question
            if asked is None:
                return False
            self._go_on(lambda: self._talk.throw(DeclinedError(asked.id, reason)))
            return True

    def letters(self, by: str) -> bytes:
        """The letters of a role, in its own step."""
        asked = self._state.question
        return self._letters.of(by) if asked is not None and asked.id == f"letters.{by}" else b""

    def keys(self) -> list[KeyLine]:
        """The keys of the vault as it was when the ceremony was held."""
        return self._lines

    def _go_on(self, move: Callable[[], Prompt]) -> None:
        try:
            prompt = move()
            while isinstance(prompt, Show):
                self._show(prompt)
                prompt = self._talk.send("")
        except StopIteration:
            self._end(None)
        except Exception as error:
            if self._state.question is None and not self._step and self._journal.head is None:
                raise
            self._end(said(error.said) if isinstance(error, CeremonyError) else None)
        else:
            if prompt.id.endswith(".begin"):
                self._step += 1
            self._state = State(self._step, self._steps, _question(prompt), tuple(self._shown))

    def _show(self, prompt: Show) -> None:
        columns = tuple(said(column) for column in prompt.columns)
        self._shown = [*self._shown, Shown(prompt.id, said(prompt.text), columns, prompt.rows)][-_SHOWN:]

    def _end(self, reason: Said | None) -> None:
        """What the transcript says at its end is what happened."""
        records = self._journal.records
        ends: dict[str, Literal["held", "aborted"]] = {COMPLETED: "held", ABORTED: "aborted"}
        end: Literal["held", "aborted", "unknown"] = ends.get(records[-1].act, "unknown")
        if end == "held" and self._vault is not None:
            self._lines = lines_of(self._vault)
        self._give_up()
        self._state = State(self._step, self._steps, None, tuple(self._shown), end, reason)

    def _give_up(self) -> None:
        """Keys and letters are forgotten, the files given back."""
        self._letters.withdraw()
        with contextlib.suppress(Exception):
            self._talk.close()
        close = getattr(self._vault, "close", None)
        self._vault = None
        if close is not None:
            with contextlib.suppress(ValueError, OSError):
                close()
        self._journal.close()


def _question(prompt: Prompt) -> Question:
    match prompt:
        case Confirm():
            return Question(prompt.id, "confirm", prompt.by, said(prompt.text))
        case Ask():
            return Question(prompt.id, "ask", prompt.by, said(prompt.text))
        case Secret():
            return Question(prompt.id, "secret", prompt.by, said(prompt.text), 2 * prompt.size)
    raise TypeError(f"{type(prompt).__name__} asks nothing")


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
