"""Any byte string is a command that gets an answer of two bytes or more; long with SHEBAOKA_LONG=1."""

import os
import random

import pytest
from hypothesis import given, settings

from chip.build import AID, PSAM_AID, SSSE, VARIANTS, Algorithm, Loader, card, psam
from chip.commands import anything, near_misses
from shebaoka.card.card import CARD, open_card
from shebaoka.chip.access import MASTER_RIGHT, PIN_RIGHT
from shebaoka.chip.image import ImageError, open_image
from shebaoka.chip.profile import FIELD
from shebaoka.chip.store import MemoryStore
from shebaoka.psam.psam import PSAM

LONG = os.environ.get("SHEBAOKA_LONG") == "1"
COUNT = 10_000_000 if LONG else 200_000
EXAMPLES = 50_000 if LONG else 500


def places(algorithm: Algorithm) -> list[Loader]:
    """Card and PSAM in their directories, with every right there is."""
    found = []
    for make, names in ((card, (SSSE, AID, AID[:-1] + b"\x03")), (psam, (SSSE, PSAM_AID))):
        for name in names:
            loader = make(algorithm)
            loader.select(SSSE)
            loader.select(name)
            found.append(loader)
    found.append(card(algorithm, profile=FIELD))
    found[-1].ok("00A40000")
    return found


def everything_allowed(loader: Loader) -> None:
    loader.chip.session.rights |= {*range(256), PIN_RIGHT, MASTER_RIGHT}
    loader.chip.session.challenge = bytes(8)


def answers(loader: Loader, command: bytes) -> None:
    answer = loader.chip.transmit(command)
    assert isinstance(answer, bytes)
    assert 2 <= len(answer) <= 258
    assert answer[-2] >> 4 in (6, 9)


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_random_bytes_behind_real_headers(algorithm: Algorithm) -> None:
    source = random.Random(1)
    loaders = places(algorithm)
    heads = {
        "card": [(entry.cla, entry.ins) for entry in CARD.commands],
        "psam": [(entry.cla, entry.ins) for entry in PSAM.commands],
    }
    for number in range(COUNT // 2):
        loader = loaders[number % len(loaders)]
        if number % 3 == 0:
            everything_allowed(loader)
        head = bytes(source.choice(heads[loader.chip.kind]))
        size = source.choice((0, 1, 2, 3, 4, 5, 7, 11, 15, 16, 17, 20, 29, 32, 64, 255))
        body = source.randbytes(size)
        length = size if source.random() < 0.9 else source.randrange(256)
        parameters = bytes(
            (source.choice((0, 1, 4, 0x80, source.randrange(256))), source.choice((0, 1, 2, 4, 0x44)))
        )
        answers(loader, head + parameters + bytes((length,)) + body)


@pytest.mark.parametrize("algorithm", VARIANTS)
def test_short_commands_exhaustively(algorithm: Algorithm) -> None:
    """Every class and instruction with and without a fifth byte, and every truncated header."""
    loaders = places(algorithm)[1:4:2]
    for loader in loaders:
        for cla in (0x00, 0x04, 0x80, 0x84, 0xB0, 0xBF, 0xFF):
            for ins in range(256):
                for tail in ("", "00", "0000", "000000"):
                    answers(loader, bytes((cla, ins)) + bytes.fromhex(tail))


@given(command=anything() | near_misses((*CARD.commands, *PSAM.commands)))
@settings(max_examples=EXAMPLES, deadline=None)
def test_near_misses(command: bytes) -> None:
    for loader in _PLACES:
        everything_allowed(loader)
        answers(loader, command)


_PLACES = places(Algorithm.TDES)


def test_damaged_images_open_or_are_refused() -> None:
    """A card from an image with bytes flipped (checksums made good again) works or is an ImageError."""
    source = random.Random(2)
    good = list(card(Algorithm.TDES).chip.state.items())
    for _ in range(COUNT // 100):
        state = dict(good)
        address, value = source.choice(good)
        if isinstance(value, bytes) and value:
            position = source.randrange(len(value))
            state[address] = value[:position] + source.randbytes(source.randrange(3)) + value[position + 1 :]
        elif isinstance(value, int):
            state[address] = source.choice((value + 16, -1, 0, b"", (b"",)))
        else:
            state[address] = source.choice(((b"",), 7, b"x", (b"\x20",)))
        try:
            loader = Loader(open_card(MemoryStore(state)), Algorithm.TDES)
        except ImageError:
            continue
        for command in (
            "00A4040005D156000005",
            "00A4000002DF04",
            "0020000000",
            "0020000003123456",
            "00B2014400",
            "B026000104",
            "00A4000002DF01",
            "00B2202800",
            "00B240A800",
            "00B2203A00",
        ):
            everything_allowed(loader)
            answers(loader, bytes.fromhex(command))
        answers(loader, bytes.fromhex("0082008310") + bytes(16))
        answers(loader, bytes.fromhex("0088000010") + bytes(16))


def test_random_files_are_no_images() -> None:
    source = random.Random(3)
    start = b"SHEBAOKA-CHIP 1 card TEST_ONLY\n"
    for _ in range(COUNT // 40):
        raw = source.choice((b"", start)) + source.randbytes(source.randrange(60))
        with pytest.raises(ImageError):
            open_image(raw, None)
