"""Status words and commands against Part 5 and Part 9, typed a second time."""

import pytest

from shebaoka.spec import sw
from shebaoka.spec.commands import Kind, command_of, commands
from shebaoka.spec.status_words import describe, is_expected, status_words

CARD = """
84 1E 00 APPLICATION BLOCK: 6581 6700 6982 6984 6985 6988 6A81 6A86 6A88 6E00 9303
84 16 00 CARD BLOCK: 6581 6700 6982 6984 6985 6988 6A81 6A86 6A88 6E00
80 5E 01 CHANGE PIN: 63Cx 6581 6700 6983 6A80 6A81 6A86 6E00 9303
00 82 00 EXTERNAL AUTHENTICATION: 63Cx 6581 6700 6983 6984 6A81 6A86 6A88 6E00 9303
00 84 00 GET CHALLENGE: 6700 6A81 6A86 6E00 9303
00 C0 00 GET RESPONSE: 61xx 6700 6A81 6A86 6Cxx 6E00 6F00 9303
00 88 00 INTERNAL AUTHENTICATION: 6700 6A81 6A86 6A88 6E00 9303
84 24 00 PIN CHANGE/UNBLOCK: 6581 6700 6982 6984 6985 6988 6A80 6A81 6A86 6A88 6E00 9303
00 B0 85 READ BINARY: 6981 6982 6986 6A81 6A82 6A86 6B00 6Cxx 6E00 9303
00 B2 01 READ RECORD: 6981 6982 6986 6A81 6A82 6A83 6A86 6Cxx 6E00 9303
00 A4 04 SELECT: 6700 6A81 6A82 6A86 6E00 9303
04 D6 00 UPDATE BINARY: 6581 6700 6981 6982 6984 6986 6988 6A81 6A82 6A86 6B00 6E00 9303
00 DC 01 UPDATE RECORD: 6581 6700 6981 6982 6984 6986 6988 6A81 6A82 6A83 6A84 6A85 6A86 6E00 9303
00 20 00 VERIFY: 63Cx 6700 6983 6984 6A81 6A86 6A88 6E00 9303
B0 2A 00 CREDIT FOR LOAD: 6581 6700 6901 6985 6A81 6A86 6E00 9302 9303
B0 2C 01 DEBIT FOR PURCHASE: 6581 6700 6901 6985 6A81 6A86 6E00 9302 9303
B0 26 00 GET BALANCE: 6700 6982 6985 6A81 6A86 6E00 9303
B0 2E 00 GET TRANSACTION PROOF: 6700 6985 6A81 6A86 6E00 9303 9406
B0 28 00 INITIALIZE FOR LOAD: 6581 6700 6982 6985 6A81 6A86 6E00 9303 9402 9403
B0 28 01 INITIALIZE FOR PURCHASE: 6581 6700 6982 6985 6A81 6A86 6E00 9303 9401 9402 9403
B0 56 00 UPDATE STARTING DAY: 6982 6985 6A81 6A86 6E00 9303
B0 56 01 GET STARTING DAY: 6982 6985 6A81 6A86 6E00 9303
"""
LOADING = "6581 6700 6982 6983 6984 6985 6988 6A80 6A81 6A82 6A83 6A84 6A86 6A88 6D00 6E00"
PSAM = f"""
00 A4 04 SELECT: 6700 6985 6A81 6A82 6A86
00 84 00 GET CHALLENGE: 6700 6A86
BF EC 00 INITIALIZE ENVIRONMENT: 6700 6985 6A80 6A86
00 82 00 EXTERNAL AUTHENTICATION: 6700 6982 6983 6984 6985 6A86 6A88
84 D4 00 CREATE KEY: {LOADING}
84 D4 01 CHANGE KEY: {LOADING}
BF DE 28 DELIVERY SESSION KEY: 6700 6982 6983 6985 6A80 6A81 6A86 6A88 6D00 6E00
80 FA 05 CIPHER DATA: 61xx 6700 6901 6985 6A81 6A86 6D00 6E00
80 70 01 INIT SAM FOR PURCHASE: 6700 6985 6A81 6A86 6A88 6D00 6E00
80 72 00 CREDIT SAM FOR PURCHASE: 63Cx 6700 6901 6985 6A81 6A86 6D00 6E00 9302
"""


