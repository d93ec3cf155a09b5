"""Components are typed hidden, each by its custodian alone; the room sees only check values.

A component is held in this process until its key is combined, and nowhere else."""

from shebaoka.spec.model import Text
from shebaoka.vault.ceremony.problems import problem
from shebaoka.vault.ceremony.prompts import Ask, Secret, Show, Talk
from shebaoka.vault.ceremony.script import CeremonyError, Entry, Script
from shebaoka.vault.ceremony.words import Spoken, role_name, words
from shebaoka.vault.cipher import check_value
from shebaoka.vault.components import check_component
from shebaoka.vault.model import KeyDefinition, VaultError

TRIES = 3


def enter_components(script: Script, definition: KeyDefinition) -> Talk[tuple[list[bytes], list[str]]]:
    """A component from each custodian, and their check values. Raises CeremonyError after three wrong
    entries of one component."""
    components, values = [], []
    for number, role in enumerate(script.keepers, 1):
        component = yield from _enter(script, definition, number, role)
        value = check_value(definition.algorithm, component)
        yield Show(
            f"component.{_label(definition)}.{role}.kcv",
            words("component-value", role=role_name(role), key=_title(definition), kcv=value),
        )
        components.append(component)
        values.append(value)
    return components, values


def _enter(script: Script, definition: KeyDefinition, number: int, role: str) -> Talk[bytes]:
    place = f"component.{_label(definition)}.{role}"
    for attempt in range(1, TRIES + 1):
        expected = ""
        if script.entry is Entry.CHECK_VALUE:
            text = words("component-check", role=role_name(role), key=_title(definition), number=number)
            expected = (yield Ask(f"{place}.check-value", role, text)).strip().upper()
        twice = script.entry is Entry.TWICE
        text = _typing("component", role, definition, number)
        first = again = yield Secret(place, role, text, _size(definition), again=twice)
        if twice:
            text = _typing("component-again", role, definition, number)
            again = yield Secret(f"{place}.again", role, text, _size(definition))
        wrong, component = _component(definition, number, first, again, expected)
        del first, again
        if wrong is None:
            return component
        yield Show(f"{place}.wrong", words("component-wrong", problem=wrong, left=TRIES - attempt))
    raise CeremonyError(problem("component-tries", number=number, key=_title(definition), tries=TRIES))


def _component(
    definition: KeyDefinition, number: int, first: str, again: str, expected: str
) -> tuple[Text | None, bytes]:
    """What is wrong with the entry, without repeating it, and the component."""
    if first != again:
        return words("differ"), b""
    try:
        component = bytes.fromhex(first)
    except ValueError:
        return words("not-hex"), b""
    if len(component) != _size(definition):
        return words("component-size", typed=2 * len(component), digits=2 * _size(definition)), b""
    try:
        check_component(definition.name, number, definition.algorithm, component)
    except VaultError:
        return words("component-repeated"), b""
    if expected and check_value(definition.algorithm, component) != expected:
        return words("other-value"), b""
    return None, component


def _typing(what: str, role: str, definition: KeyDefinition, number: int) -> Spoken:
    digits = 2 * _size(definition)
    return words(what, role=role_name(role), key=_title(definition), number=number, digits=digits)


def _size(definition: KeyDefinition) -> int:
    return definition.algorithm.key_size


def _label(definition: KeyDefinition) -> str:
    return f"{definition.name}.{definition.version}.{definition.algorithm.label}"


def _title(definition: KeyDefinition) -> str:
    return f"{definition.name} v{definition.version} {definition.algorithm.label}"
