"""Citizens to try the portal with, kept beside the sign-ins: told again whenever the office is served."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
from rich.console import Console

FILE = "citizens.json"


class Trial(msgspec.Struct, frozen=True):
    """A citizen, invented: how she stands, what she types, what proves her (TEST_ONLY)."""

    standing: str
    number: str
    password: str
    proof: str


def write(folder: Path, trials: Sequence[Trial]) -> None:
    """Keeps them in ``folder``, readable by its user only."""
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(trials), indent=1) + b"\n")


def read(folder: Path) -> list[Trial]:
    """Those of the office in ``folder``; none where nothing can be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=list[Trial])
    except (OSError, msgspec.MsgspecError):
        return []


def tell(console: Console, trials: Sequence[Trial], messages: str) -> None:
    """What to type on the portal. ``messages``: where codes by telephone are written."""
    if not trials:
        return
    console.print("\nCitizens to try the portal with (TEST_ONLY)", style="bold")
    for each in trials:
        console.print(f"  {each.standing}", soft_wrap=True)
        console.print(f"    number {each.number}, password {each.password}", soft_wrap=True)
        console.print(f"    {each.proof}", soft_wrap=True)
    console.print(f"Codes by telephone are written to {messages}, a file a message.", soft_wrap=True)
