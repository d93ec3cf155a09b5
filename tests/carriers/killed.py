"""A program that is killed (SIGKILL) at every step of its work with carriers in files; run by test_killed.

For each step it forks a child that works on its own copy of the folder and dies there, and prints ``step``
and whether the child came to its end. Steps are: before and after each command to a card, and the moments
of replacing the vault's file.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from carriers.support import BLANK_KEY, MOMENT, PINS, identity
from shebaoka.carriers.control import load_control_key
from shebaoka.carriers.export import export_keys
from shebaoka.carriers.importing import Pins, import_keys
from shebaoka.carriers.issue import issue_carrier
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.psam.carrier.state import MASTER_CONTROL, MOTHER, TRANSMISSION
from shebaoka.reader.base import Reader
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault import file, software
from shebaoka.vault.software import SoftwareVault
from vault.support import PROVINCE

PASSPHRASE = "open sesame"
SUITE = Algorithm.SM4


class Clock:
    """Counts steps and kills its process at the chosen one."""

    def __init__(self, step: int) -> None:
        self._left = step

    def tick(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Deadly:
    """A reader whose process dies before or after a command."""

    def __init__(self, reader: Reader, clock: Clock) -> None:
        self._reader, self._clock = reader, clock

    def reset(self) -> bytes:
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        self._clock.tick()
        answer = self._reader.transmit(apdu)
        self._clock.tick()
        return answer

    def close(self) -> None:
        self._reader.close()


def work(folder: Path, action: str, clock: Clock) -> None:
    """One action on the folder's images and vaults."""

    def slot(kind: str) -> Reader:
        return Deadly(InProcessReader(open_chip(folder / kind)), clock)

    def vault(name: str) -> SoftwareVault:
        return SoftwareVault.open(folder / name, PASSPHRASE)

    def write(path: Path, content: bytes) -> None:
        clock.tick()
        (path.parent / f".{path.name}.half").write_bytes(content[: len(content) // 2])
        clock.tick()
        file.write_atomically(path, content)
        clock.tick()

    vars(software)["write_atomically"] = write
    match action:
        case "issue":
            key = SoftwareCipher(SUITE, BLANK_KEY)
            own = identity(MOTHER, SUITE)
            issue_carrier(slot(MOTHER), vault("ministry"), own, PINS[MOTHER], 3, key)
        case "export":
            ministry = vault("ministry")
            keys = [ministry.find(name, 1, SUITE) for name in ("UK3DF01", "STK")]
            export_keys(ministry, slot(MOTHER), slot(TRANSMISSION), PROVINCE, keys)
        case "control":
            load_control_key(vault("province"), slot(MASTER_CONTROL), PINS[MASTER_CONTROL], moment=MOMENT)
        case "import":
            pins = Pins(PINS[MOTHER], PINS[TRANSMISSION])
            import_keys(vault("province"), slot(MOTHER), slot(TRANSMISSION), pins, moment=MOMENT)


def main(base: Path, target: Path, action: str) -> None:
    for step in range(1, 500):
        folder = target / str(step)
        shutil.copytree(base, folder)
        child = os.fork()
        if child == 0:
            work(folder, action, Clock(step))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        ended = os.WIFEXITED(status)
        if ended and os.WEXITSTATUS(status):
            raise SystemExit(f"step {step} failed")
        print(step, int(ended), flush=True)
        if ended:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
