"""A program that destroys a key of a token vault and is killed: ``destroying.py LIBRARY FOLDER ACT``, with a
configuration and a token of SoftHSM in the folder.

``make``: a vault with two keys, one of them retired. ``destroy``: destroys that one. ``look``: prints what
file and token then hold, as JSON. ``sweep``: does that on copies of the folder in forked processes, each
killed (-9) before or after the n-th change of file or token, and prints a list of what was found after
each."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.file import write_atomically
from shebaoka.vault.model import KeyDefinition
from shebaoka.vault.pkcs11 import store
from shebaoka.vault.pkcs11.codes import CKA, CKO
from shebaoka.vault.pkcs11.table import read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault
from shebaoka.vault.states import KeyState
from vault.pkcs11 import softhsm
from vault.support import CITY

LABEL, REGISTER = "destroying", Path("register")
MOMENT = datetime(2026, 3, 4, tzinfo=UTC)
GONE, STAYS = "GONE", "STAYS"
SECRETS: dict[int, bool | int | bytes] = {CKA.CLASS: CKO.SECRET_KEY, CKA.TOKEN: True}


def make(library: str) -> None:
    vault = TokenVault.create(token(library), read_table("softhsm"), CITY, REGISTER)
    for name in (GONE, STAYS):
        vault.generate(KeyDefinition(name, "update", Algorithm.TDES))
    vault.save()
    vault.change_state(vault.find(GONE), KeyState.RETIRED, MOMENT)
    vault.save()


def destroy(library: str) -> None:
    vault = opened(library)
    vault.change_state(vault.find(GONE), KeyState.DESTROYED, MOMENT)
    vault.save()


def look(library: str) -> dict[str, Any]:
    """``objects``: in the token, before the vault is opened, which cleans up, and after."""
    slot = token(library)
    before = len(slot.find(SECRETS))
    slot.close()
    vault = opened(library)
    for handle in vault.handles():
        assert vault.cipher(handle).encrypt(bytes(8))[:3].hex().upper() == handle.kcv
        vault.cipher(handle).halves()
    after = len(vault._maker.token.find(SECRETS))
    return {
        "keys": [handle.name for handle in vault.handles()],
        "dead": [dead.name for dead in vault.tombstones()],
        "objects": [before, after],
    }


def token(library: str) -> Token:
    return Token(library, LABEL, softhsm.PIN)


def opened(library: str) -> TokenVault:
    return TokenVault.open(token(library), read_table("softhsm"), REGISTER)


def armed(step: int, when: str) -> None:
    """Kills this process at the ``step``-th change."""
    left = step

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0 and when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            result = function(*arguments, **named)
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return run

    setattr(store, "write_atomically", counted(write_atomically))  # noqa: B010 - a name it imported
    plain = Token.destroy

    def one_by_one(self: Token, *objects: int) -> None:
        for object_ in objects:
            counted(plain)(self, object_)

    Token.destroy = one_by_one  # type: ignore[method-assign]


def in_child(work: Callable[[], Any], folder: Path) -> Any:
    """What it gives, as JSON; None when it was killed."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        os.chdir(folder)
        os.write(writing, json.dumps(work()).encode())
        os._exit(0)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor, not a path
        said = pipe.read()
    _, status = os.wait()
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return None
    return json.loads(said)


def sweep(library: str) -> list[dict[str, Any]]:
    here, trials = Path.cwd(), list[dict[str, Any]]()
    trial = here.parent / "trial"
    for when in ("before", "after"):
        for step in range(1, 100):
            shutil.copytree(here, trial)

            def work(step: int = step, when: str = when) -> bool:
                armed(step, when)
                destroy(library)
                return True

            ended = in_child(work, trial)
            if not ended:
                trials.append({"at": f"{when} {step}"} | in_child(lambda: look(library), trial))
            shutil.rmtree(trial)
            if ended:
                break
    return trials


if __name__ == "__main__":
    os.chdir(sys.argv[2])
    acts: dict[str, Callable[[str], Any]] = {"make": make, "destroy": destroy, "look": look, "sweep": sweep}
    print(json.dumps(acts[sys.argv[3]](sys.argv[1])))
