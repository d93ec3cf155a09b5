"""The search finds every form of every secret, wherever it stands; and nothing where nothing is."""

import base64
import json
import os
import random
from io import BytesIO

import pytest
from fpdf import FPDF

from scan.secrets import Secrets, seen_in

KEY = bytes.fromhex("3AD1F00D5EC2E70042815FFE6B9C7710")
PIN, ODD_PIN = "860753091284", "73190264815"
WORD = "öffne dich, Sesam!"


@pytest.fixture(scope="module")
def secrets() -> Secrets:
    own = Secrets()
    own.key("key", KEY)
    own.pin("pin", PIN)
    own.pin("odd pin", ODD_PIN)
    own.word("word", WORD)
    dice = random.Random(3)
    for number in range(200):
        own.key(f"other {number}", dice.randbytes(16))
    return own


def parity(key: bytes) -> bytes:
    return bytes(byte & 0xFE | 1 ^ (bin(byte >> 1).count("1") & 1) for byte in key)


PLANTED = [
    ("key", KEY),
    ("key", KEY[:8]),
    ("key", KEY[8:]),
    ("key", parity(KEY)),
    ("key", KEY.hex().encode()),
    ("key", KEY.hex().upper().encode()),
    ("key", KEY.hex(" ", 2).upper().encode()),
    ("key", KEY.hex(":").encode()),
    ("key", repr(KEY).encode()),
    ("key", repr(list(KEY)).encode()),
    ("key", json.dumps({"key": KEY.decode("latin-1")}).encode()),
    *(("key", base64.b64encode(bytes(before) + KEY + b"!")) for before in range(4)),
    ("key", base64.urlsafe_b64encode(b"..." + KEY)),
    ("pin", PIN.encode()),
    ("pin", bytes.fromhex(PIN)),
    ("pin", bytes.fromhex("2C" + PIN + "FF")),
    ("pin", base64.b64encode(b"pin=" + PIN.encode())),
    ("pin", PIN.encode().hex().encode()),
    ("pin", PIN.encode("utf-16-le")),
    ("odd pin", bytes.fromhex(ODD_PIN + "F")),
    ("word", WORD.encode()),
    ("word", WORD.encode("utf-16-le")),
    ("word", WORD.encode().hex().encode()),
]


@pytest.mark.parametrize(("name", "planted"), PLANTED)
@pytest.mark.parametrize("before", [b"", b"text before ", os.urandom(4099)])
def test_found(secrets: Secrets, name: str, planted: bytes, before: bytes) -> None:
    assert secrets.found(before + planted) == {name}
    assert secrets.found(before + planted + os.urandom(500)) == {name}


def test_nothing_found(secrets: Secrets) -> None:
    assert secrets.found(b"") == set()
    assert secrets.found(b"short") == set()
    assert secrets.found(os.urandom(1 << 20)) == set()
    assert secrets.found(os.urandom(1 << 18).hex().encode()) == set()
    assert secrets.found(KEY[:7] + b"." + KEY[8:15]) == set()


def test_views(secrets: Secrets) -> None:
    """Wrapped in a table, packed in a PDF, printed on its page."""
    digits = KEY.hex().upper()
    assert seen_in(secrets, [f"│ {digits[:20]} │\n│ {digits[20:]} │\n".encode()]) == {"key"}
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=12)
    for group in range(0, 32, 4):
        page.text(10 + 3 * group, 20, digits[group : group + 4])
    assert seen_in(secrets, [bytes(page.output())]) == {"key"}
    page.set_title(PIN)
    held = BytesIO(bytes(page.output())).getvalue()
    assert seen_in(secrets, [held]) >= {"key"}


def test_equal_secrets_have_one_name(secrets: Secrets) -> None:
    assert secrets.key("the same", KEY) == "key"
