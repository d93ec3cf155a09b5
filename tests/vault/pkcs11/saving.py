"""A process that saves a token vault and dies at a step: ``saving.py LIBRARY LABEL PIN REGISTER STEP``.

Steps are the calls that change something, counted from 0: a write of the register file, a copied object, a
destroyed object. The process leaves before the step happens."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.file import write_atomically
from shebaoka.vault.model import KeyDefinition
from shebaoka.vault.pkcs11 import store
from shebaoka.vault.pkcs11.table import read_table
from shebaoka.vault.pkcs11.token import Token
from shebaoka.vault.pkcs11.vault import TokenVault

DIED = 9


def main(library: str, label: str, pin: str, register: str, step: str) -> None:
    vault = TokenVault.open(Token(library, label, pin), read_table("softhsm"), Path(register))
    vault.generate(KeyDefinition("NEW", "update", Algorithm.TDES))
    left = int(step)

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            nonlocal left
            if left == 0:
                os._exit(DIED)
            left -= 1
            return function(*arguments, **named)

        return run

    setattr(store, "write_atomically", counted(write_atomically))  # noqa: B010 - a name it imported
    for name in ("copy", "destroy"):
        setattr(Token, name, counted(getattr(Token, name)))
    vault.save()


if __name__ == "__main__":
    main(*sys.argv[1:])
