"""Answer to reset, environment and directory file (Part 2 §8, Part 3 §6, Part 5 §6.11)."""

from shebaoka.codec.directory import DirectoryError, Entry, parse_record
from shebaoka.codec.fci import Fci, FciError, parse_fci
from shebaoka.codec.reset import ResetError, accept_atr, historical_bytes
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import CardLayout
from shebaoka.terminal.check.model import Area, Notebook, Outcome
from shebaoka.terminal.check.probe import Probe
from shebaoka.terminal.preprocess import SSSE_NAME

_ATR = "Part 2 §8; Part 8 §5.1.3"
_SELECT = "Part 5 §6.11"
_MOST_RECORDS = 30


def check_reset(notes: Notebook, answer: bytes, again: bytes) -> bytes | None:
    """ATR or ATS: form, 13 historical bytes, the same at every reset. Gives the historical bytes."""
    place = "ATR" if answer[:1] in (b"\x3b", b"\x3f") else "ATS"
    try:
        historical = historical_bytes(answer)
    except ResetError as error:
        notes.write(Area.TRANSPORT, Outcome.FAIL, place, "check-reset-not", _ATR, reason=str(error))
        return None
    notes.write(Area.TRANSPORT, Outcome.PASS, place, "check-reset", _ATR)
    notes.judge(answer == again, Area.TRANSPORT, place, "check-reset-same", _ATR)
    if place == "ATR" and 0 not in accept_atr(answer).protocols:
        notes.write(Area.TRANSPORT, Outcome.FAIL, place, "check-protocol-not", "Part 8 §5.1.1")
    return historical


def check_region(notes: Notebook, historical: bytes, city_code: str) -> None:
    """Historical bytes T8-T9 are the first four digits of the region (Part 2 T16)."""
    same = historical[7:9].hex() == city_code[:4]
    outcome = Outcome.PASS if same else Outcome.NOTE
    id_ = "check-region" if same else "check-region-not"
    notes.write(Area.TRANSPORT, outcome, "T8-T9", id_, "Part 2 T16; decision K81")


def check_environment(notes: Notebook, probe: Probe) -> Fci | None:
    """SELECT of the environment and its FCI; None when there is none to go on with."""
    response = probe.select_name(SSSE_NAME)
    if response.sw != sw.OK:
        notes.write(
            Area.SELECTION, Outcome.FAIL, "SSSE", "check-environment-not", _SELECT, sw=f"{response.sw:04X}"
        )
        return None
    try:
        fci = parse_fci(response.data)
    except FciError as error:
        notes.write(Area.SELECTION, Outcome.FAIL, "SSSE", "check-fci-not", _SELECT, reason=str(error))
        return None
    notes.judge(fci.name == SSSE_NAME, Area.SELECTION, "SSSE", "check-fci-name", "Part 5 T36")
    _check_algorithm(notes, fci)
    return fci


def check_directories(notes: Notebook, probe: Probe, layout: CardLayout) -> list[str]:
    """Every application of the layout can be selected and answers its name, optional ones when there are
    such; ids of those that are there."""
    present = ["SSSE"]
    for directory in layout.directories[1:]:
        name = bytes.fromhex(directory.aid)
        response = probe.select_name(name)
        if response.sw == sw.APPLICATION_BLOCKED:
            notes.write(Area.SELECTION, Outcome.NOTE, directory.id, "check-directory-blocked", "Part 7 §13.2")
            continue
        if directory.optional and response.sw == sw.FILE_NOT_FOUND:
            continue
        if response.sw != sw.OK:
            notes.write(
                Area.SELECTION,
                Outcome.FAIL,
                directory.id,
                "check-directory-not",
                directory.source or _SELECT,
                sw=f"{response.sw:04X}",
                name=directory.name,
            )
            continue
        present.append(directory.id)
        good = _name_of(response.data) == name
        notes.judge(good, Area.SELECTION, directory.id, "check-directory", "Part 5 T38", name=directory.name)
    return present


def check_directory_file(notes: Notebook, probe: Probe, sfi: int | None, layout: CardLayout) -> None:
    """The DIR file: well-formed entries, each selectable, every application of the layout among them."""
    place, source = "DIR", "Part 3 §6.3"
    if sfi is None:
        notes.write(Area.SELECTION, Outcome.NOTE, place, "check-dir-none", "Part 3 §5.1.4")
        return
    probe.select_name(SSSE_NAME)
    entries: list[Entry] = []
    if probe.select_file(0xEF00 | sfi) != sw.OK:
        probe.select_file(sfi)
    for number in range(1, _MOST_RECORDS + 1):
        response = probe.read_record(number)
        if response.sw != sw.OK:
            break
        try:
            entries += parse_record(response.data)
        except DirectoryError as error:
            notes.write(
                Area.SELECTION, Outcome.FAIL, f"{place} {number}", "check-dir-not", source, reason=str(error)
            )
    if not entries:
        notes.write(Area.SELECTION, Outcome.FAIL, place, "check-dir-unreadable", source)
        return
    listed = {entry.name for entry in entries}
    lacking = tuple(d.id for d in layout.directories[1:] if bytes.fromhex(d.aid) not in listed)
    dead = tuple(name.hex().upper() for name in listed if not _selectable(probe, name))
    notes.judge(not dead, Area.SELECTION, place, "check-dir-selectable", source, names=dead or ("-",))
    outcome = Outcome.NOTE if lacking else Outcome.PASS
    id_ = "check-dir-complete-not" if lacking else "check-dir-complete"
    notes.write(Area.SELECTION, outcome, place, id_, source, names=lacking or ("-",))


def _check_algorithm(notes: Notebook, fci: Fci) -> None:
    try:
        algorithm = fci.algorithm
    except ValueError:
        code = f"{fci.algorithm_code:02X}"
        notes.write(Area.SELECTION, Outcome.FAIL, "SSSE", "check-algorithm-not", "Part 5 T36", code=code)
        return
    if fci.algorithm_code is None:
        notes.write(Area.SELECTION, Outcome.NOTE, "SSSE", "check-algorithm-default", "Part 7 §5.3")
    elif algorithm is Algorithm.SSF33:
        notes.write(Area.SELECTION, Outcome.NOTE, "SSSE", "check-algorithm-unpublished", "decision K1")
    else:
        label = algorithm.label
        notes.write(Area.SELECTION, Outcome.PASS, "SSSE", "check-algorithm", "Part 5 T36", algorithm=label)


def _selectable(probe: Probe, name: bytes) -> bool:
    return probe.select_name(name).sw in (sw.OK, sw.APPLICATION_BLOCKED)


def _name_of(data: bytes) -> bytes:
    try:
        return parse_fci(data).name
    except FciError:
        return b""
