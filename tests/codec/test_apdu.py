import pytest

from shebaoka.codec.apdu import Command, Response, parse_command, parse_response

CASES = {
    "case 1": ("00A40000", Command(0x00, 0xA4, 0, 0)),
    "case 2": ("0084000008", Command(0x00, 0x84, 0, 0, le=8)),
    "case 2, 256 bytes": ("00B0000000", Command(0x00, 0xB0, 0, 0, le=256)),
    "case 3": ("0020000003123456", Command(0x00, 0x20, 0, 0, bytes.fromhex("123456"))),
    "case 4": (
        "B02800010B01000027106501000000010A",
        Command(0xB0, 0x28, 0, 1, bytes.fromhex("0100002710650100000001"), 0x0A),
    ),
    "case 4, Le 00": ("00A4020002EF0500", Command(0x00, 0xA4, 2, 0, b"\xef\x05", 256)),
}


@pytest.mark.parametrize(("raw", "command"), CASES.values(), ids=CASES)
def test_cases_one_to_four(raw: str, command: Command) -> None:
    assert command.encode() == bytes.fromhex(raw)
    assert parse_command(bytes.fromhex(raw)) == command


@pytest.mark.parametrize(
    "raw", ["", "00A400", "00A400000200", "00A40000000000", "00A40000020102FFFF", "00A400000101FF00"]
)
def test_malformed_command_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="bytes"):
        parse_command(bytes.fromhex(raw))


def test_fifth_byte_alone_is_le() -> None:
    assert parse_command(bytes.fromhex("0020000000")) == Command(0x00, 0x20, 0, 0, le=256)


def test_lengths_outside_the_short_form_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 255 bytes, not 256"):
        Command(0, 0, 0, 0, bytes(256))
    with pytest.raises(ValueError, match="Le is 1 to 256"):
        Command(0, 0, 0, 0, le=0)
    with pytest.raises(ValueError, match="P2 is one byte"):
        Command(0, 0, 0, 256)


def test_response() -> None:
    assert parse_response(bytes.fromhex("01026310")) == Response(b"\x01\x02", 0x6310)
    assert Response(b"", 0x9000).encode() == b"\x90\x00"
    for raw in (b"", b"\x90", bytes(259)):
        with pytest.raises(ValueError, match="2 to 258 bytes"):
            parse_response(raw)
