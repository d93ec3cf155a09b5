"""Which keys and versions are there, by answers that prove nothing and count nothing (Part 5 §6.4, §6.7)."""

from collections.abc import Iterable

from shebaoka.codec.apdu import Command
from shebaoka.spec import sw
from shebaoka.spec.model import CardLayout, KeyEntry, KeyRole
from shebaoka.terminal.check.model import Area, Notebook, Outcome
from shebaoka.terminal.check.probe import Probe
from shebaoka.terminal.preprocess import SSSE_NAME

_SURELY_ABSENT = 0x07  # identifiers 07 to 09 are given to no key
_VERSIONS = (1, 2, 3)
_EXTERNAL = frozenset(
    {
        KeyRole.READ,
        KeyRole.UPDATE,
        KeyRole.CARD_BLOCK,
        KeyRole.APPLICATION_BLOCK,
        KeyRole.PIN_UNBLOCK,
        KeyRole.STARTING_DAY,
    }
)


def check_internal_versions(notes: Notebook, probe: Probe) -> None:
    """Which versions of IRK answer INTERNAL AUTHENTICATION, and that they differ."""
    probe.select_name(SSSE_NAME)
    source, answers = "Part 5 §6.7", {}
    data = bytes(range(16))
    for version in _VERSIONS:
        response = probe.ask(Command(0x00, 0x88, 0x00, 0x00, data + bytes((version,)), 8))
        if response.sw == sw.OK:
            answers[version] = response.data
    plain = probe.ask(Command(0x00, 0x88, 0x00, 0x00, data, 8))
    notes.judge(
        plain.sw == sw.OK and len(plain.data) == 8,
        Area.KEYS,
        "IRK",
        "check-irk",
        source,
        sw=f"{plain.sw:04X}",
    )
    found = tuple(str(version) for version in answers)
    outcome = Outcome.PASS if len(found) == len(_VERSIONS) else Outcome.NOTE
    notes.write(Area.KEYS, outcome, "IRK", "check-irk-versions", "Part 9 T B1", versions=found or ("-",))
    if len(set(answers.values())) < len(answers):
        notes.write(Area.KEYS, Outcome.NOTE, "IRK", "check-irk-same", "Part 9 T B1")


def check_key_identifiers(
    notes: Notebook, probe: Probe, layout: CardLayout, catalogue: Iterable[KeyEntry], present: list[str]
) -> None:
    """Which external authentication keys of the catalogue are there, with how many versions.

    Without a challenge a card answers 6984 for a key it has and 6A88 for one it has not. Cards that look at
    the challenge first cannot be asked; a card that would count a try is not asked any further.
    """
    probe.select_name(SSSE_NAME)
    if (word := probe.key_word(_SURELY_ABSENT)) != sw.KEY_NOT_FOUND:
        notes.write(Area.KEYS, Outcome.NOT_TESTED, "-", "check-keys-hidden", "Part 5 T16", sw=f"{word:04X}")
        return
    for directory in layout.directories:
        entries = [e for e in catalogue if e.directory == directory.id and e.role in _EXTERNAL]
        if directory.id not in present or not entries:
            continue
        probe.select_name(bytes.fromhex(directory.aid))
        for entry in entries:
            if not _check_key(notes, probe, entry):
                return


def _check_key(notes: Notebook, probe: Probe, entry: KeyEntry) -> bool:
    """False when the card must not be asked further."""
    if entry.identifier is None:
        return True
    source = entry.source or "Part 9 T B1"
    place = f"{entry.directory} {entry.name}"
    word = probe.key_word(entry.identifier)
    if word & 0xFFF0 == 0x63C0:
        notes.write(Area.KEYS, Outcome.FAIL, place, "check-key-counts", "Part 5 T16", sw=f"{word:04X}")
        return False
    if word == sw.BLOCKED:
        notes.write(Area.KEYS, Outcome.NOTE, place, "check-key-locked", "Part 7 §6.6", use=entry.use)
    elif word == sw.REFERENCE_DATA:
        found = tuple(str(v) for v in _VERSIONS if probe.key_word(entry.identifier, v) == sw.REFERENCE_DATA)
        few = len(found) < entry.versions
        notes.write(
            Area.KEYS,
            Outcome.NOTE if few else Outcome.PASS,
            place,
            "check-key",
            source,
            use=entry.use,
            versions=found or ("?",),
            expected=entry.versions,
        )
    else:
        notes.write(Area.KEYS, Outcome.NOTE, place, "check-key-not", source, use=entry.use, sw=f"{word:04X}")
    return True
