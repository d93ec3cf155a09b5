"""What Django's own checks and the settings say about this deployment."""

import stat
from pathlib import Path

from django.core.checks import Tags, run_checks

from shebaoka.office.configuration import Configuration
from shebaoka.office.operations.checks import Check
from shebaoka.vault.model import VaultError
from shebaoka.vault.settings import find_settings, place_of_settings

_NOT_OURS = {
    "security.W021"  # the browsers' preload list is the decision of whoever owns the domain
}


def deployment(configuration: Configuration) -> list[Check]:
    """Settings and files, without the database."""
    problems = [
        message
        for message in run_checks(
            include_deployment_checks=configuration.production, tags=[Tags.security, Tags.urls, Tags.models]
        )
        if message.id not in _NOT_OURS
    ]
    words = "; ".join(f"{message.id}: {message.msg}" for message in problems)
    return [
        _one_mode(configuration),
        Check(
            "settings", not problems, words or f"a {configuration.mode} deployment in {configuration.path}"
        ),
        _private(configuration.path),
    ]


def _one_mode(configuration: Configuration) -> Check:
    """Office and vaults are both for tests or both in production (R-55)."""
    try:
        vaults = find_settings()
    except VaultError as error:
        return Check("vaults", False, str(error))
    if vaults is None:
        return Check("vaults", True, f"no {place_of_settings()} here")
    note = f"{place_of_settings()} says {vaults.mode}, SHEBAOKA_MODE says {configuration.mode}"
    return Check("vaults", vaults.mode == configuration.mode, note)


def _private(folder: Path) -> Check:
    """Files of the folder that others may read; those of PostgreSQL are its own affair."""
    loose = [
        path.name for path in folder.glob("*") if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    return Check("files", not loose, f"others may read {', '.join(loose)}" if loose else "private")
