"""``shebaoka shell``: talk to a card, with completion over directories, files and items."""

import sys

import typer

from shebaoka.cli.output import LanguageOption
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
)


def shell(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    vault: VaultOption = None,
    extension: ExtensionOption = None,
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
    language: LanguageOption = "en",
) -> None:
    """Talk to a card: select, read, PIN, keys, raw APDUs. `help` lists the words, Tab completes.

    Commands may also come from the standard input, one a line; then exit 1 when one could not be done.
    """
    from shebaoka.cli.card_session import identify
    from shebaoka.cli.shell_words import Shell
    from shebaoka.terminal import pin

    with Slots(trace, trace_file, language, extension or ()) as slots:
        session = identify(slots, chip, reader, psam, psam_reader, vault)
        session.pin = pin.state(session)
        talk = Shell(session, language)
        interactive = sys.stdin.isatty()
        if interactive:
            from shebaoka.cli.shell_prompt import prompts

            lines = prompts(talk)
        else:
            lines = iter(sys.stdin)
        for line in lines:
            if not talk.do(line):
                break
    if talk.problems and not interactive:
        raise typer.Exit(1)
