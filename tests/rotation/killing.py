"""Runs as a program of its own: does each act of a rotation again and again in a forked process, killed
(-9) at the n-th write, flush or renaming, before it, in the middle of it or after it.

Prints a JSON list of what was found afterwards: the act, where it was killed, the states of the vault, and
how the record was settled."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from rotation.regions import APPROVAL, NOON, PASSPHRASE, SUITE
from shebaoka.journal.canonical import JournalError
from shebaoka.journal.file import JournalFile
from shebaoka.vault import lifecycle
from shebaoka.vault.hierarchy import set_up_ministry
from shebaoka.vault.model import MINISTRY
from shebaoka.vault.software import SoftwareVault
from shebaoka.vault.states import KeyState
from vault.ceremony.killing import at_write
from vault.support import ENTRIES

VAULT, CHAIN = "ministry.vault", "ministry.jsonl"


def change(version: int, state: KeyState) -> Callable[[SoftwareVault, JournalFile], object]:
    def act(vault: SoftwareVault, book: JournalFile) -> object:
        chosen = [
            handle
            for handle in vault.handles()
            if handle.version == version and handle.usage not in lifecycle.FIXED_USAGES
        ]
        return lifecycle.change_states(vault, chosen, state, APPROVAL, NOON, book=book)

    return act


ACTS: dict[str, Callable[[SoftwareVault, JournalFile], object]] = {
    "rotate": lambda vault, book: lifecycle.rotate(vault, SUITE, APPROVAL, NOON, book=book),
    "activate": change(4, KeyState.ACTIVE),
    "retire": change(1, KeyState.RETIRED),
    "minimum": lambda vault, book: lifecycle.raise_minimums(
        vault, ["STK", "UK3DF01"], SUITE, 4, APPROVAL, NOON, book=book
    ),
    "destroy": change(1, KeyState.DESTROYED),
}


def shown(folder: Path) -> list[object]:
    """States, minimums and tombstones."""
    vault = SoftwareVault.open(folder / VAULT, PASSPHRASE)
    return [
        [(handle.id, vault.state(handle)) for handle in vault.handles()],
        [vault.minimum(name, SUITE) for name in ("STK", "UK3DF01")],
        [dead.id for dead in vault.tombstones()],
    ]


def perform(folder: Path, name: str) -> None:
    vault = SoftwareVault.open(folder / VAULT, PASSPHRASE)
    with JournalFile.open(folder / CHAIN) as book:
        ACTS[name](vault, book)


def trial(before: Path, folder: Path, name: str, number: int, phase: str) -> dict[str, object] | None:
    """One act in a process of its own; None when it came to its end without being killed."""
    shutil.copytree(before, folder)
    child = os.fork()
    if child == 0:
        at_write(number, phase)
        perform(folder, name)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status):
        assert os.WEXITSTATUS(status) == 0
        shutil.rmtree(folder)
        return None
    assert os.WTERMSIG(status) == signal.SIGKILL
    found = shown(folder)
    vault = SoftwareVault.open(folder / VAULT, PASSPHRASE)
    try:
        with JournalFile.open(folder / CHAIN) as book:
            lifecycle.settle(vault, book, NOON)
            last = book.records[-1]
            settled = (len(book.records), last.act)
    except JournalError:
        settled = (0, "no record")
    shutil.rmtree(folder)
    return {"act": name, "at": f"{phase} {number}", "found": found, "settled": settled}


def main(folder: Path) -> None:
    before = folder / "before"
    before.mkdir()
    vault = SoftwareVault.create(before / VAULT, PASSPHRASE, MINISTRY, work=4)
    set_up_ministry(vault, ENTRIES, SUITE)
    vault.save()
    with JournalFile.create(before / CHAIN, "ministry") as book:
        book.append("begun", time=NOON)
    results = []
    for name in ACTS:
        after = folder / f"after-{name}"
        shutil.copytree(before, after)
        perform(after, name)
        states = {"before": shown(before), "after": shown(after)}
        trials = []
        for phase in ("before", "during", "after"):
            for number in range(1000):
                result = trial(before, folder / "trial", name, number, phase)
                if result is None:
                    break
                trials.append(result)
        with JournalFile.open(before / CHAIN) as book:
            records = len(book.records)
        results.append({"act": name, "records": records, **states, "trials": trials})
        before = after
    print(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
