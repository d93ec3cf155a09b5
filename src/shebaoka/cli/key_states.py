"""``shebaoka keys list|rotate|activate|suspend|retire|destroy|minimum``: the life of a vault's keys."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, LanguageOption, pick, print_json, print_table
from shebaoka.cli.vaults import open_named
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.states import KeyState

if TYPE_CHECKING:
    from shebaoka.journal.file import JournalFile
    from shebaoka.vault.lifecycle import Approval
    from shebaoka.vault.model import KeyHandle, Vault

VaultOption = Annotated[Path, typer.Option("--vault", help="Key vault: a file or a name of shebaoka.toml.")]
SuiteOption = Annotated[str, typer.Option("--algorithm", "-a", help="Key set: SM4 or 3DES.")]
VersionOption = Annotated[int, typer.Option("--version", "-v", min=1, max=255, help="Version of the keys.")]
KeyOption = Annotated[
    list[str] | None, typer.Option("--key", "-k", help="Only keys of this name (repeatable).")
]
RequesterOption = Annotated[str, typer.Option("--requester", help="Who asks for it.")]
ApproverOption = Annotated[
    list[str], typer.Option("--approver", help="Who approves it: two persons, neither of them the requester.")
]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it stands in the record.")]
JournalOption = Annotated[
    Path | None,
    typer.Option("--journal", help="Chain of records; begun when the file does not exist."),
]
YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_CHANGES = {
    "activate": (
        KeyState.ACTIVE,
        "Put a version into use: new cards and PSAMs are made with it from now on.",
    ),
    "suspend": (KeyState.SUSPENDED, "Stop a version for every use until it is activated again."),
    "retire": (
        KeyState.RETIRED,
        "Make no more cards and PSAMs with a version; cards that have it go on working.",
    ),
}


def add_commands(app: typer.Typer) -> None:
    """The commands, under ``keys``."""
    app.command("list")(list_keys)
    app.command("rotate")(rotate)
    for name, (state, does) in _CHANGES.items():
        app.command(name)(_changing(state, does))
    app.command("destroy")(destroy)
    app.command("minimum")(minimum)


def list_keys(vault: VaultOption, language: LanguageOption = "en", as_json: JsonOption = False) -> None:
    """List keys with their state and since when, minimum versions, and what remains of destroyed keys."""
    own = open_named(vault)
    rows = []
    for handle in own.handles():
        last = own.history(handle)[-1]
        lowest = own.minimum(handle.name, handle.algorithm)
        rows.append((handle, last.state, last.at, lowest))
    dead = own.tombstones()
    if as_json:
        print_json(
            {
                "owner": str(own.owner),
                "keys": [
                    {
                        "id": handle.id,
                        "name": handle.name,
                        "version": handle.version,
                        "algorithm": handle.algorithm.label,
                        "state": state,
                        "since": since,
                        "minimum": lowest,
                        "kcv": handle.kcv,
                        "parent": handle.parent,
                    }
                    for handle, state, since, lowest in rows
                ],
                "destroyed": [{"id": each.id, "kcv": each.kcv, "at": each.changes[-1].at} for each in dead],
            }
        )
        return
    columns = ("key", "version", "algorithm", "state", "since", "minimum", "KCV", "comes from")
    print_table(
        f"Keys of {own.owner}",
        columns,
        [
            (
                handle.name,
                str(handle.version),
                handle.algorithm.label,
                pick(state.label, language) + (" < min" if handle.version < lowest else ""),
                since[:10],
                str(lowest) if lowest > 1 else "",
                handle.kcv,
                handle.parent or "own root",
            )
            for handle, state, since, lowest in rows
        ],
    )
    for each in dead:
        print(f"{each} (KCV {each.kcv}); this version never comes back")


def rotate(
    vault: VaultOption,
    requester: RequesterOption,
    approver: ApproverOption,
    reason: ReasonOption,
    algorithm: SuiteOption = "SM4",
    key: KeyOption = None,
    journal: JournalOption = None,
) -> None:
    """Make the next version of the keys that this body makes itself. They wait, generated: hand them down,
    then activate them level by level."""
    from shebaoka.vault import lifecycle

    suite, approval = _suite(algorithm), _approval(requester, approver, reason)
    own = open_named(vault)
    with _book(journal, own) as book:
        made = lifecycle.rotate(own, suite, approval, datetime.now(UTC), names=key, book=book)
    for handle in made:
        print(f"{handle.name:9} v{handle.version} {handle.algorithm.label}  KCV {handle.kcv}  generated")
    print(f"{vault}: version {made[0].version} of {len(made)} keys waits to be activated")


def _changing(state: KeyState, does: str) -> Callable[..., None]:
    """The command that brings a version into ``state``; ``does`` is what its help says."""

    def change(
        vault: VaultOption,
        version: VersionOption,
        requester: RequesterOption,
        approver: ApproverOption,
        reason: ReasonOption,
        algorithm: SuiteOption = "SM4",
        key: KeyOption = None,
        journal: JournalOption = None,
    ) -> None:
        approval = _approval(requester, approver, reason)
        _change(vault, version, state, approval, algorithm, key, journal)

    change.__doc__ = does
    return change


def destroy(
    vault: VaultOption,
    version: VersionOption,
    requester: RequesterOption,
    approver: ApproverOption,
    reason: ReasonOption,
    algorithm: SuiteOption = "SM4",
    key: KeyOption = None,
    journal: JournalOption = None,
    yes: YesOption = False,
) -> None:
    """Destroy a retired version for good, or one that was made and never used. It never comes back."""
    approval = _approval(requester, approver, reason)
    if not yes:
        typer.confirm(f"Destroy version {version} in {vault} for good?", abort=True)
    _change(vault, version, KeyState.DESTROYED, approval, algorithm, key, journal)


def minimum(
    vault: VaultOption,
    version: VersionOption,
    requester: RequesterOption,
    approver: ApproverOption,
    reason: ReasonOption,
    algorithm: SuiteOption = "SM4",
    key: KeyOption = None,
    journal: JournalOption = None,
) -> None:
    """Refuse every version below this one for every use. Without --key: of all keys that are active in this
    version. A minimum only rises."""
    from shebaoka.vault import lifecycle

    suite, approval = _suite(algorithm), _approval(requester, approver, reason)
    own = open_named(vault)
    with _book(journal, own) as book:
        names = key or [
            handle.name for handle in _of(own, version, suite) if own.state(handle) is KeyState.ACTIVE
        ]
        if not names:
            raise UsageProblem(f"{vault} has no active {suite.label} keys of version {version}")
        done = lifecycle.raise_minimums(own, names, suite, version, approval, datetime.now(UTC), book=book)
    print(f"{vault}: minimum version {version} of {len(done)} {suite.label} keys")


def _change(
    vault: Path,
    version: int,
    state: KeyState,
    approval: "Approval",
    algorithm: str,
    names: list[str] | None,
    journal: Path | None,
) -> None:
    from shebaoka.vault import lifecycle

    suite = _suite(algorithm)
    own = open_named(vault)
    with _book(journal, own) as book:
        chosen = _chosen(own, vault, version, suite, names)
        lifecycle.change_states(own, chosen, state, approval, datetime.now(UTC), book=book)
    for handle in chosen:
        print(f"{handle.name:9} v{handle.version} {handle.algorithm.label}  KCV {handle.kcv}  {state}")


def _chosen(
    vault: "Vault", place: Path, version: int, suite: Algorithm, names: list[str] | None
) -> "list[KeyHandle]":
    from shebaoka.vault.lifecycle import FIXED_USAGES

    found = _of(vault, version, suite)
    unknown = sorted(set(names or ()) - {handle.name for handle in found})
    if unknown:
        raise UsageProblem(f"--key {unknown[0]}: {place} has none for {suite.label} in version {version}")
    chosen = [handle for handle in found if not names or handle.name in names]
    if not names:
        chosen = [handle for handle in chosen if handle.usage not in FIXED_USAGES]
    if not chosen:
        raise UsageProblem(f"{place} has no {suite.label} keys of version {version}")
    return chosen


def _of(vault: "Vault", version: int, suite: Algorithm) -> "list[KeyHandle]":
    from shebaoka.vault.lives import set_label

    return [
        handle
        for handle in vault.handles()
        if handle.version == version and set_label(handle.algorithm) == suite.label
    ]


def _approval(requester: str, approvers: list[str], reason: str) -> "Approval":
    from shebaoka.vault.lifecycle import Approval

    if len(approvers) != 2:
        raise UsageProblem("name two approvers: --approver NAME --approver NAME (R-50)")
    return Approval(requester, (approvers[0], approvers[1]), reason)


@contextlib.contextmanager
def _book(path: Path | None, vault: "Vault") -> "Iterator[JournalFile | None]":
    """The chain; what an act that was killed left open in it is ended."""
    from shebaoka.journal.file import JournalFile
    from shebaoka.vault.lifecycle import settle

    if path is None:
        yield None
        return
    with JournalFile.go_on(path, path.stem) as book:
        settle(vault, book, datetime.now(UTC))
        yield book


def _suite(name: str) -> Algorithm:
    known = {"3DES": Algorithm.TDES, "SM4": Algorithm.SM4}
    if name.upper() not in known:
        raise UsageProblem(f"--algorithm {name}: choose 3DES or SM4")
    return known[name.upper()]
