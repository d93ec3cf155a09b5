"""The canonical record of an application in a batch, what a bank or card maker answers, and refusals."""

from dataclasses import dataclass, field

ENCODING = "gb18030"  # for reading: GBK and its four-byte extensions
NEWLINE = "\n"


class FormatError(ValueError):
    """A file that does not fit: one line, with where. Nothing was imported."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One application. ``sequence``: its row in the batch; dates YYYYMMDD; ``client``: the person's id."""

    sequence: int
    application: str
    client: str
    name: str = field(repr=False)
    sex: str
    document_type: str
    document: str = field(repr=False)
    birth: str
    nation: str = ""
    country: str = "CHN"
    birthplace: str = ""
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    employer_code: str = ""
    employer: str = ""
    guardian: str = field(default="", repr=False)
    guardian_document: str = field(default="", repr=False)
    card_number: str = ""
    photo: str = ""
    issued: str = ""
    valid_until: str = ""
    applied: str = ""
    bank_card: str = field(default="", repr=False)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a file is about. ``bank``, ``maker``: code and name."""

    number: str
    product: str
    bank: tuple[str, str] = ("", "")
    maker: tuple[str, str] = ("", "")
    region: str = ""
    agency: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back for a record. ``good``: opened at the bank, or made."""

    sequence: int
    name: str = field(repr=False)
    document: str = field(repr=False)
    good: bool
    reason: str = ""
    card_number: str = ""
    bank_card: str = field(default="", repr=False)


def gbk(text: str, where: str) -> bytes:
    """As GBK. Raises FormatError for a character GBK lacks."""
    try:
        return text.encode("gbk")
    except UnicodeEncodeError as error:
        character = text[error.start]
        raise FormatError(f"{where}: character U+{ord(character):04X} is not in GBK") from None


def decoded(data: bytes) -> str:
    """A file's text. Raises FormatError."""
    try:
        return data.decode(ENCODING)
    except UnicodeDecodeError as error:
        raise FormatError(f"byte {error.start + 1}: not GBK") from None


def all_once(answers: list[Answer], expected: int) -> list[Answer]:
    """The answers. Raises FormatError when a record is answered twice, or their number is another."""
    sequences = [each.sequence for each in answers]
    numbers = [each.card_number for each in answers if each.card_number]
    if len(set(sequences)) != len(sequences):
        raise FormatError("a record is answered twice")
    if len(set(numbers)) != len(numbers):
        raise FormatError("a card number occurs twice")
    if len(answers) != expected:
        raise FormatError(f"{len(answers)} records, {expected} are expected")
    return answers
