"""What the ``driver`` commands are given, opened: slots, profile, keys, virtual readers."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.deployment import refuse_simulated
from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.slots import Kind, Slots, open_image, pin

if TYPE_CHECKING:
    from shebaoka.driver.answers import HsmAnswers
    from shebaoka.driver.device import Opener
    from shebaoka.driver.pin_pad import Entry
    from shebaoka.driver.profile import Profile
    from shebaoka.driver.service.virtual import VirtualReader


class Keyboard:
    """The keyboard as a PIN pad."""

    def ask(self, entry: "Entry", seconds: float) -> str:
        """The digits, or those of SHEBAOKA_PIN."""
        words = {"pin": "Card PIN", "old": "Present PIN", "new": "New PIN", "again": "New PIN again"}
        variable = "SHEBAOKA_PIN" if entry.value in ("pin", "old") else "SHEBAOKA_NEW_PIN"
        return pin(words[entry.value], variable=variable)


def given(words: list[str]) -> dict[str, object]:
    """Parameters of ``NAME=VALUE`` words; ``iType`` is 1 unless given. Raises UsageProblem."""
    pairs = [word.partition("=") for word in words]
    if wrong := next((word for word, mark, _ in pairs if not mark), None):
        raise UsageProblem(f"{wrong}: a parameter is NAME=VALUE, for instance iType=1")
    return {"iType": 1} | {name: value for name, _, value in pairs}


def profile_of(path: Path | None) -> "Profile":
    """The profile of a file, or the usual one. Raises ProfileError."""
    from shebaoka.driver.profile import Profile, read_profile

    return Profile() if path is None else read_profile(path)


def pairings_file() -> Path:
    """Where the pairings of this user are kept."""
    return Path.home() / ".config" / "shebaoka" / "pairings.json"


def show_code(origin: str, name: str, code: str) -> None:
    """Put a pairing code before the person's eyes: here, not in the log."""
    who = f"{origin} ({name})" if name else origin
    print(
        f"\nThe page {who} asks to use your card reader.\nTo allow it, type into the page: {code}\n",
        flush=True,
    )


OfficeOption = Annotated[
    str | None,
    typer.Option("--office", help="Office whose keys answer the steps over an HSM: https://office.example."),
]
TokenFileOption = Annotated[
    Path | None,
    typer.Option("--token-file", help="File with the token for the office, readable by you alone."),
]


def answers_of(
    slots: Slots,
    vaults: list[Path] | None,
    profile: "Profile",
    office: str | None = None,
    token_file: Path | None = None,
) -> "HsmAnswers | None":
    """An office or vaults that answer the steps over an HSM; None when none is named. Raises UsageProblem."""
    if office is not None or token_file is not None:
        return _office(office, token_file, vaults)
    from shebaoka.driver.answers import KeyAnswers

    keys = slots.keys(None, None, vaults)
    return None if keys is None else KeyAnswers(keys, profile.key_addresses)


def _office(office: str | None, token_file: Path | None, vaults: list[Path] | None) -> "HsmAnswers":
    from shebaoka.driver.office import OfficeAnswers

    if office is None or token_file is None or vaults:
        raise UsageProblem("the office that answers: --office URL and --token-file FILE, and no --vault")
    if token_file.stat().st_mode & 0o077:
        raise UsageProblem(f"{token_file}: others can read it; chmod 600 {token_file}")
    try:
        return OfficeAnswers(office, token_file.read_text("utf-8").strip())
    except ValueError as error:
        raise UsageProblem(str(error)) from error


def opener(slots: Slots, image: Path | None, reader: str | None, kind: Kind, option: str) -> "Opener | None":
    """What opens a slot, anew for every piece of work: an image or a PC/SC reader; None when neither is
    named. Raises UsageProblem."""
    if image is not None and reader is not None:
        raise UsageProblem(f"name one {kind}: an image or a PC/SC reader")
    if image is not None:
        from shebaoka.reader.in_process import InProcessReader

        chip = open_image(image, kind, option)
        return lambda: slots.traced(InProcessReader(chip), kind)
    if reader is not None:
        from shebaoka.reader.pcsc import PcscReader

        name = named(reader)
        return lambda: slots.traced(PcscReader(name), kind)
    return None


def named(reader: str | None) -> int | str:
    """A PC/SC reader's number, or its name or a part of it; empty for none."""
    return int(reader) if reader and reader.isdecimal() else reader or ""


def virtual_readers(words: list[str], *, demonstration: bool) -> "list[VirtualReader]":
    """Readers of ``NAME=IMAGE`` or ``NAME=FOLDER``. Raises UsageProblem outside a demonstration, GateError in
    production."""
    if words and not demonstration:
        raise UsageProblem("--virtual: virtual readers are for a demonstration; say --demonstration too")
    if demonstration:
        refuse_simulated("a demonstration with virtual readers")
    return [_virtual(word) for word in words]


def _virtual(word: str) -> "VirtualReader":
    from shebaoka.driver.service.virtual import VirtualReader, card_images

    name, mark, place = word.partition("=")
    if not mark or not name or not place:
        raise UsageProblem(f"{word}: a virtual reader is NAME=IMAGE or NAME=FOLDER")
    return VirtualReader(name, card_images(Path(place)))
