"""The life of a vault's keys: next versions, activation, retirement, destruction, minimum versions.

Every act needs two approvers, neither of them the requester (R-50), and is one write of the vault: done or
not done. With a book (a chain of room ``journal``) it leaves two records, one before the vault is written and
one after; :func:`settle` ends an act that was interrupted between them, and every act begins with that."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from shebaoka.journal.record import Record
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.catalogue import ISSUER_AUTHENTICATION, MASTER, PSAM_ACCESS
from shebaoka.vault.lives import StateError, permitted, set_label
from shebaoka.vault.model import KeyDefinition, KeyHandle, KeyNotFoundError, Kind, Vault, VaultError
from shebaoka.vault.states import KeyState, Use

ASKED, DONE, NOT_DONE = "keys.asked", "keys.done", "keys.not-done"
"""The acts of the records: what is about to be written, and how it ended."""

FIXED_USAGES = frozenset({MASTER, PSAM_ACCESS, ISSUER_AUTHENTICATION, "control", "transport"})
"""Keys that are not rotated in the vault: they stand in version 1 on every card, PSAM or carrier that was
made, and are changed there."""

_LAST_VERSION = 255  # one byte on the card (Part 5 §6.4.3)


class Book(Protocol):
    """A chain of records, as :class:`~shebaoka.journal.file.JournalFile` is one."""

    @property
    def records(self) -> tuple[Record, ...]:
        """All records, from the first."""

    def append(
        self,
        act: str,
        *,
        time: datetime,
        persons: Mapping[str, str] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Record:
        """Adds a record; when this returns it is kept."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who asked for a change of keys, who approved it, and why. Raises VaultError unless two different
    persons approved, neither of them the one who asked (R-50)."""

    requester: str
    approvers: tuple[str, str]
    reason: str

    def __post_init__(self) -> None:
        persons = [" ".join(name.split()).casefold() for name in (self.requester, *self.approvers)]
        if not all(persons):
            raise VaultError("a change of keys names who asked for it and two persons who approved it (R-50)")
        if len(persons) != 3 or len(set(persons)) != 3:
            raise VaultError(
                "a change of keys needs two different approvers, neither of them the requester (R-50)"
            )
        if not self.reason.strip():
            raise VaultError("a change of keys needs a reason; it stands in the record")

    @property
    def persons(self) -> dict[str, str]:
        """By role, for the record."""
        return {
            "requester": self.requester,
            "approver 1": self.approvers[0],
            "approver 2": self.approvers[1],
        }


def live(vault: Vault, name: str, algorithm: Algorithm) -> KeyHandle:
    """The key new cards are made under: the highest active version. Raises KeyNotFoundError."""
    served = serving(vault, name, algorithm, Use.CARDS)
    if not served:
        raise KeyNotFoundError(
            f"the vault of {vault.owner} has no active {name} for {set_label(algorithm)}; activate a version"
        )
    return served[-1]


def serving(vault: Vault, name: str, algorithm: Algorithm, use: Use) -> tuple[KeyHandle, ...]:
    """The versions of a key that may be used so, lowest first."""
    found = [
        handle
        for handle in vault.handles()
        if handle.name == name
        and set_label(handle.algorithm) == set_label(algorithm)
        and permitted(vault, handle, use)
    ]
    return tuple(sorted(found, key=lambda handle: handle.version))


def next_definitions(
    vault: Vault, suite: Algorithm, names: Sequence[str] | None = None
) -> tuple[KeyDefinition, ...]:
    """The next version of the roots made here, of one key set: all in the same new version, the first above
    every one of them, so that cards, PSAMs and terminals can name the set by it.

    ``names``: only these. Raises VaultError for a key that is not made here, that is not rotated, or whose
    last version was not activated yet."""
    roots = _roots(vault, suite, names)
    version = 1 + max(
        [root.version for root in roots]
        + [dead.version for dead in vault.tombstones() if dead.name in {root.name for root in roots}]
    )
    if version > _LAST_VERSION:
        raise VaultError(f"version {_LAST_VERSION} is the last one a card can name")
    newest = {root.name: root for root in sorted(roots, key=lambda root: root.version)}
    return tuple(
        KeyDefinition(root.name, root.usage, root.algorithm, version, root.scope, root.reach, root.exportable)
        for root in newest.values()
    )


def rotate(
    vault: Vault,
    suite: Algorithm,
    approval: Approval,
    moment: datetime,
    *,
    names: Sequence[str] | None = None,
    book: Book | None = None,
) -> tuple[KeyHandle, ...]:
    """Makes the next version of a set of keys by the vault's own generator and saves it: generated, not yet
    in use. The vault has been saved before. Raises VaultError, and then nothing has changed."""
    made: list[KeyHandle] = []

    def outcome() -> Mapping[str, Any]:
        keys = [{"id": handle.id, "kcv": handle.kcv, "new": vault.state(handle)} for handle in made]
        return {"made": keys}

    def make() -> None:
        definitions = next_definitions(vault, suite, names)
        made.extend(vault.generate(each) for each in definitions)

    _act(vault, approval, moment, book, {"body": str(vault.owner)}, make, outcome)
    return tuple(made)


def change_states(
    vault: Vault,
    handles: Iterable[KeyHandle],
    state: KeyState,
    approval: Approval,
    moment: datetime,
    *,
    book: Book | None = None,
) -> tuple[KeyHandle, ...]:
    """Puts keys into another state and saves: all of them or none. Destroyed keys leave file and token with
    that; what remains is their tombstone. Raises VaultError."""
    chosen = tuple(handles)
    if not chosen:
        raise VaultError("no key is named")
    changes = [
        {"id": handle.id, "kcv": handle.kcv, "old": vault.state(handle), "new": state} for handle in chosen
    ]

    def change() -> None:
        for handle in chosen:
            vault.change_state(handle, state, moment)

    _act(vault, approval, moment, book, {"body": str(vault.owner), "keys": changes}, change)
    return chosen


def raise_minimums(
    vault: Vault,
    names: Iterable[str],
    suite: Algorithm,
    version: int,
    approval: Approval,
    moment: datetime,
    *,
    book: Book | None = None,
) -> tuple[str, ...]:
    """Raises the minimum version of keys and saves: lower versions are refused for every use from now on.
    All of them or none. Raises VaultError."""
    chosen = tuple(names)
    if not chosen:
        raise VaultError("no key is named")
    data = {
        "body": str(vault.owner),
        "minimum": [
            {"name": name, "set": set_label(suite), "old": vault.minimum(name, suite), "new": version}
            for name in chosen
        ],
    }

    def change() -> None:
        for name in chosen:
            vault.raise_minimum(name, suite, version, moment)

    _act(vault, approval, moment, book, data, change)
    return chosen


def settle(vault: Vault, book: Book, moment: datetime) -> Record | None:
    """Ends the record of an act that was interrupted, by what the vault shows; None when none is open."""
    last = book.records[-1] if book.records else None
    if last is None or last.act != ASKED or last.data.get("body") != str(vault.owner):
        return None
    data = {"asked": last.sequence, "settled": True}
    return book.append(DONE if _is_done(vault, last.data) else NOT_DONE, time=moment, data=data)


def _act(
    vault: Vault,
    approval: Approval,
    moment: datetime,
    book: Book | None,
    data: Mapping[str, Any],
    change: Callable[[], None],
    outcome: Callable[[], Mapping[str, Any]] = dict,
) -> None:
    """Changes and saves between two records. What is refused leaves no record of its own."""
    if book is not None:
        settle(vault, book, moment)  # by what is stored: nothing has been changed yet
    try:
        change()
        if book is None:
            vault.save()
            return
        asked = book.append(
            ASKED,
            time=moment,
            persons=approval.persons,
            data={**data, "reason": approval.reason, **outcome()},
        )
        try:
            vault.save()
        except VaultError as error:
            book.append(NOT_DONE, time=moment, data={"asked": asked.sequence, "why": str(error)})
            raise
    except BaseException:
        vault.discard()
        raise
    book.append(DONE, time=moment, data={"asked": asked.sequence})


def _is_done(vault: Vault, data: Mapping[str, Any]) -> bool:
    held = {(handle.id, handle.kcv): vault.state(handle) for handle in vault.handles()}
    gone = {(dead.id, dead.kcv): KeyState.DESTROYED for dead in vault.tombstones()}
    states = held | gone
    return all(
        [
            states.get((key["id"], key["kcv"])) == key["new"]
            for key in (*data.get("keys", ()), *data.get("made", ()))
        ]
        + [
            vault.minimum(each["name"], _suite(each["set"])) >= each["new"]
            for each in data.get("minimum", ())
        ]
    )


def _suite(label: str) -> Algorithm:
    return next(algorithm for algorithm in Algorithm if algorithm.label == label)


def _roots(vault: Vault, suite: Algorithm, names: Sequence[str] | None) -> list[KeyHandle]:
    own = [
        handle
        for handle in vault.handles()
        if handle.kind is Kind.ROOT and set_label(handle.algorithm) == set_label(suite)
    ]
    rotating = {handle.name for handle in own if handle.usage not in FIXED_USAGES}
    for name in names or ():
        if name in rotating:
            continue
        if any(handle.name == name for handle in own):
            raise VaultError(
                f"{name} is part of each card, PSAM or carrier made with it: it is changed there, not rotated"
            )
        raise VaultError(
            f"{vault.owner} made no {name} for {set_label(suite)}: its next version comes from above"
        )
    chosen = [handle for handle in own if handle.name in (set(names) if names else rotating)]
    if not chosen:
        raise VaultError(f"{vault.owner} has no keys of its own for {set_label(suite)} that are rotated")
    for handle in chosen:
        if vault.state(handle) is KeyState.GENERATED:
            raise StateError(f"{handle} was made and not activated yet; activate or destroy it first")
    return chosen
