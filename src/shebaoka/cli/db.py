"""``shebaoka db``: backups of the office, their restoration, upgrades."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.office import configuration
from shebaoka.cli.output import JsonOption, print_json

app = typer.Typer(
    no_args_is_help=True,
    help="Keep the office's data: backup, restore, rehearse, upgrade. Passphrases are asked for, or come "
    "from SHEBAOKA_BACKUP_PASSPHRASE. The folder is that of SHEBAOKA_FOLDER.",
)

BackupArgument = Annotated[Path, typer.Argument(help="The file of the backup.")]
_VARIABLE = "SHEBAOKA_BACKUP_PASSPHRASE"


def _passphrase(*, confirm: bool = False) -> str:
    from shebaoka.cli.slots import pin

    return pin("Passphrase of the backup", variable=_VARIABLE, confirm=confirm)


@app.command()
def backup(
    file: BackupArgument,
    include: Annotated[
        list[Path] | None, typer.Option(help="A file or folder to keep too; may be repeated.")
    ] = None,
) -> None:
    """Write database, documents, vaults and settings into one sealed file; the office may go on serving."""
    found = configuration()
    from shebaoka.office.keeping.backup import backup as run
    from shebaoka.office.server.prepare import running_database

    with running_database(found):
        made = run(found, file, _passphrase(confirm=True), include)
    typer.echo(
        f"{made.path}: {made.size:,} bytes, the database, {made.files} files, {made.chains} audit chains. "
        "Without its passphrase nobody can open it, you neither."
    )


@app.command()
def restore(file: BackupArgument, as_json: JsonOption = False) -> None:
    """Make an office from a backup, in a new folder (SHEBAOKA_FOLDER) and a new database (DATABASE_URL)."""
    found = configuration()
    from shebaoka.office import database
    from shebaoka.office.keeping.restore import restore as run

    try:
        manifest = run(found, file, _passphrase())
    finally:
        database.stop()
    _tell(f"Restored into {found.path}", manifest, as_json)


@app.command()
def rehearse(file: BackupArgument, as_json: JsonOption = False) -> None:
    """Restore a backup into a folder that is thrown away, to know that it can be done."""
    configuration()
    from shebaoka.office.keeping.restore import rehearse as run

    _tell("It can be restored", run(file, _passphrase()), as_json)


@app.command()
def upgrade(
    backup: Annotated[Path | None, typer.Option(help="Where the backup before it is written.")] = None,
    no_backup: Annotated[bool, typer.Option("--no-backup", help="There is a fresh backup already.")] = False,
) -> None:
    """Bring the database of an earlier version to this one, after a backup; then follow the audit chains."""
    found = configuration()
    from shebaoka.cli.errors import UsageProblem

    if (backup is None) != no_backup:
        raise UsageProblem("name the backup to write first with --backup FILE, or say --no-backup")
    from shebaoka.office.keeping.upgrade import upgrade as run
    from shebaoka.office.server.prepare import running_database

    with running_database(found):
        done = run(found, backup, "" if backup is None else _passphrase(confirm=True))
    for name in done.migrations:
        typer.echo(name)
    typer.echo(
        f"{len(done.migrations)} migrations done; {done.records} audit records followed, none missing."
    )


def _tell(what: str, manifest: object, as_json: bool) -> None:
    from shebaoka.office.keeping.manifest import Manifest

    if not isinstance(manifest, Manifest):
        raise TypeError("not a manifest")
    if as_json:
        print_json(
            {
                "made_at": manifest.made_at,
                "mode": manifest.mode,
                "files": len(manifest.files),
                "chains": {code: end.sequence for code, end in manifest.chains.items()},
            }
        )
        return
    records = sum(end.sequence for end in manifest.chains.values())
    typer.echo(
        f"{what}: backup of {manifest.made_at}, {len(manifest.files)} files, {len(manifest.chains)} audit "
        f"chains with {records} records, all followed."
    )
