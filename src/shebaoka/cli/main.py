"""``shebaoka``: the commands put together, and the one place where errors become a line and an exit code."""

import sys
from typing import Annotated

import typer

from shebaoka import __version__
from shebaoka.cli import (
    audit,
    card,
    cards,
    carriers,
    chip,
    custody,
    db,
    demo,
    doctor,
    driver,
    keys,
    office,
    parameters,
    people,
    psam,
    script,
    shell,
    spec,
    vault,
)
from shebaoka.cli.errors import fail

app = typer.Typer(
    name="shebaoka",
    help="The social security card (社会保障卡) as software: make cards, read them, ask why.\n\n"
    "Start with `shebaoka demo`; it makes keys, cards and PSAMs to try the other commands on.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",  # paragraphs of docstrings flow
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("doctor")(doctor.doctor)
app.command("shell")(shell.shell)
app.add_typer(audit.app, name="audit")
app.add_typer(card.app, name="card")
app.add_typer(cards.app, name="cards")
app.add_typer(carriers.app, name="carriers")
app.add_typer(chip.app, name="chip")
app.add_typer(custody.app, name="custody")
app.add_typer(db.app, name="db")
app.add_typer(demo.app, name="demo")
app.add_typer(driver.app, name="driver")
app.add_typer(keys.app, name="keys")
app.add_typer(office.app, name="office")
app.add_typer(parameters.app, name="parameters")
app.add_typer(people.app, name="people")
app.add_typer(psam.app, name="psam")
app.add_typer(script.app, name="script")
app.add_typer(spec.app, name="spec")
app.add_typer(vault.app, name="vault")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"shebaoka {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """The entry point of the ``shebaoka`` command."""
    try:
        app()
    except (ValueError, OSError) as error:
        fail(error)
    except KeyboardInterrupt:
        sys.exit(130)