@pytest.mark.parametrize(
    ("kind", "line"),
    [(kind, line) for kind, text in (("card", CARD), ("psam", PSAM)) for line in text.split("\n") if line],
)
def test_command_tables(kind: Kind, line: str) -> None:
    head, words = line.split(":")
    cla, ins, p1 = (int(byte, 16) for byte in head.split()[:3])
    command = command_of(cla, ins, p1, kind)
    assert command is not None
    assert command.name.en == " ".join(head.split()[3:])
    assert sorted(command.words) == sorted(words.split())


@pytest.mark.parametrize(("kind", "count", "source"), [("card", 22, "P5"), ("psam", 10, "P9")])
def test_numbers_of_commands(kind: Kind, count: int, source: str) -> None:
    assert sum(command.source.startswith(source) for command in commands(kind)) == count
    assert {command.name.en for command in commands(kind) if command.is_issuer} == {
        "AUTHENTICATE MASTER", "CREATE FILE", "WRITE KEY", "PUT DATA", "ACTIVATE", "DELETE STRUCTURE",
        *(["WIPE KEYS"] if kind == "psam" else []),
    }  # fmt: skip


def test_class_tells_issuer_commands_apart() -> None:
    names = [command_of(cla, 0x82) for cla in (0x00, 0x80, 0x99)]
    assert [command.name.en if command else None for command in names] == [
        "EXTERNAL AUTHENTICATION",
        "AUTHENTICATE MASTER",
        "EXTERNAL AUTHENTICATION",
    ]
    assert command_of(0x00, 0x01) is None
    assert command_of(0x00, 0xE0) is None


def test_constants_and_data_agree() -> None:
    constants = {name: value for name, value in vars(sw).items() if name.isupper()}
    words = {word.name: int(word.code, 16) for word in status_words() if "x" not in word.code}
    assert constants == words
    assert [word.name for word in status_words() if "x" in word.code] == [
        "MORE_DATA",
        "WRONG_LE",
        "TRIES_LEFT",
    ]


@pytest.mark.parametrize(
    ("word", "ins", "name", "en"),
    [
        (0x9000, None, "OK", "Success"),
        (0x63C2, None, "TRIES_LEFT", "Verification failed, 2 tries left"),
        (0x63CA, 0x20, "TRIES_LEFT", "Wrong PIN, or asked without one: 10 tries left"),
        (0x63CF, 0x72, "TRIES_LEFT", "MAC2 of the purchase is wrong"),
        (0x6110, None, "MORE_DATA", "Success, 16 more bytes wait for GET RESPONSE"),
        (0x6C00, None, "WRONG_LE", "Wrong Le: 256 bytes are available"),
        (0x6984, 0x82, "REFERENCE_DATA", "No valid challenge: send GET CHALLENGE first"),
        (0x6984, 0x20, "REFERENCE_DATA", "Reference data invalid, for instance no challenge was fetched"),
        (0x63D0, None, "UNKNOWN", "Status word 63D0 is not defined by the standard"),
        (0x1234, None, "UNKNOWN", "Status word 1234 is not defined by the standard"),
    ],
)
def test_describe(word: int, ins: int | None, name: str, en: str) -> None:
    found = describe(word, ins)
    assert (found.code, found.name, found.meaning.en) == (f"{word:04X}", name, en)
    assert found.meaning.zh
    assert "x" not in found.meaning.zh


def test_every_word_of_a_command_is_listed() -> None:
    listed = {word.code for word in status_words()}
    for kind in ("card", "psam"):
        assert {word for command in commands(kind) for word in command.words} <= listed


def test_expected_words() -> None:
    assert is_expected(0x63C1, 0x00, 0x20)
    assert not is_expected(0x6A80, 0x00, 0x20)
    assert is_expected(0x9000, 0x00, 0x84)
    assert is_expected(0x6CFF, 0x00, 0xB0)
    assert is_expected(0x6A80, 0x80, 0xE0)
    assert is_expected(0x6D00, 0x00, 0x01)


def test_variable_words() -> None:
    assert (sw.tries_left(3), sw.more_data(256), sw.wrong_le(0x12)) == (0x63C3, 0x6100, 0x6C12)
    for function, value in ((sw.tries_left, 16), (sw.more_data, 0), (sw.wrong_le, 257)):
        with pytest.raises(ValueError, match=f"{value} does not fit"):
            function(value)
