"""Safety: what must be refused without rights is refused, nothing unknown is read, PIN tries show."""

from shebaoka.codec.apdu import Command
from shebaoka.spec import sw
from shebaoka.spec.model import CardLayout, FileLayout, Structure
from shebaoka.terminal.check.model import Area, Notebook, Outcome
from shebaoka.terminal.check.probe import Probe
from shebaoka.terminal.explain import missing_parts
from shebaoka.terminal.messages import Detail
from shebaoka.terminal.preprocess import SSSE_NAME

_CONDITIONS = "V2 T3-T8; Part 6 T4-T8"


def check_pin(notes: Notebook, probe: Probe) -> bool:
    """The PIN state shows by an empty VERIFY, which counts nothing. Gives whether a PIN is set."""
    probe.select_name(SSSE_NAME)
    words = {probe.pin_word() for _ in range(3)}
    word = words.pop()
    if words:
        notes.write(Area.SAFETY, Outcome.FAIL, "VERIFY", "check-pin-counts", "Part 5 §6.14.5")
        return True
    if word == sw.OK:
        notes.write(Area.SAFETY, Outcome.NOTE, "VERIFY", "check-pin-none", "Part 7 §5.6")
        return False
    if word == sw.BLOCKED or word == 0x63C0:
        notes.write(Area.SAFETY, Outcome.NOTE, "VERIFY", "check-pin-locked", "Part 7 §5.8")
        return True
    good = word & 0xFFF0 == 0x63C0
    notes.judge(
        good, Area.SAFETY, "VERIFY", "check-pin", "Part 5 §6.14.5", sw=f"{word:04X}", tries=word & 0x0F
    )
    return True


def check_access(
    notes: Notebook, probe: Probe, layout: CardLayout, present: list[str], pin_set: bool
) -> list[tuple[str, FileLayout]]:
    """Each file is there and is read, or refused, as its condition says when nothing was shown. Gives the
    files that can be read so."""
    open_files = []
    for directory in layout.directories:
        if directory.id not in present:
            continue
        probe.select_name(bytes.fromhex(directory.aid))
        for file in directory.files:
            if file.structure is Structure.INTERNAL:
                _check_internal(notes, probe, directory.id, file)
            elif _check_file(notes, probe, directory.id, file, pin_set):
                open_files.append((directory.id, file))
    return open_files


def check_unknown(notes: Notebook, probe: Probe, layout: CardLayout, present: list[str]) -> None:
    """Other short file identifiers of each directory give no content: no key file can be read. Files that a
    region added show up here."""
    for directory in layout.directories:
        if directory.id not in present:
            continue
        probe.select_name(bytes.fromhex(directory.aid))
        known = {file.sfi for file in directory.files} | {layout.dir_sfi}
        found = [f"{sfi:02X}" for sfi in range(1, 31) if sfi not in known and _answers(probe, sfi)]
        id_ = "check-unknown-files" if found else "check-no-unknown-files"
        outcome = Outcome.NOTE if found else Outcome.PASS
        notes.write(Area.SAFETY, outcome, directory.id, id_, "Part 3 §5.2.3", names=tuple(found) or ("-",))


def check_medical(
    notes: Notebook, probe: Probe, layout: CardLayout, present: list[str], pin_set: bool
) -> None:
    """GET BALANCE without a PIN is refused when one is set."""
    if "DF04" not in present or not pin_set:
        return
    probe.select_name(bytes.fromhex(layout.directory("DF04").aid))
    word = probe.ask(Command(0xB0, 0x26, 0x00, 0x01, le=4)).sw
    if word in (sw.NOT_SUPPORTED, sw.INS, sw.CLA, sw.CONDITIONS):
        notes.write(Area.SAFETY, Outcome.NOTE, "DF04", "check-no-account", "Part 5 §7.3", sw=f"{word:04X}")
        return
    notes.judge(
        word == sw.SECURITY, Area.SAFETY, "DF04", "check-balance-refused", "Part 5 §7.3", sw=f"{word:04X}"
    )


def _check_file(notes: Notebook, probe: Probe, directory: str, file: FileLayout, pin_set: bool) -> bool:
    place = f"{directory} {file.id}"
    word = probe.select_file(file.fid)
    if word != sw.OK:
        notes.write(
            Area.RECORDS,
            Outcome.FAIL,
            place,
            "check-file-not",
            file.source or _CONDITIONS,
            name=file.name,
            sw=f"{word:04X}",
        )
        return False
    binary = file.structure is Structure.TRANSPARENT
    word = (probe.read_binary() if binary else probe.read_record(1)).sw
    open_to_all = not missing_parts(file.read_condition, set(), not pin_set)
    details: dict[str, Detail] = {"name": file.name, "condition": file.read, "sw": f"{word:04X}"}
    source = file.source or _CONDITIONS
    if open_to_all:
        good = word in (sw.OK, sw.RECORD_NOT_FOUND)
        notes.judge(good, Area.SAFETY, place, "check-open", source, **details)
        return good
    notes.judge(word == sw.SECURITY, Area.SAFETY, place, "check-refused", source, **details)
    return False


def _check_internal(notes: Notebook, probe: Probe, directory: str, file: FileLayout) -> None:
    if probe.select_file(file.fid) != sw.OK:
        return
    words = {probe.read_binary().sw, probe.read_record(1).sw}
    notes.judge(
        sw.OK not in words,
        Area.SAFETY,
        f"{directory} {file.id}",
        "check-internal",
        "Part 3 §5.3",
        name=file.name,
    )


def _answers(probe: Probe, sfi: int) -> bool:
    """Whether anything can be read behind a short file identifier without rights."""
    record = probe.ask(Command(0x00, 0xB2, 0x01, sfi << 3 | 0x04, le=256)).sw
    binary = probe.ask(Command(0x00, 0xB0, 0x80 | sfi, 0x00, le=256)).sw
    return sw.OK in (record, binary)
