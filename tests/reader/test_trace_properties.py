"""A trace never fails, whatever is sent and answered, and never shows a PIN."""

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shebaoka.reader.trace import Decoder, lines, standard_layouts
from shebaoka.reader.trace.psam import psam_as_card_layout

_INS = st.sampled_from(
    bytes.fromhex(
        "16 1E 20 24 26 28 2A 2C 2E 44 56 5E 70 72 82 84 88 A4 B0 B2 C0 D4 D6 D8 DA DC DE E0 E4 EC FA"
    )
)
_NAMES = st.sampled_from(
    [bytes.fromhex(h) for h in ("7378312E73682EC9E7BBE1B1A3D5CF", "D15600000500", "D15600000503", "EF05", "")]
)
_COMMANDS = st.one_of(
    st.binary(max_size=12),
    st.builds(
        lambda cla, ins, p1, p2, data: bytes((cla, ins, p1, p2, len(data))) + data,
        st.sampled_from([0x00, 0x04, 0x80, 0x84, 0xB0, 0xBF]),
        _INS,
        st.integers(0, 255),
        st.integers(0, 255),
        st.one_of(_NAMES, st.binary(max_size=40)),
    ),
    st.builds(lambda name: bytes.fromhex("00A40400") + bytes((len(name),)) + name, _NAMES),
)
_ANSWERS = st.builds(
    lambda data, sw: data + sw,
    st.one_of(st.binary(max_size=60), _NAMES),
    st.one_of(st.binary(min_size=2, max_size=2), st.sampled_from([b"\x90\x00", b"\x69\x82", b"\x61\x10"])),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.tuples(_COMMANDS, _ANSWERS), max_size=12), st.booleans())
def test_every_exchange_is_decoded(exchanges: list[tuple[bytes, bytes]], psam: bool) -> None:
    decoder = Decoder((psam_as_card_layout(),), "psam") if psam else Decoder(standard_layouts())
    for number, (command, answer) in enumerate(exchanges, 1):
        exchange = decoder.decode(command, answer)
        assert exchange.number == number
        assert exchange.status is not None
        assert lines(exchange, "zh")
        assert len(lines(exchange, "en")) == len(lines(exchange, "zh"))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(min_size=4, max_size=8), st.sampled_from([0x20, 0x5E, 0x24, 0xD8, 0xD4]), st.integers(0, 255)
)
def test_secret_data_is_in_no_field(secret: bytes, ins: int, cla: int) -> None:
    head = bytes((cla, ins, 0, 0, len(secret)))
    assume(secret not in head)  # what is shown of the head is no secret
    command = head + secret
    exchange = Decoder(standard_layouts()).decode(command, b"\x69\x82")
    assert secret.hex().upper() not in repr(exchange).replace("6982", "")
    assert exchange.secret
