"""``shebaoka chip``: chips from fixtures."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, print_json, program
from shebaoka.cli.slots import passphrase

app = typer.Typer(no_args_is_help=True, help="Make a card or a PSAM from a fixture, for tests.")


@app.callback()
def _chip() -> None:
    pass


@app.command()
def build(
    fixture: Annotated[Path, typer.Argument(help="The fixture (docs/reference/fixtures.md).")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The image to write.")],
    sealed: Annotated[bool, typer.Option(help="Seal the image under a passphrase.")] = False,
    force: Annotated[bool, typer.Option(help="Replace an image that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a card or PSAM image from FIXTURE. Its keys are test keys and it is marked TEST_ONLY."""
    from shebaoka.chip.store import MemoryStore
    from shebaoka.cli.deployment import refuse_simulated
    from shebaoka.personalization.fixtures import build_fixture

    refuse_simulated(f"{output} (a chip of a fixture)")
    if output.exists() and not force:
        raise UsageProblem(f"{output}: exists already; choose another name or add --force")
    chip = build_fixture(fixture)
    secret = passphrase(f"New passphrase of {output}", confirm=True) if sealed else None
    MemoryStore(dict(chip.state)).save(output, secret)
    if as_json:
        print_json({"image": str(output), "kind": chip.kind, "test_only": True, "sealed": sealed})
    else:
        print(f"{output}: {chip.kind}, TEST_ONLY; historical bytes {chip.historical.hex().upper()}")
        if chip.kind == "card":
            print(f"Try: {program()} card show --chip {output}")
