"""A ceremony without people, for tests, rehearsals and demonstrations: answers from a file (TOML).

``[answers]`` gives what is typed, by the id of the prompt; what the script itself expects need not be given.
``components = "random"`` draws every component here. ``decline`` names a prompt that is not confirmed, to
rehearse an abort. Keys born like this were seen by no custodian: never in a production vault."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml
from shebaoka.vault.ceremony.prompts import Ask, Confirm, DeclinedError, Secret, Show
from shebaoka.vault.ceremony.script import CeremonyError
from shebaoka.vault.cipher import check_value


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of the file."""

    answers: dict[str, str] = {}
    components: Literal["random", "none"] = "none"
    decline: str = ""


def read_answers(path: Path) -> Answers:
    """The answers of a file. Raises SpecError naming it."""
    try:
        return msgspec.convert(read_toml(path), Answers)
    except msgspec.ValidationError as error:
        raise SpecError(str(path), "", str(error).replace("`", "").replace("$.", "")) from None


class Unattended:
    """The people in the room, played by a file of answers. ``shown`` sees everything that is shown."""

    def __init__(
        self,
        answers: Answers | None = None,
        shown: Callable[[Show], None] = lambda prompt: None,
        random: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._answers = answers or Answers(components="random")
        self._shown = shown
        self._random = random
        self._component = b""

    def show(self, prompt: Show) -> None:
        """Hands it on."""
        self._shown(prompt)

    def confirm(self, prompt: Confirm) -> bool:
        """Everything but the prompt to decline."""
        return prompt.id != self._answers.decline

    def ask(self, prompt: Ask) -> str:
        """The answer of the file, or what the script expects. Raises CeremonyError without either."""
        if prompt.id == self._answers.decline:
            raise DeclinedError(prompt.id)
        if prompt.id in self._answers.answers:
            return self._answers.answers[prompt.id]
        if prompt.id.endswith(".check-value"):
            return self._draw(prompt.id)
        if not prompt.expected:
            raise CeremonyError(f"the file of answers has none for {prompt.id!r}: add it under [answers]")
        return prompt.expected

    def secret(self, prompt: Secret) -> str:
        """The component drawn last, or a new one."""
        if self._answers.components != "random":
            raise CeremonyError('components are not in a file of answers: say components = "random"')
        if len(self._component) != prompt.size:
            self._component = self._random(prompt.size)
        typed = self._component.hex()
        if prompt.id.endswith(".again") or not prompt.again:
            self._component = b""
        return typed

    def _draw(self, place: str) -> str:
        label = place.split(".")[-3]
        algorithm = next(algorithm for algorithm in Algorithm if algorithm.label == label)
        self._component = self._random(algorithm.key_size)
        return check_value(algorithm, self._component)
