"""``shebaoka card pin``: the card PIN (卡密码), not the enquiry password."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, print_json
from shebaoka.cli.slots import (
    ChipOption,
    PsamOption,
    PsamReaderOption,
    ReaderOption,
    Slots,
    TraceOption,
    VaultOption,
    pin,
)

if TYPE_CHECKING:
    from shebaoka.terminal.session import Session

app = typer.Typer(
    no_args_is_help=True,
    help="The card PIN: whether one is set, verify, change, unblock, reset. PINs are asked for at the "
    "keyboard (or taken from SHEBAOKA_PIN and SHEBAOKA_NEW_PIN), never from the command line.",
)


@app.command()
def status(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    trace: TraceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Does this card need a PIN, and how many tries are left? Costs no try."""
    from shebaoka.terminal import pin as pins

    with _identified(chip, reader, trace) as session:
        state = pins.state(session)
    if as_json:
        print_json({"set": state.set, "tries_left": state.tries, "locked": state.locked})
    elif not state.set:
        print("This card has no PIN: nothing needs to be entered.")
    elif state.locked:
        print("A PIN is set and it is locked: unblock it at the agency of the insured place.")
    else:
        print(f"A PIN is set; {state.tries} tries are left.")


@app.command()
def verify(chip: ChipOption = None, reader: ReaderOption = None, trace: TraceOption = False) -> None:
    """Try the PIN. A wrong one costs a try."""
    from shebaoka.terminal import pin as pins

    with _identified(chip, reader, trace) as session:
        pins.verify(session, pin())
    print("The PIN is right.")


@app.command()
def change(chip: ChipOption = None, reader: ReaderOption = None, trace: TraceOption = False) -> None:
    """Change the PIN, knowing the old one."""
    from shebaoka.terminal import pin as pins

    with _identified(chip, reader, trace) as session:
        old = pin("Present PIN")
        new = _new_pin()
        pins.change(session, old, new, new)
    print("The PIN is changed.")


@app.command()
def unblock(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    vault: VaultOption = None,
    trace: TraceOption = False,
) -> None:
    """Give a locked PIN its tries back (needs the key PUK from a PSAM or vault)."""
    from shebaoka.terminal import pin as pins

    with _with_keys(chip, reader, psam, psam_reader, vault, trace) as session:
        pins.unblock(session)
    print("The PIN is unblocked; it is the same as before.")


@app.command()
def reset(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    vault: VaultOption = None,
    trace: TraceOption = False,
) -> None:
    """Set a new PIN without the old one (needs the key PUK from a PSAM or vault)."""
    from shebaoka.terminal import pin as pins

    with _with_keys(chip, reader, psam, psam_reader, vault, trace) as session:
        new = _new_pin()
        pins.reload(session, new, new)
    print("The new PIN is set.")


def _new_pin() -> str:
    return pin("New PIN", variable="SHEBAOKA_NEW_PIN", confirm=True)


@contextmanager
def _identified(chip: Path | None, reader: str | None, trace: bool) -> Iterator["Session"]:
    from shebaoka.cli.card_session import identify
    from shebaoka.terminal import pin as pins

    with Slots(trace) as slots:
        session = identify(slots, chip, reader, None, None, None)
        session.pin = pins.state(session)
        yield session


@contextmanager
def _with_keys(
    chip: Path | None,
    reader: str | None,
    psam: Path | None,
    psam_reader: str | None,
    vaults: list[Path] | None,
    trace: bool,
) -> Iterator["Session"]:
    from shebaoka.cli.card_session import open_session

    if psam is None and psam_reader is None and not vaults:
        raise UsageProblem("this needs the key PUK: name a --psam, a --psam-reader or a --vault")
    with Slots(trace) as slots:
        yield open_session(slots, chip, reader, psam, psam_reader, vaults)
