"""Cards away from home: what national keys open, what local keys must not, and a city's own file."""

from shebaoka.demo.proofs.act import ABROAD, HOME, check, reason, refused_by
from shebaoka.demo.stage import Stage
from shebaoka.terminal.errors import StatusWordError, TerminalError, WrongRegionError
from shebaoka.terminal.reading import all_files, read_file, read_files
from shebaoka.terminal.rights import Route
from shebaoka.terminal.updating import Change, update


def read_abroad(stage: Stage) -> str:
    """A card of one province in a terminal of the other."""
    card, keys = stage.card(HOME, "2.0"), stage.psam_keys(ABROAD)
    session = stage.terminal(ABROAD, card, keys).open()
    found, _ = read_files(session, all_files(session), route=Route.KEY)
    check(("DF03", 0xEF07) in found, "the pension file can be read everywhere")
    home = stage.region(HOME).data.name
    origin = keys.origin(session.key("RK1DF03"), session.factors)
    return f"a card of {home}: genuine, {len(found)} files read with national keys ({origin})"


def write_abroad(stage: Stage) -> str:
    """The other province's own key: the terminal refuses, and were it not to, the card would."""
    card = stage.card(HOME, "2.0", -1)
    change = [Change("DF01", 0xEF09, 0x2E, "某某公司")]
    guarded = stage.terminal(ABROAD, card, stage.psam_keys(ABROAD)).open()
    refusal = refused_by(TerminalError, lambda: update(guarded, change))
    blind = stage.terminal(ABROAD, card, stage.psam_keys(ABROAD, guard=False)).open()
    by_card = refused_by(TerminalError, lambda: update(blind, change))
    check(isinstance(by_card, StatusWordError), "without the guard the card itself refuses")
    assert isinstance(by_card, StatusWordError)  # noqa: S101 - for the type checker
    return f"{reason(refusal)} Were the terminal to try, the card would answer {by_card.sw:04X}."


def local_psam_abroad(stage: Stage) -> str:
    """A PSAM with city keys only cannot even ask the card whether it is genuine."""
    card = stage.card(HOME, "3.0")
    terminal = stage.terminal(ABROAD, card, stage.psam_keys(ABROAD, local=True))
    refusal = refused_by(TerminalError, terminal.open)
    check(isinstance(refusal, WrongRegionError), "the refusal names the region")
    return refusal.text()


def own_file(stage: Stage) -> str:
    """The city's own application on the card: written with the city's key, read with the PIN."""
    card, keys = stage.card(ABROAD, "3.0"), stage.psam_keys(ABROAD)
    session = stage.terminal(ABROAD, card, keys).open()
    reader = [
        Change("DF0A", 0xEF0C, 0x01, "990100003218"),
        Change("DF0A", 0xEF0C, 0x02, "2"),
        Change("DF0A", 0xEF0C, 0x03, "20301231"),
        Change("DF0A", 0xEF0C, 0x04, 10_000),
    ]
    update(session, reader)
    again = stage.terminal(ABROAD, card, keys).open()
    reading = read_file(again, "DF0A", 0xEF0C, code=stage.pin(card), route=Route.PIN)
    check(reading.value(0x01) == "990100003218", "what was written is read")
    origin = keys.origin(session.key("UK1DF0A"), session.factors)
    shown = ", ".join(f"{item.item.name.zh} {item.shown('zh')}" for item in reading.items())
    return f"{reading.file.name.zh} written with UK1DF0A ({origin}), read with the PIN: {shown}"


def own_file_elsewhere(stage: Stage) -> str:
    """Another city's PSAM does not hold the key of that file."""
    card = stage.card(ABROAD, "3.0")
    home = stage.terminal(ABROAD, card, stage.psam_keys(HOME)).open()
    change = [Change("DF0A", 0xEF0C, 0x01, "980100000001")]
    return reason(refused_by(TerminalError, lambda: update(home, change)))
