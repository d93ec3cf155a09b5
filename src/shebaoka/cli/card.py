"""``shebaoka card``: what a terminal does with a card."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli import card_pin
from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, LanguageOption, print_json
from shebaoka.cli.slots import (
    ChipOption,
    PsamOption,
    PsamReaderOption,
    ReaderOption,
    Slots,
    TraceFileOption,
    TraceOption,
    VaultOption,
    open_image,
    pin,
)
from shebaoka.spec.layouts import card_layout

app = typer.Typer(no_args_is_help=True, help="Read, show, check and serve a card; its PIN.")
app.add_typer(card_pin.app, name="pin")

ExtensionOption = Annotated[
    list[Path] | None, typer.Option("--extension", help="Extension file of the card's city (TOML).")
]


@app.command()
def read(
    files: Annotated[
        list[str] | None, typer.Argument(help="Files such as SSSE/EF06 or DF03/EF07; all when left out.")
    ] = None,
    chip: ChipOption = None,
    reader: ReaderOption = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    vault: VaultOption = None,
    with_pin: Annotated[bool, typer.Option("--pin", help="Ask for the PIN (or take SHEBAOKA_PIN).")] = False,
    extension: ExtensionOption = None,
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Read files and show their decoded content.

    Free files need nothing; others the PIN (--pin) or a key (--psam, --vault). Exit 1 when a file that was
    asked for could not be read.
    """
    from shebaoka.cli.card_content import as_table, content, problems
    from shebaoka.cli.card_session import open_session
    from shebaoka.terminal.reading import all_files, read_files

    with Slots(trace, trace_file) as slots:
        session = open_session(slots, chip, reader, psam, psam_reader, vault, extension)
        wanted = [_place(name) for name in files] if files else all_files(session)
        code = pin() if with_pin else None
        found, failed = read_files(session, wanted, code=code)
        if as_json:
            print_json({"files": content(found, language), "not_read": problems(failed)})
        else:
            as_table(found, failed, language)
    if failed and files:
        raise typer.Exit(1)


@app.command()
def show(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    vault: VaultOption = None,
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Show what a card is: generation, algorithm, issuer, holder, validity, whether it needs a PIN.

    Works on blocked, expired and blacklisted cards too, as far as they answer.
    """
    from shebaoka.cli.card_session import identify
    from shebaoka.cli.card_summary import print_summary, summary

    with Slots(trace, trace_file) as slots:
        session = identify(slots, chip, reader, psam, psam_reader, vault)
        facts = summary(session, language)
    if as_json:
        print_json(facts)
    else:
        print_summary(facts)


@app.command()
def check(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    vault: VaultOption = None,
    with_pin: Annotated[
        bool, typer.Option("--pin", help="Ask for the PIN, to check the content of more files.")
    ] = False,
    report: Annotated[
        Path | None, typer.Option("--report", "-o", help="Write the report: .json, .md or .html.")
    ] = None,
    as_json: JsonOption = False,
    language: Annotated[str, typer.Option("--language", "-l", help="en, zh or es.")] = "en",
    trace: TraceOption = False,
) -> None:
    """Self-test of any card: records, safety, key versions. Changes nothing, spends no try.

    With a key source (--psam, --vault) or the PIN the content of controlled files is checked too. Exit 1
    when a finding says that the card departs from the standard.
    """
    from shebaoka.cli.card_report import print_report, write_report
    from shebaoka.terminal.check import as_data, check_card

    with Slots(trace) as slots:
        keys = slots.keys(psam, psam_reader, vault)
        result = check_card(slots.card(chip, reader), keys=keys, code=pin() if with_pin else None)
    if report is not None:
        write_report(result, report, language)
    if as_json:
        print_json(as_data(result, language))
    else:
        print_report(result, language, report)
    if not result.passed:
        raise typer.Exit(1)


@app.command()
def serve(
    image: Annotated[Path, typer.Argument(help="The card image.")],
    psam: PsamOption = None,
    host: Annotated[str, typer.Option(help="Where the vpcd driver listens.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port of its first slot; the PSAM takes the next one.")] = 35963,
) -> None:
    """Put a card (and a PSAM) into the virtual readers of pcscd, until Ctrl-C. Changes go to the image."""
    from shebaoka.reader import vpcd

    slots = {port: open_image(image)}
    if psam is not None:
        slots[port + 1] = open_image(psam)
    if slots[port].kind != "card":
        raise UsageProblem(f"{image}: is the image of a {slots[port].kind}; a card is needed")

    def tell(slot: int, connected: bool) -> None:
        state = (
            "in the reader"
            if connected
            else f"waiting for the vpcd driver at {host}:{slot} (is pcscd running?)"
        )
        print(f"{image if slot == port else psam}: {state}", flush=True)

    with vpcd.serve(slots, host, tell) as server:
        server.wait()


def _place(name: str) -> tuple[str, int]:
    directory, slash, file = name.upper().replace("/", " ").partition(" ")
    if not slash:
        directory, file = name.upper()[:4], name.upper()[4:]
    try:
        return directory, int(file, 16)
    except ValueError:
        known = ", ".join(d.id for d in card_layout("2.0").directories)
        raise UsageProblem(
            f"{name}: not a file name; write DIRECTORY/FILE such as DF03/EF07 ({known})"
        ) from None
