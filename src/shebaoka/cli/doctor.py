"""``shebaoka doctor``: what works here, what does not, and what to do about it."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.output import JsonOption, print_json, print_table


def doctor(
    settings: Annotated[
        Path | None,
        typer.Option(help="Settings of the deployment (default: SHEBAOKA_SETTINGS or shebaoka.toml here)."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Look at Python, libraries, ciphers, fonts, readers, and the vaults of the deployment's settings. Exit
    code 1 when something that is needed or configured does not work."""
    from shebaoka.cli.health import Check, deployment, machine
    from shebaoka.vault.model import VaultError
    from shebaoka.vault.settings import FILE, find_settings, read_settings

    checks = list(machine())
    try:
        found = read_settings(settings) if settings else find_settings()
    except VaultError as error:
        checks.append(Check("settings", "broken", str(error), needed=True))
    else:
        if found is None:
            checks.append(Check("settings", "missing", f"no {FILE} here; vault files are named one by one"))
        else:
            checks.extend(deployment(found))
    failed = [check for check in checks if check.needed and check.state not in ("ok", "warning")]
    if as_json:
        print_json({"ok": not failed, "checks": [asdict(check) for check in checks]})
    else:
        rows = [(check.state, check.what, check.note) for check in checks]
        print_table("What works here", ("state", "what", "note"), rows)
    if failed:
        raise typer.Exit(1)
