"""The watch itself: what a process removes, replaces, cuts off, or lets an object of ours show, is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scan.house import KILLED, WATCHING
from scan.secrets import Secrets, seen_in

KEY = bytes.fromhex("3AD1F00D5EC2E70042815FFE6B9C7710")
FILE = f"from pathlib import Path; file = Path('leak'); file.write_bytes(bytes.fromhex('{KEY.hex()}'));"
SHOWN = (
    "class Vault:\n"
    "    __module__ = 'shebaoka.{room}.vault'\n"
    f"    def __repr__(self): return bytes.fromhex('{KEY.hex()}').hex(' ')\n"
)
LEAKS = {
    "removed": f"{FILE} file.unlink()",
    "replaced": f"{FILE} Path('other').touch(); Path('other').replace(file)",
    "renamed": f"{FILE} file.rename('moved'); Path('moved').unlink()",
    "cut off": f"{FILE} file.write_text('')",
    "truncated": f"{FILE} import os; os.truncate('leak', 0)",
    "a living object": SHOWN.format(room="vault") + "held = [Vault()]",
    "an object in a list of a function": SHOWN.format(room="vault")
    + "def act(*values):\n    import os; open('x', 'w').close(); os.remove('x')\nact(Vault(), 1)",
    "an error": SHOWN.format(room="vault")
    + "Error = type('Error', (ValueError,), {'__module__': 'shebaoka.vault'})\nheld = Error(Vault())",
}


def seen(folder: Path, program: str, *, status: int = 0) -> set[str]:
    """What was found in all that is left of a process."""
    kept, work = folder / "kept", folder / "work"
    kept.mkdir()
    work.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=work,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(WATCHING), "SCAN_KEPT": str(kept)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == status, done.stderr
    assert KEY not in b"".join(path.read_bytes() for path in work.iterdir())
    secrets = Secrets()
    secrets.key("key", KEY)
    return seen_in(secrets, [path.read_bytes() for path in kept.iterdir()])


@pytest.mark.parametrize("leak", LEAKS)
def test_a_planted_leak_is_found(tmp_path: Path, leak: str) -> None:
    assert seen(tmp_path, LEAKS[leak]) == {"key"}


def test_what_is_no_secret_is_not_found(tmp_path: Path) -> None:
    """Nothing was removed, and what everybody may read (room spec) is not looked at."""
    assert seen(tmp_path, SHOWN.format(room="spec") + "held = [Vault()]") == set()


def test_half_a_write_before_the_kill_is_found(tmp_path: Path) -> None:
    """A process that removes one leak and dies while it writes the next: the first is kept."""
    program = (
        f"{FILE} file.unlink()\nimport os, sitecustomize\nsitecustomize.arm(1)\n"
        "os.write(os.open('half', os.O_CREAT | os.O_WRONLY), bytes(10))\n"
    )
    assert seen(tmp_path, program, status=KILLED) == {"key"}
    assert (tmp_path / "work" / "half").read_bytes() == bytes(5)
