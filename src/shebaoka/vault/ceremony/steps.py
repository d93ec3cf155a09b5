"""The steps of a ceremony (domain practice after Part 10 §6.3-6.5), each a talk that ends in its record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from shebaoka.spec.model import Text
from shebaoka.vault.ceremony.components import TRIES, enter_components
from shebaoka.vault.ceremony.problems import problem
from shebaoka.vault.ceremony.prompts import Ask, Confirm, Show, Talk
from shebaoka.vault.ceremony.samples import Sample
from shebaoka.vault.ceremony.script import OPERATOR, WITNESS, CeremonyError, Script, Source, custodian_role
from shebaoka.vault.ceremony.selection import Planned
from shebaoka.vault.ceremony.words import role_name, words
from shebaoka.vault.cipher import check_value
from shebaoka.vault.components import ComponentsError
from shebaoka.vault.model import KeyDefinition, KeyHandle, Vault

Data = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """A component on its way to paper. Its ``repr`` does not show it."""

    custodian: str
    serial: str
    key: str
    number: int
    count: int
    component: bytes = field(repr=False)
    kcv: str


class Letters(Protocol):
    """Where component letters go: a printer, or files that are removed again."""

    def deliver(self, script: Script, letters: list[Letter]) -> None:
        """All letters of one custodian. May raise OSError."""

    def withdraw(self) -> None:
        """The ceremony is aborted: nothing delivered may stay."""


@dataclass
class Stage:
    """What the steps share while the ceremony is held."""

    script: Script
    vault: Vault
    planned: tuple[Planned, ...]
    clock: Callable[[], datetime]
    sample: Sample
    letters: Letters | None
    made: list[KeyHandle] = field(default_factory=list)
    waiting: dict[str, list[Letter]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Step:
    """A step by name, and how it is played."""

    name: str
    play: Callable[[Stage], Talk[Data]]


def steps_of(script: Script) -> tuple[Step, ...]:
    """The steps of a script; letters only where it wants them."""
    return tuple(step for step in _STEPS if step.name != "letters" or script.letters)


def _approval(stage: Stage) -> Talk[Data]:
    approval = stage.script.approval
    yield from _exactly("approval.number", OPERATOR, "approval-number", approval.number)
    seen = words(
        "approval-seen", role=role_name(WITNESS), approver=approval.approver, date=str(approval.date)
    )
    yield Confirm("approval.seen", WITNESS, seen)
    return {"number": approval.number, "approver": approval.approver, "date": approval.date}


def _participants(stage: Stage) -> Talk[Data]:
    present = []
    for role, person in stage.script.persons.items():
        yield from _exactly(f"participants.{role}", role, "person-number", person.number, name=person.name)
        present.append(
            {"role": role, "name": person.name, "number": person.number, "unit": person.unit}
            | {"entered": stage.clock()}
        )
    yield Confirm("participants.identities", WITNESS, words("identities"))
    return {"persons": present}


def _carriers(stage: Stage) -> Talk[Data]:
    taken = []
    for role, carrier in _owned(stage.script):
        yield from _exactly(
            f"carriers.{carrier.serial}", role, "carrier-seal", carrier.seal,
            name=carrier.name, serial=carrier.serial,
        )  # fmt: skip
        taken.append(
            {"name": carrier.name, "serial": carrier.serial, "seal": carrier.seal, "custodian": role}
        )
    yield Confirm("carriers.seen", WITNESS, words("carriers-seen", count=len(taken)))
    yield Confirm("carriers.isolated", WITNESS, words("isolated"))
    return {"carriers": taken}


def _generation(stage: Stage) -> Talk[Data]:
    made = []
    for definition, source in stage.planned:
        handle, components = yield from _generate(stage, definition, source)
        stage.made.append(handle)
        made.append(
            {"id": handle.id, "name": handle.name, "version": handle.version, "source": source}
            | {"algorithm": handle.algorithm.label, "kcv": handle.kcv, "components": components}
        )
    yield Show("generation.made", words("made", count=len(made)))
    return {"keys": made}


def _generate(stage: Stage, definition: KeyDefinition, source: Source) -> Talk[tuple[KeyHandle, list[Data]]]:
    script, vault = stage.script, stage.vault
    if source is Source.COMPONENTS:
        components, values = yield from enter_components(script, definition)
    elif script.letters:
        components = [vault.random(definition.algorithm.key_size) for _ in script.keepers]
        values = [check_value(definition.algorithm, component) for component in components]
    else:
        return vault.generate(definition), []
    try:
        handle = vault.generate_from_components(definition, components)
    except ComponentsError as error:
        raise CeremonyError(problem(error.what, key=definition.name)) from None
    if source is Source.COMPONENTS:
        _check_own(stage, handle)
    else:
        _write_letters(stage, handle, components, values)
    parts = zip(script.keepers, values, strict=True)
    return handle, [{"role": role, "kcv": value} for role, value in parts]


def _check_own(stage: Stage, handle: KeyHandle) -> None:
    """Components typed for two keys would give one key two purposes (K-17)."""
    for other in stage.made:
        if (other.kcv, other.algorithm) == (handle.kcv, handle.algorithm):
            raise CeremonyError(problem("same-key", key=str(handle), other=str(other)))


def _write_letters(stage: Stage, handle: KeyHandle, components: list[bytes], values: list[str]) -> None:
    key = f"{handle.name} v{handle.version} {handle.algorithm.label}"
    for number, (role, component, value) in enumerate(
        zip(stage.script.keepers, components, values, strict=True), 1
    ):
        letters = stage.waiting.setdefault(role, [])
        serial = f"{stage.script.number}/{role[-1].upper()}-{len(letters) + 1:03}"
        letters.append(Letter(role, serial, key, number, len(components), component, value))


def _check_values(stage: Stage) -> Talk[Data]:
    columns = tuple(words(column) for column in ("key", "version", "algorithm", "value"))
    rows = tuple((key.name, str(key.version), key.algorithm.label, key.kcv) for key in stage.made)
    yield Show("check-values.table", words("check-values"), columns, rows)
    yield Confirm("check-values.read", OPERATOR, words("read-aloud", count=len(rows)))
    hearers = [*stage.script.keepers, WITNESS]
    for role in hearers:
        yield Confirm(f"check-values.{role}", role, words("written-down", role=role_name(role)))
    return {"read_by": OPERATOR, "confirmed_by": hearers}


def _letters(stage: Stage) -> Talk[Data]:
    if stage.letters is None:
        raise CeremonyError(problem("letters-nowhere"))
    given = []
    for role in stage.script.keepers:
        letters = stage.waiting.pop(role, [])
        if not letters:
            continue
        stage.letters.deliver(stage.script, letters)
        first, last, count = letters[0].serial, letters[-1].serial, len(letters)
        del letters
        text = words("letter-sealed", role=role_name(role), first=first, last=last)
        yield Confirm(f"letters.{role}", role, text)
        given.append({"custodian": role, "first": first, "last": last, "count": count})
    return {"letters": given}


def _sample(stage: Stage) -> Talk[Data]:
    result = yield from stage.sample.prove(stage.vault, stage.made)
    yield result.shown
    yield Confirm("sample.seen", WITNESS, result.seen)
    return result.data


def _return(stage: Stage) -> Talk[Data]:
    used = {carrier.seal for carrier in stage.script.carriers}
    returned = []
    for role, carrier in _owned(stage.script):
        text = words("new-seal", role=role_name(role), name=carrier.name, serial=carrier.serial)
        place = f"return.{carrier.serial}"
        seal = (yield Ask(place, role, text)).strip()
        for _ in range(TRIES - 1):
            if seal and seal.isprintable() and seal not in used:
                break
            yield Show(f"{place}.wrong", words("seal-again"))
            seal = (yield Ask(place, role, text)).strip()
        if not seal or not seal.isprintable() or seal in used:
            raise CeremonyError(problem("no-new-seal", serial=carrier.serial))
        used.add(seal)
        returned.append({"name": carrier.name, "serial": carrier.serial, "seal": seal, "custodian": role})
    yield Confirm("return.seen", WITNESS, words("returned"))
    return {"carriers": returned}


def _minutes(stage: Stage) -> Talk[Data]:
    for role, person in stage.script.persons.items():
        yield Confirm(f"minutes.{role}", role, words("agree", role=role_name(role), name=person.name))
    return {"confirmed_by": list(stage.script.persons)}


def _exactly(place: str, role: str, what: str, expected: str, **values: str) -> Talk[None]:
    """Asks until the answer is the one of the script. Raises CeremonyError after three others."""
    for left in reversed(range(TRIES)):
        text: Text = words(what, role=role_name(role), **values)
        if (yield Ask(place, role, text, expected)).strip() == expected:
            return
        if left:
            yield Show(f"{place}.wrong", words("wrong-answer", left=left))
    raise CeremonyError(problem("not-the-script", place=place))


def _owned(script: Script) -> Iterator[tuple[str, Any]]:
    for carrier in script.carriers:
        yield custodian_role(ord(carrier.custodian) - ord("A")), carrier


_STEPS = (
    Step("approval", _approval),
    Step("participants", _participants),
    Step("carriers", _carriers),
    Step("generation", _generation),
    Step("check-values", _check_values),
    Step("letters", _letters),
    Step("sample", _sample),
    Step("return", _return),
    Step("minutes", _minutes),
)
