"""``shebaoka office``: the platform as a server."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.output import JsonOption, print_json, print_table

if TYPE_CHECKING:
    from shebaoka.office.configuration import Configuration

app = typer.Typer(
    no_args_is_help=True,
    help="The office: organizations, custody of keys, carriers and PSAMs, issuing approval, as a web server. "
    "What a deployment sets: docs/reference/settings.md.",
)

HostOption = Annotated[str, typer.Option(help="The address to listen on.")]
PortOption = Annotated[int, typer.Option(help="The port to listen on.", min=1, max=65535)]


def configuration() -> "Configuration":
    """The deployment's settings; the office's libraries are asked for first."""
    from importlib.util import find_spec

    from shebaoka.cli.errors import UsageProblem

    if find_spec("django") is None or find_spec("granian") is None:
        raise UsageProblem("the office needs more libraries: pip install 'shebaoka[office]'")
    from shebaoka.office.configuration import read_configuration

    return read_configuration()


@app.command()
def serve(
    host: HostOption = "127.0.0.1",
    port: PortOption = 8000,
    jobs: Annotated[bool, typer.Option(help="Do background jobs too.")] = True,
) -> None:
    """Start everything and serve until Ctrl-C: database, migrations, static files, jobs, web server."""
    found = configuration()
    from shebaoka.office.server.serve import serve as run

    run(found, host, port, jobs=jobs, ready=_serving)


def _serving(url: str) -> None:
    typer.echo(f"The office is at {url} - Ctrl-C stops it.")


@app.command()
def init() -> None:
    """Make the folder, the database and its tables; harmless when they are there."""
    found = configuration()
    from shebaoka.office.server.prepare import collect_static, migrate, running_database, setup

    with running_database(found):
        setup()
        done = migrate(found)
        collect_static()
    typer.echo(f"The office in {found.path} is ready: {len(done)} migrations done.")


@app.command()
def migrate(
    plan: Annotated[bool, typer.Option("--plan", help="Only say what would be done.")] = False,
) -> None:
    """Bring the database's tables up to date."""
    found = configuration()
    from shebaoka.office.server.prepare import migrate as run
    from shebaoka.office.server.prepare import pending, running_database, setup

    with running_database(found):
        setup()
        names = pending() if plan else run(found)
    for name in names:
        typer.echo(name)
    typer.echo(f"{len(names)} migrations {'to do' if plan else 'done'}.")


@app.command()
def worker() -> None:
    """Do background jobs until Ctrl-C, on another machine than the server perhaps."""
    import asyncio

    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.jobs.worker import work

        asyncio.run(work())


@app.command()
def check(as_json: JsonOption = False) -> None:
    """Look at settings, database, schema, clock and disk. Exit code 1 when something is wrong."""
    found = configuration()
    from dataclasses import asdict

    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.operations.checks import history, readiness
        from shebaoka.office.operations.deployment import deployment

        checks = [*deployment(found), *readiness(), *history()]
        good = all(each.ok for each in checks)
    if as_json:
        print_json({"ok": good, "checks": [asdict(each) for each in checks]})
    else:
        rows = [("ok" if each.ok else "failed", each.name, each.note) for each in checks]
        print_table("The office here", ("state", "what", "note"), rows)
    if not good:
        raise typer.Exit(1)


@app.command()
def docs(
    folder: Annotated[Path, typer.Argument(help="Folder of the reference pages.")] = Path("docs/reference"),
) -> None:
    """Write the reference of settings and interface, and beside its folder what the card can do."""
    from shebaoka.office.portal.uses import write_uses
    from shebaoka.office.reference import write_reference
    from shebaoka.office.server.prepare import setup

    setup()
    from shebaoka.office.api.reference import write_reference as write_interface

    print(write_reference(folder))
    for path in write_interface(folder):
        print(path)
    for path in write_uses(folder.parent):
        print(path)


@app.command()
def found(
    name: Annotated[str, typer.Option(help="Name of the first organization, the ministry.")],
    administrator: Annotated[tuple[str, str], typer.Option(help="Staff number and name.")],
    leader: Annotated[tuple[str, str], typer.Option(help="Staff number and name of another person.")],
) -> None:
    """Make the first organization with its first two persons, and print how each of them begins. Later ones
    are added at the desk, by two persons."""
    found_here = configuration()
    from shebaoka.cli.errors import UsageProblem
    from shebaoka.office.server.prepare import migrate as run
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found_here):
        setup()
        run(found_here)
        from shebaoka.office.base.errors import Refusal
        from shebaoka.office.organizations.services import founding

        try:
            persons = founding.found(
                name=name,
                administrator=founding.First(*administrator, founding.ADMINISTRATOR),
                leader=founding.First(*leader, founding.LEADER),
            )
        except Refusal as refusal:
            raise UsageProblem(str(refusal)) from None
    rows = [(each.number, each.name, each.first, each.second) for each in persons]
    print_table("Activation codes, to be used once", ("number", "name", "first part", "second part"), rows)
    typer.echo("Hand each person her code in person; she chooses her password at /desk/activate.")
