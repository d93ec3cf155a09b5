"""``shebaoka audit``: the record of every act, exported, verified, signed."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.office import configuration
from shebaoka.cli.output import JsonOption, print_json
from shebaoka.journal.export import Report, heading_key, verify_export

app = typer.Typer(
    no_args_is_help=True,
    help="The record of every act: a chain of rows for each organization, checkpoints signed over all of "
    "them. An export is verified on any machine, without a database.",
)


@app.command()
def export(file: Annotated[Path, typer.Argument(help="A new file.")]) -> None:
    """Write all chains and checkpoints into a file, after signing where the chains end now."""
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.audit.checkpoints import checkpoint_take
        from shebaoka.office.audit.exporting import export as run
        from shebaoka.office.audit.selectors import last_checkpoint

        checkpoint_take()
        try:
            rows = run(file)
        except OSError as error:
            raise UsageProblem(f"{file}: cannot be written: {error.strerror}") from None
        last = last_checkpoint()
    typer.echo(f"{rows:,} rows in {file}")
    if last is not None:
        typer.echo(f"Write down checkpoint {last.number}: {last.hash}")


@app.command()
def verify(
    file: Annotated[Path | None, typer.Argument(help="An export; without it the database here.")] = None,
    key: Annotated[
        str | None,
        typer.Option(help="The office's public key, 64 hex digits, from `audit key`."),
    ] = None,
    checkpoint: Annotated[
        str | None, typer.Option(help="The hash of a checkpoint that was written down.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Follow every chain and checkpoint; name what was changed, removed, inserted, cut off or forged. Exit
    code 1 when something was."""
    if file is None and (key or checkpoint):
        raise UsageProblem("--key and --checkpoint go with a file; make one with: audit export")
    report = _database() if file is None else _file(file, key, checkpoint)
    if as_json:
        print_json({"good": report.good, **asdict(report)})
    else:
        _tell(report, own_key=file is not None and key is None)
    if not report.good:
        raise typer.Exit(1)


@app.command()
def checkpoint() -> None:
    """Sign where all chains end now; the hash printed is to be written down somewhere else."""
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.audit.bypasses import bypass_enter
        from shebaoka.office.audit.checkpoints import checkpoint_take
        from shebaoka.office.audit.selectors import last_checkpoint

        entered = bypass_enter()
        made = checkpoint_take()
        last = last_checkpoint()
    if entered:
        typer.echo(f"{entered} writes past the services were entered in the ministry's chain.")
    if last is None:
        typer.echo("There is nothing to sign yet.")
    else:
        typer.echo(f"Checkpoint {last.number}{'' if made else ', nothing new'}: {last.hash}")


@app.command("key")
def show_key() -> None:
    """The public key of checkpoints, to be given to whoever verifies."""
    from shebaoka.office.audit.signing import public_key

    typer.echo(public_key(configuration()).hex())


def _database() -> Report:
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.audit.inspection import verify_database

        return verify_database()


def _file(file: Path, key: str | None, checkpoint: str | None) -> Report:
    from shebaoka.office.audit.signing import signed_by

    try:
        signed = signed_by(heading_key(file) if key is None else bytes.fromhex(key))
    except OSError as error:
        raise UsageProblem(f"{file}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise UsageProblem(f"the public key: {error}" if key else f"{file}: {error}") from None
    return verify_export(file, signed, checkpoint=checkpoint)


def _tell(report: Report, *, own_key: bool) -> None:
    for each in report.findings:
        typer.echo(str(each), err=True)
    typer.echo(f"rows: {report.rows:,}; chains: {len(report.chains)}; checkpoints: {report.checkpoints}")
    if report.open_rows:
        typer.echo(f"rows after the last checkpoint of their chain: {report.open_rows:,}")
    if own_key:
        typer.echo("signatures checked with the key in the file; give the office's own with --key")
    if report.last_checkpoint:
        typer.echo(f"last checkpoint: {report.last_checkpoint}")
    typer.echo("Everything holds." if report.good else f"Findings: {len(report.findings)}")
