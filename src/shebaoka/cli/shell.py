"""``shebaoka shell``: talk to a card, with completion over directories, files and items."""

import sys

from shebaoka.cli.slots import (
    ChipOption,
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
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
) -> None:
    """Talk to a card: select, read, PIN, keys, raw APDUs. `help` lists the words, Tab completes.

    Commands may also come from the standard input, one a line.
    """
    from shebaoka.cli.card_session import identify
    from shebaoka.cli.shell_words import Shell
    from shebaoka.terminal import pin

    with Slots(trace, trace_file) as slots:
        session = identify(slots, chip, reader, psam, psam_reader, vault)
        session.pin = pin.state(session)
        talk = Shell(session)
        if sys.stdin.isatty():
            from shebaoka.cli.shell_prompt import prompts

            lines = prompts(talk)
        else:
            lines = iter(sys.stdin)
        for line in lines:
            if not talk.do(line):
                break
