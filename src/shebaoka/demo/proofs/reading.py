"""Reading a card by every route: nothing, PIN, PSAM keys of two levels, a vault, all together."""

from collections.abc import Iterable

from shebaoka.demo.compare import differences
from shebaoka.demo.content import CardContent
from shebaoka.demo.proofs.act import HOME, check, refused_by
from shebaoka.demo.stage import Stage
from shebaoka.reader.dual_interface import DualInterface
from shebaoka.terminal.errors import TerminalError
from shebaoka.terminal.reading import all_files, read_file, read_files
from shebaoka.terminal.rights import Route
from shebaoka.terminal.updating import Change, update
from shebaoka.terminal.vault_keys import VaultKeys


def read_without_keys(stage: Stage) -> str:
    """Only what is free."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, None).open()
    found, failed = read_files(session, all_files(session))
    check(bool(found) and bool(failed), "some files are free, others are not")
    return f"{len(found)} of {len(found) + len(failed)} files are free to read; {len(failed)} stay closed"


def read_with_pin(stage: Stage) -> str:
    """With the holder's PIN at a terminal that has no keys at all."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, None).open()
    found, failed = read_files(session, all_files(session), code=card.pin)
    return f"{len(found)} files at a terminal without keys; still closed: {_names(failed)}"


def read_with_national_keys(stage: Stage) -> str:
    """With national keys (6x) of a PSAM, no PIN."""
    return _read_with_keys(stage, local=False)


def read_with_local_keys(stage: Stage) -> str:
    """With city keys (2x) of a PSAM, no PIN."""
    return _read_with_keys(stage, local=True)


def read_with_vault(stage: Stage) -> str:
    """With the ministry's vault behind the terminal: three diversifications away from the card."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, VaultKeys(stage.the_world().ministry)).open()
    found, failed = read_files(session, all_files(session), route=Route.KEY)
    return f"{len(found)} files, keys three diversifications above the card; still closed: {_names(failed)}"


def read_everything(stage: Stage) -> str:
    """PIN and keys together: all files, as a table."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, stage.psam_keys(HOME)).open()
    found, failed = read_files(session, all_files(session), code=stage.pin(card))
    check(not failed, f"every file can be read; these could not: {_names(failed)}")
    stage.content = CardContent(card.card_number, tuple(found.values()))
    items = sum(1 for reading in found.values() for item in reading.items() if item.shown())
    broken = [item for reading in found.values() for item in reading.items() if item.problem]
    check(not broken, "every item decodes")
    holder = found["SSSE", 0xEF06]
    name = str(holder.value(0x09) or "") + str(holder.value(0x4E) or "")
    check(name == card.person.name, "the name on the card is the name of the list")
    photo = (card.batch.folder / card.person.values["SSSE.EF08"]).read_bytes()
    check(
        found["SSSE", 0xEF08].data.rstrip(b"\x00") == photo.rstrip(b"\x00"),
        "the photo is the one of the list",
    )
    wrong = list(differences(card.person.values, found, session.layout))
    check(not wrong, f"the card holds what the list said; not so: {', '.join(wrong)}")
    return (
        f"all {len(found)} files, {items} items with a value; {len(card.person.values)} values as on the list"
    )


def read_third_generation(stage: Stage) -> str:
    """On a 3.0 card the holder's data are closed without a key (SM4)."""
    card = stage.card(HOME, "3.0")
    anybody = stage.terminal(HOME, card, None).open()
    refused_by(TerminalError, lambda: read_file(anybody, "SSSE", 0xEF06))
    session = stage.terminal(HOME, card, stage.psam_keys(HOME)).open()
    reading = read_file(session, "SSSE", 0xEF06)
    check(reading.value(0x08) == card.person.number, "the number on the card is the number of the list")
    return f"closed without a key; read with RKSSSE under {session.algorithm.label}"


def read_over_both_interfaces(stage: Stage) -> str:
    """A dual-interface card: what is written by contact is read by radio, with one answer to reset."""
    card = stage.card(HOME, "3.0")
    chip = DualInterface(stage.insert(card).chip)
    by_contact = stage.terminal(HOME, card, stage.psam_keys(HOME), chip.contact).open()
    update(by_contact, [Change("DF01", 0xEF06, 0x28, "10012345678")])
    by_radio = stage.terminal(HOME, card, stage.psam_keys(HOME), chip.contactless).open()
    reading = read_file(by_radio, "DF01", 0xEF06, route=Route.KEY)
    check(reading.value(0x28) == "10012345678", "both interfaces show one state")
    check(by_contact.historical == by_radio.historical, "ATR and ATS carry the same historical bytes")
    refused_by(TerminalError, lambda: read_file(by_contact, "SSSE", 0xEF05))
    return "written by contact, read by radio; the other interface is mute meanwhile"


def _read_with_keys(stage: Stage, *, local: bool) -> str:
    card = stage.card(HOME, "2.0")
    keys = stage.psam_keys(HOME, local=local)
    session = stage.terminal(HOME, card, keys).open()
    found, failed = read_files(session, all_files(session), route=Route.KEY)
    origin = keys.origin(session.key("RK1DF01"), session.factors)
    return f"{len(found)} files without a PIN, keys from {origin}; still closed: {_names(failed)}"


def _names(failed: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{directory} {fid:04X}" for directory, fid in failed) or "nothing"
