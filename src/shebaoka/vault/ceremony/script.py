"""The script of a ceremony (TOML): what is made, for whom, from what, and who does what.

Roles are separate (K-07, domain practice): at least two key custodians, an operator who sees no component,
a witness from security; nobody has two roles."""

from datetime import date
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import msgspec

from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml
from shebaoka.spec.model import Text
from shebaoka.vault.components import FEWEST
from shebaoka.vault.model import Body, VaultError

OPERATOR = "operator"
WITNESS = "witness"
_MOST = 9

Words = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
Number = Annotated[str, msgspec.Meta(min_length=1, max_length=40, pattern=r"^[^\x00-\x1f\x7f]+$")]


class CeremonyError(ValueError):
    """The ceremony cannot be held, or was not finished: one line for people. ``said``: in the languages of
    the office, where it is a problem that people meet in the room."""

    def __init__(self, problem: str | Text) -> None:
        self.said = Text(problem, problem) if isinstance(problem, str) else problem
        super().__init__(self.said.en)


class Source(StrEnum):
    """Where the bits of a key come from: the custodians' components, or the vault's own generator."""

    COMPONENTS = "components"
    DEVICE = "device"


class Entry(StrEnum):
    """How a typing error in a component is found: it is typed twice, or its own check value is known."""

    TWICE = "twice"
    CHECK_VALUE = "check-value"


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who: the staff number tells persons of one name apart."""

    name: Words
    number: Words
    unit: Words

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class Approval(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The written approval of the responsible leader."""

    number: Words
    approver: Words
    date: date


class Carrier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A carrier or device taken from a safe, and the seal that must be on it. ``custodian``: A, B..."""

    name: Words
    serial: Words
    seal: Words
    custodian: Annotated[str, msgspec.Meta(pattern="^[A-I]$")]


class Selection(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Keys of the body's own level. ``suite``: 3DES or SM4; ``names``: all that no earlier selection took;
    ``versions``: all of the catalogue; ``next``: instead, each key in this one version, the next of a
    rotation; ``source``: that of the script."""

    suite: str
    names: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()
    source: Source | None = None
    next: Annotated[int, msgspec.Meta(ge=2, le=255)] | None = None


class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole ceremony. ``number``: its registry number, which names the transcript's chain; ``letters``:
    keys of the vault's generator are split into a component for each custodian, printed as letters."""

    number: Number
    title: Words
    purpose: Words
    place: Words
    body: Body
    approval: Approval
    operator: Person
    witness: Person
    custodians: tuple[Person, ...]
    keys: tuple[Selection, ...]
    source: Source
    entry: Entry = Entry.CHECK_VALUE
    letters: bool = False
    carriers: tuple[Carrier, ...] = ()
    extensions: tuple[str, ...] = ()
    digest: str = ""

    @property
    def persons(self) -> dict[str, Person]:
        """Everybody by role: ``custodian-a``, ``custodian-b``..., ``operator``, ``witness``."""
        keepers = {custodian_role(number): person for number, person in enumerate(self.custodians)}
        return {**keepers, OPERATOR: self.operator, WITNESS: self.witness}

    @property
    def keepers(self) -> tuple[str, ...]:
        """The custodians' roles in order."""
        return tuple(custodian_role(number) for number in range(len(self.custodians)))


def custodian_role(number: int) -> str:
    """``custodian-a`` for 0."""
    return f"custodian-{'abcdefghi'[number]}"


def read_script(path: Path) -> Script:
    """A script from its file. Raises SpecError for a file of another form, CeremonyError for a script that
    breaks a rule; both name the file."""
    raw = read_toml(path)
    if "digest" in raw:
        raise SpecError(str(path), "", "unknown field 'digest'")
    try:
        script = msgspec.convert(raw, Script)
    except msgspec.ValidationError as error:
        raise SpecError(str(path), "", str(error).replace("`", "").replace("$.", "")) from None
    except VaultError as error:
        raise SpecError(str(path), "body", str(error)) from None
    try:
        check_script(script)
    except CeremonyError as error:
        raise CeremonyError(f"{path}: {error}") from None
    extensions = tuple(str(path.parent / extension) for extension in script.extensions)
    digest = sha256(path.read_bytes()).hexdigest()
    return msgspec.structs.replace(script, extensions=extensions, digest=digest)


def check_script(script: Script) -> None:
    """Raises CeremonyError for too few custodians, one person in two roles, a carrier of nobody."""
    keepers = len(script.custodians)
    if not FEWEST <= keepers <= _MOST:
        raise CeremonyError(f"a ceremony has {FEWEST} to {_MOST} custodians, not {keepers} (K-07)")
    roles: dict[str, str] = {}
    for role, person in script.persons.items():
        other = roles.setdefault(person.number, role)
        if other != role:
            raise CeremonyError(f"{person} cannot be {other} and {role}: every person has one role")
    for carrier in script.carriers:
        if ord(carrier.custodian) - ord("A") >= keepers:
            raise CeremonyError(f"carrier {carrier.serial}: there is no custodian {carrier.custodian}")
    serials = [carrier.serial for carrier in script.carriers]
    if len(set(serials)) != len(serials):
        raise CeremonyError("two carriers have one serial number")
    if not script.keys:
        raise CeremonyError("no keys are to be made: add [[keys]]")
