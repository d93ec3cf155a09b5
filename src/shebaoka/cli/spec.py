"""``shebaoka spec``: the specification as the software knows it."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, LanguageOption, print_json
from shebaoka.cli.slots import ExtensionOption

app = typer.Typer(
    no_args_is_help=True, help="Show layouts, keys, codes and status words; check an extension."
)


@app.command()
def show(
    subject: Annotated[
        str,
        typer.Argument(
            help="layout, keys, codes; a file such as DF03/EF07; a key such as UK1DF01; a code table id; "
            "a status word such as 6982."
        ),
    ] = "layout",
    generation: Annotated[str, typer.Option("--generation", "-g", help="1.0, 2.0 or 3.0.")] = "2.0",
    extension: ExtensionOption = None,
    annex: Annotated[bool, typer.Option(help="With the annex applications DF05 and DF06.")] = False,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Show what the standard fixes."""
    from shebaoka.cli import spec_views

    view = spec_views.find(subject, generation, tuple(extension or ()), annex, language)
    if view is None:
        raise UsageProblem(
            f"{subject}: nothing known by this name; try layout, keys, codes, DF03/EF07, UK1DF01 or 6982"
        )
    if as_json:
        print_json(view.as_json())
    else:
        view.print()


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Extension files (TOML).")],
    as_json: JsonOption = False,
) -> None:
    """Check extension files against the rules of extension.

    Exit 2 with file, place and rule when one breaks them.
    """
    from shebaoka.spec.extensions import for_generation
    from shebaoka.spec.keys import key_catalogue
    from shebaoka.spec.layouts import GENERATIONS, card_layout

    for generation in GENERATIONS:
        matching = for_generation(files, generation)
        card_layout(generation, matching)
        key_catalogue(generation, matching)
    if as_json:
        print_json({"ok": True, "files": [str(path) for path in files]})
    else:
        for path in files:
            print(f"{path}: follows the rules of extension (V2 §6)")


@app.command()
def docs(
    folder: Annotated[Path, typer.Argument(help="Folder of the reference pages.")] = Path("docs/reference"),
) -> None:
    """Write the reference pages (Markdown)."""
    from shebaoka.domain.card_states_page import PAGE, page
    from shebaoka.spec.reference import write_reference

    for path in write_reference(folder):
        print(path)
    states = folder / PAGE
    states.write_text(page(), "utf-8")
    print(states)
