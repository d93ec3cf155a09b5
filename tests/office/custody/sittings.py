"""A ceremony at the desk for tests: a deployment with a vault of the province, and its five people."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from office.custody.steps import CUSTODIAN, OFFICER, OPERATOR, Steps, number
from office.custody.test_ceremonies import NUMBER, plan, script
from shebaoka.office.custody.models import Ceremony
from shebaoka.office.custody.rooms.wire import Question, State
from shebaoka.office.custody.services import ceremony_answer, ceremony_open
from shebaoka.office.custody.services.sittings import state_of
from shebaoka.office.organizations.actor import Actor
from shebaoka.vault.model import Body, Level
from shebaoka.vault.software import SoftwareVault

SECRET = "TEST_ONLY passphrase"
PEOPLE = {
    "operator": (OPERATOR, 1),
    "witness": (OFFICER, 1),
    "custodian-a": (CUSTODIAN, 1),
    "custodian-b": (CUSTODIAN, 2),
}
COMPONENTS = {
    "custodian-a": "0123456789ABCDEFFEDCBA9876543210",
    "custodian-b": "00112233445566778899AABBCCDDEEFF",
}


def deployed(folder: Path, monkeypatch: pytest.MonkeyPatch, *, asked: bool = False) -> Path:
    """A deployment's settings with a vault of province 98, and the file of the vault."""
    path = folder / "province.vault"
    SoftwareVault.create(path, SECRET, Body(Level.PROVINCE, "98", "示例甲省"), work=10)
    source = "ask" if asked else "env:VAULT_OF_98"
    settings = folder / "shebaoka.toml"
    settings.write_text(
        f'[vaults.province]\nbackend = "software"\npath = "{path}"\nsecret = "{source}"\n'
        'owner = { level = "province", code = "98", name = "示例甲省" }\n',
        "utf-8",
    )
    monkeypatch.setenv("SHEBAOKA_SETTINGS", str(settings))
    monkeypatch.setenv("VAULT_OF_98", SECRET)
    return path


def from_components() -> str:
    """A script whose one key is made of what the two custodians type twice."""
    text = script().replace('source = "device"', 'source = "components"\nentry = "twice"')
    return text.replace('names = ["BK", "PUK"]', 'names = ["BK"]\nversions = [1]')


@dataclass
class Room:
    """A ceremony that is being held."""

    steps: Steps
    components: dict[str, str]

    def actor(self, role: str) -> Actor:
        """Who has that role in it."""
        desk, nth = PEOPLE[role]
        return self.steps.actor("980000", desk, nth)

    @property
    def ceremony(self) -> Ceremony:
        """Its row."""
        return Ceremony.objects.get(number=NUMBER)

    def open(self, **values: Any) -> Ceremony:
        """The operator begins it."""
        given: dict[str, Any] = {"vault": "province", "secret": "", "sample": "simulated", **values}
        return ceremony_open(self.actor("operator"), organization="980000", number=NUMBER, **given)

    def answer(self, asked: Question, text: str | None = None) -> State:
        """Whoever is asked answers, as the script wants it."""
        return ceremony_answer(
            self.actor(asked.by),
            organization="980000",
            number=NUMBER,
            question=asked.id,
            text=self.expected(asked) if text is None else text,
        )

    def expected(self, asked: Question) -> str:
        """What the script wants to hear."""
        if asked.kind == "secret":
            return self.components[asked.by]
        if asked.id == "approval.number":
            return "批2026-1"
        if asked.id.startswith("participants."):
            desk, nth = PEOPLE[asked.by]
            return number("980000", desk, nth)
        return ""

    def until(self, place: str = "") -> State:
        """Goes on until a question whose id begins so, or the end."""
        state = state_of(self.ceremony)
        while state.question is not None:
            if place and state.question.id.startswith(place):
                return state
            state = self.answer(state.question)
        return state


def room(steps: Steps, text: str = "") -> Room:
    """A planned ceremony, not yet begun."""
    plan(steps, text or from_components())
    return Room(steps, dict(COMPONENTS))
