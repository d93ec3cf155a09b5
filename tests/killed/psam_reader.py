"""Runs as a program of its own: makes and loads a PSAM again and again, in a forked process that is killed
(-9) before or after the n-th command to the chip, or at the n-th write or flush of the journal of cards.

The chip is an image file, as durable as a chip; each trial works on its own copy. Prints a JSON list: where
it was killed, what the journal then said, whether the chip held keys, whether it was made, and what the
journal said after the same was done once more."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from shebaoka.chip.store import FileStore, load_image
from shebaoka.chip.values import KEY, MASTER
from shebaoka.cli.psam_keys import load_keys
from shebaoka.cli.psam_making import make_from_chip
from shebaoka.cli.vault_roots import set_up
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.personalization.psams import PsamOrder
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.base import Reader
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.card_records import CardRecords, read_card_records
from shebaoka.vault.contents import Holdings
from shebaoka.vault.model import MINISTRY
from shebaoka.vault.software import SoftwareVault

SUITE = Algorithm.SM4
TERMINAL = "980100000009"
TRANSPORT = bytes(range(16))
MF_MASTER = (MASTER, 0, 0, 0)


@dataclass
class Clock:
    """Kills its process at the chosen step; counts them when none is."""

    step: int
    count: int = 0

    def tick(self) -> None:
        self.count += 1
        if self.count == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


@dataclass
class Deadly:
    """A reader whose process dies before or after a command."""

    reader: Reader
    clock: Clock

    def reset(self) -> bytes:
        return self.reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        self.clock.tick()
        answer = self.reader.transmit(apdu)
        self.clock.tick()
        return answer

    def close(self) -> None:
        self.reader.close()


@dataclass
class Place:
    """A ministry, in memory, and a folder with chip and journal."""

    ministry: SoftwareVault
    folder: Path

    @property
    def chip(self) -> Path:
        return self.folder / "chip"

    def work(self, act: str, clock: Clock) -> None:
        records = CardRecords(self.folder / "carried", MINISTRY)
        reader = Deadly(InProcessReader(open_chip(self.chip, durable=True)), clock)
        with records:
            armed(clock)
            if act == "make":
                order = PsamOrder.numbered(TERMINAL, date(2026, 1, 1), date(2099, 12, 31))
                order = replace(order, suites=(SUITE,))
                cipher = SoftwareCipher(SUITE, TRANSPORT)
                make_from_chip(reader, order, self.ministry, lambda _: cipher, records.note)
            else:
                load_keys(reader, self.ministry, (), everything=False, note=records.note)

    def found(self) -> dict[str, Any]:
        state = load_image(self.chip).state
        path = self.folder / "carried"
        told = read_card_records(path) if path.exists() and b"\n" in path.read_bytes() else ()
        holdings = Holdings(told)
        held = holdings.now.get(TERMINAL)
        return {
            "acts": [str(act) for act, _ in told],
            "open": TERMINAL in holdings.open,
            "recorded": len(held.keys) if held else 0,
            "keys": sum(address[0] == KEY for address in state),
            "made": state[MF_MASTER] != TRANSPORT,
        }


def armed(clock: Clock) -> None:
    """Writes and flushes of this process are steps too: those of the journal, and the chip's own."""

    def guard(call: Callable[..., Any]) -> Callable[..., Any]:
        def guarded(*arguments: Any) -> Any:
            clock.tick()
            return call(*arguments)

        return guarded

    os.write, os.fsync = guard(os.write), guard(os.fsync)


def in_child(work: Callable[[], int]) -> int:
    """How it ended: what ``work`` gives, or minus the signal."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os._exit(_told(work, writing))
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor, not a path
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return -os.WTERMSIG(status) if os.WIFSIGNALED(status) else int(said)


def _told(work: Callable[[], int], descriptor: int) -> int:
    write = os.write
    number = work()
    write(descriptor, str(number).encode())
    return 0


def main(folder: Path, few: int) -> None:
    ministry = SoftwareVault.create(None, "", MINISTRY)
    set_up(ministry, [SUITE], [])
    base = Place(ministry, folder / "base")
    base.folder.mkdir()
    historical = bytes.fromhex("00810102030099980100000009")
    blank_psam(
        FileStore(base.chip, durable=True), historical=historical, algorithm=SUITE, transport_key=TRANSPORT
    )
    trials = []
    for act in ("make", "load"):

        def counted(place: Place, step: int, act: str = act) -> int:
            clock = Clock(step)
            place.work(act, clock)
            return clock.count

        def copied() -> Place:
            shutil.rmtree(folder / "trial", ignore_errors=True)
            shutil.copytree(base.folder, folder / "trial")
            return Place(ministry, folder / "trial")

        place = copied()
        steps = in_child(lambda place=place: counted(place, 0))  # type: ignore[misc]
        chosen = range(1, steps + 1)
        if few and few < steps:
            chosen = sorted({1 + number * (steps - 1) // (few - 1) for number in range(few)})  # type: ignore[assignment]
        for step in chosen:
            place = copied()
            ended = in_child(lambda place=place, step=step: counted(place, step))  # type: ignore[misc]
            found = place.found()
            again = in_child(lambda place=place: counted(place, 0))  # type: ignore[misc]
            trials.append(
                {
                    "act": act,
                    "step": step,
                    "of": steps,
                    "killed": ended == -signal.SIGKILL,
                    "again": again > 0,
                }
                | {"found": found, "then": place.found()}
            )
        in_child(lambda: counted(base, 0))
    print(json.dumps(trials))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
