"""``shebaoka demo``: the main job, and the office it fills."""

import os
import time
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Two invented provinces: keys, cards and PSAMs that work, and an office that runs.")

FolderOption = Annotated[Path, typer.Option("--folder", "-o", help="Where everything is written.")]

PortOption = Annotated[
    int | None,
    typer.Option(help="The port to serve it on: 8000, or the next that is free.", min=1, max=65535),
]


@app.callback(invoke_without_command=True)
def demo(
    context: typer.Context,
    folder: FolderOption = Path("var/demo"),
    people: Annotated[int, typer.Option(help="How many invented people get a card.", min=4)] = 1000,
    office: Annotated[bool, typer.Option(help="Fill the office too.")] = True,
    served: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it until Ctrl-C.")] = True,
    port: PortOption = None,
) -> None:
    """Two invented provinces: keys at three levels, cards and PSAMs, and the proof that they work; then the
    office with what its staff did so far, at http://127.0.0.1:8000 until Ctrl-C. What an earlier one left in
    the folder is removed first."""
    if context.invoked_subcommand is not None:
        return
    from shebaoka.cli.output import program

    _refuse_in_production("the demonstration")
    if not office:
        from shebaoka.demo.main import run

        failed = run(folder, people, program=program())
    else:
        from shebaoka.demo.office.run import run as run_office

        failed = run_office(folder, people, serves=served, port=port, program=program())
    if failed:
        raise typer.Exit(1)


@app.command()
def serve(
    folder: FolderOption = Path("var/demo"),
    port: PortOption = None,
) -> None:
    """Serve the office of an earlier demonstration again, as it was left, until Ctrl-C."""
    from shebaoka.cli.output import program
    from shebaoka.demo.office.run import serve_again

    _refuse_in_production("the demonstration")
    serve_again(folder, port, program())


@app.command()
def code(
    number: Annotated[str, typer.Argument(help="Staff number, as the demonstration printed it.")],
    folder: FolderOption = Path("var/demo"),
    uri: Annotated[bool, typer.Option("--uri", help="Print the otpauth:// address instead.")] = False,
) -> None:
    """The second factor of a demonstration sign-in: the code that her authenticator shows now."""
    from shebaoka.demo.office import accounts, deployment

    _refuse_in_production("sign-ins of a demonstration")
    account = accounts.find(accounts.read(deployment.office_of(folder)), number)
    if uri:
        typer.echo(account.uri)
        return
    now = time.time()
    typer.echo(account.code(now))
    typer.echo(f"good for {accounts.seconds_left(now)} s, once", err=True)


def _refuse_in_production(what: str) -> None:
    """Raises GateError where settings, or the office's variable, say production."""
    from shebaoka.cli.deployment import refuse_simulated
    from shebaoka.vault.gate import GateError

    refuse_simulated(what)
    if os.environ.get("SHEBAOKA_MODE") == "production":
        raise GateError(f"{what}: simulated, refused in production (SHEBAOKA_MODE says so)")
