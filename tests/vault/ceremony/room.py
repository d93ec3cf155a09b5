"""A room in which ceremonies are held: scripts, people who answer, and a place for what is written."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from shebaoka.journal.file import JournalFile
from shebaoka.personalization.sample_card import SimulatedSample
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.ceremony.engine import Held, hold
from shebaoka.vault.ceremony.prompts import Ask, Confirm, Prompt, Secret, Show, drive
from shebaoka.vault.ceremony.samples import Sample
from shebaoka.vault.ceremony.script import Script, read_script
from shebaoka.vault.ceremony.steps import Letter
from shebaoka.vault.cipher import check_value
from shebaoka.vault.model import Vault
from shebaoka.vault.software import SoftwareVault

PASSPHRASE = "open sesame of the test"
START = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)

BODIES = {
    "nation": '{ level = "nation", code = "", name = "示例部" }',
    "province": '{ level = "province", code = "98", name = "示例甲省" }',
    "city": '{ level = "city", code = "980100", name = "示例甲市" }',
}

_SCRIPT = """
number = "RS-2026-001"
title = "示例密钥仪式"
purpose = "测试"
place = "示例机房"
body = {body}
source = "{source}"
entry = "{entry}"
letters = {letters}
approval = {{ number = "批2026-1", approver = "示例领导", date = 2026-02-20 }}
operator = {{ name = "示例丙", number = "S-03", unit = "信息中心" }}
witness = {{ name = "示例丁", number = "S-04", unit = "安全处" }}
custodians = [ {custodians} ]
carriers = [
    {{ name = "主控密钥卡", serial = "MC-1", seal = "F-101", custodian = "A" }},
    {{ name = "密钥母卡", serial = "MK-1", seal = "F-102", custodian = "B" }},
]
{keys}
"""


def script_text(
    level: str = "nation",
    source: str = "components",
    *,
    entry: str = "check-value",
    letters: bool = False,
    custodians: int = 2,
    keys: str = '[[keys]]\nsuite = "SM4"\nnames = ["IRK", "RK1DF01"]\nversions = [1]\n',
) -> str:
    people = ", ".join(
        f'{{ name = "保管{n}", number = "K-{n:02}", unit = "保管处" }}' for n in range(1, custodians + 1)
    )
    return _SCRIPT.format(
        body=BODIES[level],
        source=source,
        entry=entry,
        letters=str(letters).lower(),
        custodians=people,
        keys=keys,
    )


@dataclass
class Printer:
    """Where letters go; remembers the components it saw, so that a test can look for them elsewhere."""

    letters: list[Letter] = field(default_factory=list)
    withdrawn: bool = False
    secrets: list[bytes] = field(default_factory=list)

    def deliver(self, script: Script, letters: list[Letter]) -> None:
        self.letters += letters
        self.secrets += [letter.component for letter in letters]

    def withdraw(self) -> None:
        self.letters.clear()
        self.withdrawn = True


@dataclass
class People:
    """Everybody does what the script says, with components drawn at random. ``before`` sees each prompt."""

    before: Callable[[Prompt], None] = lambda prompt: None
    replies: dict[str, list[str]] = field(default_factory=dict)
    decline: str = ""
    asked: list[Prompt] = field(default_factory=list)
    components: dict[str, bytes] = field(default_factory=dict)
    seals: Iterator[int] = field(default_factory=lambda: iter(range(500, 600)))

    def show(self, prompt: Show) -> None:
        self._see(prompt)

    def confirm(self, prompt: Confirm) -> bool:
        self._see(prompt)
        return prompt.id != self.decline

    def ask(self, prompt: Ask) -> str:
        self._see(prompt)
        if self.replies.get(prompt.id):
            return self.replies[prompt.id].pop(0)
        if prompt.id.endswith(".check-value"):
            place = prompt.id.removesuffix(".check-value")
            return check_value(_algorithm(place), self._component(place))
        return prompt.expected or f"F-{next(self.seals)}"

    def secret(self, prompt: Secret) -> str:
        self._see(prompt)
        if self.replies.get(prompt.id):
            return self.replies[prompt.id].pop(0)
        place = prompt.id.removesuffix(".again")
        assert prompt.size == len(self._component(place))
        return self._component(place).hex(" ").upper()

    def ids(self) -> list[str]:
        return [prompt.id for prompt in self.asked]

    def _see(self, prompt: Prompt) -> None:
        self.asked.append(prompt)
        self.before(prompt)

    def _component(self, place: str) -> bytes:
        if place not in self.components:
            self.components[place] = os.urandom(_algorithm(place).key_size)
        return self.components[place]


def _algorithm(place: str) -> Algorithm:
    label = place.split(".")[3]
    return next(algorithm for algorithm in Algorithm if algorithm.label == label)


@dataclass
class Room:
    """A folder with a vault and a script."""

    folder: Path
    script: Script
    printer: Printer = field(default_factory=Printer)

    @classmethod
    def of(cls, folder: Path, text: str) -> "Room":
        path = folder / "script.toml"
        path.write_text(text, "utf-8")
        script = read_script(path)
        SoftwareVault.create(folder / "v.vault", PASSPHRASE, script.body, work=2)
        return cls(folder, script)

    @property
    def vault_path(self) -> Path:
        return self.folder / "v.vault"

    @property
    def transcript(self) -> Path:
        return self.folder / "t.jsonl"

    def vault(self) -> SoftwareVault:
        return SoftwareVault.open(self.vault_path, PASSPHRASE)

    def hold(self, people: People, vault: Vault | None = None, sample: Sample | None = None) -> Held:
        with JournalFile.create(self.transcript, self.script.number) as journal:
            talk = hold(
                self.script,
                vault or self.vault(),
                journal,
                clock=ticking(),
                sample=sample or SimulatedSample(),
                letters=self.printer,
            )
            return drive(talk, people)


def ticking() -> Callable[[], datetime]:
    times = iter(range(100_000))
    return lambda: START + timedelta(seconds=next(times))
