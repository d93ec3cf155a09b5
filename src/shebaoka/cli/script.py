"""``shebaoka script``: APDU scripts."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.output import JsonOption, LanguageOption, print_json
from shebaoka.cli.slots import (
    ChipOption,
    ExtensionOption,
    PsamOption,
    PsamReaderOption,
    ReaderOption,
    Slots,
    TraceFileOption,
    TraceOption,
)

app = typer.Typer(no_args_is_help=True, help="Run APDU scripts (docs/reference/apdu-scripts.md).")


@app.callback()
def _script() -> None:
    pass


@app.command()
def run(
    script: Annotated[Path, typer.Argument(help="The script.")],
    chip: ChipOption = None,
    reader: ReaderOption = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    extension: ExtensionOption = None,
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Run SCRIPT against a card (and a PSAM).

    Exit 0 when every answer matches, else 1 and the first difference, decoded.
    """
    from shebaoka.reader.script import load_script, report, run_script

    steps = load_script(script)
    extensions = extension or ()
    with Slots(trace, trace_file, language, extensions) as slots:
        card, second = slots.card(chip, reader), slots.psam(psam, psam_reader)
        result = run_script(steps, card, second, extensions=extensions)
    if as_json:
        difference = result.difference
        print_json(
            {
                "script": result.name,
                "ok": result.ok,
                "commands": result.commands,
                "compared": result.compared,
                "notes": list(result.notes),
                "difference": None
                if difference is None
                else {
                    "line": difference.line,
                    "slot": difference.slot.value or "card",
                    "command": difference.command,
                    "expected": difference.expected,
                    "got": difference.got,
                    "explanation": [line.strip() for line in report(result, language)[1:]],
                },
            }
        )
    else:
        for line in report(result, language):
            print(line)
    if not result.ok:
        raise typer.Exit(1)
