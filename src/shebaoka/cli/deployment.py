"""The deployment whose settings are found here: its gate, and what it refuses when marked production."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shebaoka.vault.gate import Authorization
    from shebaoka.vault.settings import Settings


def in_production() -> bool:
    """Whether settings are found and marked production. Raises VaultError for settings that cannot be
    read."""
    from shebaoka.vault.settings import find_settings

    settings = find_settings()
    return settings is not None and settings.mode == "production"


def refuse_simulated(what: str) -> None:
    """Raises GateError in production: ``what`` is simulated, its keys are TEST_ONLY (R-26, R-55)."""
    from shebaoka.vault.gate import GateError
    from shebaoka.vault.settings import place_of_settings

    if in_production():
        raise GateError(f"{what}: simulated, refused in production ({place_of_settings()} says so)")


def authorization_of(settings: "Settings", name: str) -> "Authorization | None":
    """The authorization of a vault's device from the file the settings name. Raises GateError."""
    from shebaoka.vault.gate import read_authorization

    path = settings.authorization_of(name)
    return None if path is None else read_authorization(path)


def pass_gate(settings: "Settings", name: str) -> "Authorization | None":
    """Whether the vault may be opened, before anybody is asked for a secret; a warning goes to the error
    stream. Raises GateError."""
    from shebaoka.vault.backends import gate

    authorization = authorization_of(settings, name)
    admission = gate(settings, name, authorization)
    if admission.warning:
        print(f"shebaoka: warning: {admission.warning}", file=sys.stderr)
    return authorization


def refuse_file(vault: Path) -> None:
    """Raises GateError in production: a vault that the settings do not name is a file of a software vault."""
    from shebaoka.vault.gate import GateError
    from shebaoka.vault.settings import place_of_settings

    if in_production():
        place = place_of_settings()
        raise GateError(
            f"{vault}: {place} names no such vault; production opens no vault files: they are TEST_ONLY"
        )
