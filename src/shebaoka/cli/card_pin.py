"""``shebaoka card pin``: the card PIN (卡密码), not the enquiry password."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, LanguageOption, pick, print_json
from shebaoka.cli.slots import (
    ChipOption,
    PsamOption,
    PsamReaderOption,
    ReaderOption,
    Slots,
    TraceFileOption,
    TraceOption,
    VaultOption,
    pin,
)
from shebaoka.codec.display import Language
from shebaoka.spec.model import Text

if TYPE_CHECKING:
    from shebaoka.terminal.session import Session

app = typer.Typer(
    no_args_is_help=True,
    help="The card PIN: whether one is set, verify, change, unblock, reset. PINs are asked for at the "
    "keyboard (or taken from SHEBAOKA_PIN and SHEBAOKA_NEW_PIN), never from the command line.",
)

_RIGHT = Text("个人密码正确。", "The PIN is right.")
_CHANGED = Text("个人密码已修改。", "The PIN is changed.")
_UNBLOCKED = Text("个人密码已解锁，密码不变。", "The PIN is unblocked; it is the same as before.")
_SET = Text("已设置新的个人密码。", "The new PIN is set.")


@app.command()
def status(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Does this card need a PIN, and how many tries are left? Costs no try."""
    from shebaoka.cli.card_summary import pin_text

    with _identified(Slots(trace, trace_file, language), chip, reader) as session:
        state = session.pin
    facts = {"set": state.set, "tries_left": state.tries, "locked": state.locked}
    _tell(pin_text(state), facts, as_json, language)


@app.command()
def verify(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Try the PIN. A wrong one costs a try; exit 1 then."""
    from shebaoka.terminal import pin as pins

    with _identified(Slots(trace, trace_file, language), chip, reader) as session:
        pins.verify(session, pin())
    _tell(_RIGHT, {"verified": True}, as_json, language)


@app.command()
def change(
    chip: ChipOption = None,
    reader: ReaderOption = None,
    trace: TraceOption = False,
    trace_file: TraceFileOption = None,
    as_json: JsonOption = False,
    language: LanguageOption = "en",
) -> None:
    """Change the PIN, knowing the old one. A wrong old one costs a try; exit 1 then."""
    from shebaoka.terminal import pin as pins

    with _identified(Slots(trace, trace_file, language), chip, reader) as session:
        old = pin("Present PIN")
        new = _new_pin()
        pins.change(session, old, new, new)
    _tell(_CHANGED, {"changed": True}, as_json, language)


@app.command()
def unblock(
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
    """Give a locked PIN its tries back (needs the key PUK from a PSAM or vault)."""
    from shebaoka.terminal import pin as pins

    slots = Slots(trace, trace_file, language)
    with _with_keys(slots, chip, reader, psam, psam_reader, vault) as session:
        pins.unblock(session)
    _tell(_UNBLOCKED, {"unblocked": True}, as_json, language)


@app.command()
def reset(
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
    """Set a new PIN without the old one (needs the keys PUK and STK: a vault has both, a PSAM seldom STK)."""
    from shebaoka.terminal import pin as pins

    slots = Slots(trace, trace_file, language)
    with _with_keys(slots, chip, reader, psam, psam_reader, vault) as session:
        new = _new_pin()
        pins.reload(session, new, new)
    _tell(_SET, {"reset": True}, as_json, language)


def _tell(text: Text, facts: Mapping[str, Any], as_json: bool, language: Language) -> None:
    if as_json:
        print_json(facts)
    else:
        print(pick(text, language))


def _new_pin() -> str:
    return pin("New PIN", variable="SHEBAOKA_NEW_PIN", confirm=True)


@contextmanager
def _identified(slots: Slots, chip: Path | None, reader: str | None) -> Iterator["Session"]:
    from shebaoka.cli.card_session import identify
    from shebaoka.terminal import pin as pins

    with slots:
        session = identify(slots, chip, reader, None, None, None)
        session.pin = pins.state(session)
        yield session


@contextmanager
def _with_keys(
    slots: Slots,
    chip: Path | None,
    reader: str | None,
    psam: Path | None,
    psam_reader: str | None,
    vaults: list[Path] | None,
) -> Iterator["Session"]:
    from shebaoka.cli.card_session import open_session

    if psam is None and psam_reader is None and not vaults:
        raise UsageProblem("this needs the key PUK: name a --psam, a --psam-reader or a --vault")
    with slots:
        yield open_session(slots, chip, reader, psam, psam_reader, vaults)
