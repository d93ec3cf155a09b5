"""Commands answer only the words of their tables, and a few more for stated reasons."""

import random

import pytest

from chip.build import AID, PSAM_AID, SSSE, VARIANTS, Algorithm
from chip.test_fuzz import LONG, everything_allowed, places
from shebaoka.card.card import CARD
from shebaoka.psam.psam import PSAM
from shebaoka.spec.commands import CommandEntry, command_of

COUNT = 1_000_000 if LONG else 30_000
BEYOND_THE_TABLES = {
    "6700": "a malformed APDU of any command (Part 5 T5)",
    "6CXX": "Le differs from the length there is (Part 2 §9.3.2.1)",
    "6987": "the MAC of a secure message is missing (decision K39)",
    "63CX": "authentication failed on a PSAM (Part 5 T5; Part 9 T18 has no word for it)",
}
_PARAMETERS = ("0000", "0001", "0100", "0101", "0400", "0200", "0083", "0104", "9500", "9600", "003B", "002C")
_DATA = (SSSE, AID, AID[:-1] + b"\x03", PSAM_AID, b"\xef\x05", b"\xef\x16")


def listed(word: int, entry: CommandEntry) -> bool:
    """Whether a word is printed for the command, x standing for any digit, or explained above."""
    digits = f"{word:04X}"
    printed = (*entry.words, *BEYOND_THE_TABLES)
    return any(
        all(want in (have, "x", "X") for want, have in zip(text, digits, strict=True)) for text in printed
    )


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_only_words_of_the_tables(algorithm: Algorithm) -> None:
    source = random.Random(5)
    loaders = places(algorithm)
    entries = {"card": CARD.commands, "psam": PSAM.commands}
    seen: set[tuple[str, int]] = set()
    for number in range(COUNT):
        loader = loaders[number % len(loaders)]
        if number % 3 == 0:
            everything_allowed(loader)
        entry = source.choice(entries[loader.chip.kind])
        size = source.choice((0, 1, 2, 3, 4, 5, 7, 11, 15, 16, 17, 20, 29, 32, 64, 255))
        data = source.choice(_DATA) if entry.name == "SELECT" else source.randbytes(size)
        parameters = bytes.fromhex(source.choice(_PARAMETERS)) if number % 4 else source.randbytes(2)
        command = bytes((entry.cla, entry.ins)) + parameters + bytes((len(data),)) + data
        word = int.from_bytes(loader.chip.transmit(command)[-2:])
        known = command_of(entry.cla, entry.ins, parameters[0], loader.chip.kind)  # type: ignore[arg-type]
        assert known is not None
        assert known.name.en == entry.name or known.p1 is not None
        if word != 0x9000 and word >> 8 != 0x61 and not known.is_issuer:
            assert listed(word, known), f"{entry.name}: {word:04X} to {command.hex()}"
            seen.add((entry.name, word))
    assert len(seen) > 60


def test_every_command_of_the_specification_is_there() -> None:
    for application, count in ((CARD, 22), (PSAM, 10)):
        names = {entry.name for entry in application.commands if not entry.source.startswith("issuer")}
        if application is PSAM:
            names -= {"GET RESPONSE", "READ BINARY", "UPDATE BINARY", "READ RECORD", "UPDATE RECORD"}
        assert len(names) == count
