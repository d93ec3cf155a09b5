"""Text (an): GBK, left aligned, filled with bytes 00 on the right (V2 §7, decision K64)."""

_CONTROLS = dict.fromkeys((*range(0x20), 0x7F), "\ufffd")


class TextError(ValueError):
    """Text or bytes that an an item cannot hold."""


class UnencodableError(TextError):
    """A character that GBK lacks, or a control character. ``position`` counts from 1."""

    def __init__(self, character: str, position: int) -> None:
        self.character = character
        self.position = position
        super().__init__(f"{character!r} (U+{ord(character):04X}) at character {position} is not in GBK")


class TooLongError(TextError):
    """Text that needs ``size`` bytes where ``length`` fit."""

    def __init__(self, size: int, length: int) -> None:
        self.size = size
        self.length = length
        super().__init__(f"the text needs {size} bytes in GBK, {length} fit")


def encode_gbk(text: str) -> bytes:
    """``text`` in GBK. Raises UnencodableError naming the first character that does not fit."""
    if not text.isprintable():
        for position, character in enumerate(text, 1):
            if ord(character) in _CONTROLS:
                raise UnencodableError(character, position)
    try:
        return text.encode("gbk")
    except UnicodeEncodeError as error:
        raise UnencodableError(text[error.start], error.start + 1) from None


def encode_an(text: str, length: int) -> bytes:
    """``text`` in exactly ``length`` bytes. Raises UnencodableError, TooLongError.

    >>> encode_an("测试", 6).hex()
    'b2e2cad40000'
    """
    data = encode_gbk(text)
    if len(data) > length:
        raise TooLongError(len(data), length)
    return data.ljust(length, b"\x00")


def decode_an(data: bytes, *, lenient: bool = False) -> str:
    """The text in ``data`` without the fill. Raises TextError for bytes that are not GBK, control characters
    (a card could steer a terminal's screen by them), or text behind the fill; ``lenient`` replaces the former
    (U+FFFD) and stops at the first 00, for cards others wrote.
    """
    content = data.rstrip(b"\x00")
    if lenient:
        text = content.partition(b"\x00")[0].decode("gbk", errors="replace")
        return text.translate(_CONTROLS)
    if b"\x00" in content:
        raise TextError(f"byte {content.index(0) + 1} is 00, the fill, and text follows it")
    try:
        text = content.decode("gbk")
    except UnicodeDecodeError as error:
        raise TextError(f"byte {error.start + 1} ({content[error.start]:02X}) is not GBK") from None
    if not text.isprintable():
        for character in text:
            if ord(character) in _CONTROLS:
                raise TextError(f"U+{ord(character):04X} is a control character")
    return text


def truncate_an(text: str, length: int) -> str:
    """The longest beginning of ``text`` that needs at most ``length`` bytes; a character is never split."""
    size = 0
    for position, character in enumerate(text):
        size += len(encode_gbk(character))
        if size > length:
            return text[:position]
    return text


def split_an(text: str, first: int, second: int) -> tuple[str, str]:
    """``text`` over two items of ``first`` and ``second`` bytes, cut on a character boundary: the name and
    its extension (items 09 of 30 and 4E of 20 bytes, V2 §8.1.2.2). Raises UnencodableError, TooLongError.
    """
    encode_gbk(text)
    head = truncate_an(text, first)
    tail = text[len(head) :]
    size = len(encode_gbk(tail))
    if size > second:
        raise TooLongError(len(encode_gbk(text)), len(encode_gbk(head)) + second)
    return head, tail
