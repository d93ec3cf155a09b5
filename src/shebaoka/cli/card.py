"""``shebaoka card``: what a terminal does with a card."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli import card_pin
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
    VaultOption,
    pin,
)

app = typer.Typer(no_args_is_help=True, help="Read, show, check and serve a card; its PIN.")
app.add_typer(card_pin.app, name="pin")


@app.command()
def read(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="Files such as DF03/EF07, items such as DF03/EF07/70; all files when left out."),
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
    """Read files or single items and show their decoded content.

    Free files need nothing; others the PIN (--pin) or a key (--psam, --vault). Exit 1 when a file that was
    asked for could not be read.
    """
    from shebaoka.cli.card_content import as_table, content, problems
    from shebaoka.cli.card_session import open_session
    from shebaoka.cli.places import everything, parse_place, read_places

    wanted = [parse_place(name) for name in files or ()]
    with Slots(trace, trace_file, language, extension or ()) as slots:
        session = open_session(slots, chip, reader, psam, psam_reader, vault)
        code = pin() if with_pin else None
        found, failed = read_places(session, wanted or everything(session), code)
    if as_json:
        print_json({"files": content(found, language), "not_read": problems(failed, language)})
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
    extension: ExtensionOption = None,
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

    with Slots(trace, trace_file, language, extension or ()) as slots:
        session = identify(slots, chip, reader, psam, psam_reader, vault)
        facts = summary(session, language)
    if as_json:
        print_json(facts)
    else:
        print_summary(facts, language)


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
    trace_file: TraceFileOption = None,
) -> None:
    """Self-test of any card: records, safety, key versions. Changes nothing, spends no try.

    With a key source (--psam, --vault) or the PIN the content of controlled files is checked too. Exit 1
    when a finding says that the card departs from the standard.
    """
    from shebaoka.cli.card_report import print_report, write_report
    from shebaoka.terminal.check import as_data, check_card

    with Slots(trace, trace_file, "zh" if language == "zh" else "en") as slots:
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
    dual: Annotated[
        bool,
        typer.Option("--dual", help="A dual-interface card: contact in the first slot, radio in the next."),
    ] = False,
    host: Annotated[str, typer.Option(help="Where the vpcd driver listens.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(help="Port of its first slot; the next slot has the next port.")
    ] = 35963,
    extension: ExtensionOption = None,
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
    language: LanguageOption = "en",
) -> None:
    """Put a card (and a PSAM) into the virtual readers of pcscd, until Ctrl-C.

    Any PC/SC program can then use it: `opensc-tool --list-readers`, `shebaoka card show --reader 0`. With
    --trace you watch what such programs send. Changes go to the image.
    """
    from shebaoka.cli.serving import insert
    from shebaoka.reader import vpcd

    with Slots(trace, trace_file, language, extension or ()) as slots:
        inserted = insert(slots, image, psam, dual=dual)

        def tell(slot: int, connected: bool) -> None:
            waiting = f"waiting for the vpcd driver at {host}:{slot} (is pcscd running?)"
            print(f"{inserted[slot - port].name}: {'in the reader' if connected else waiting}", flush=True)

        readers = {port + number: one.reader for number, one in enumerate(inserted)}
        with vpcd.serve(readers, host, tell) as server, contextlib.suppress(KeyboardInterrupt):
            server.wait()
