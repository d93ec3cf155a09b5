"""Items and files of our own for the codec tests, one of every type and meaning."""

from shebaoka.spec.model import FileLayout, Item, ItemType, Meaning, Structure, Text


def item(tag: int, type_: ItemType, length: int, meaning: Meaning = Meaning.TEXT, **more: object) -> Item:
    return Item(tag, Text(f"项{tag:02X}", f"Item {tag:02X}"), type_, length, meaning, **more)  # type: ignore[arg-type]


def field(name: str, type_: ItemType, length: int, meaning: Meaning = Meaning.TEXT) -> Item:
    return Item(0, Text(f"{name}（中）", name), type_, length, meaning)


CN, AN, B, BTLV = ItemType.CN, ItemType.AN, ItemType.B, ItemType.BTLV

IDENTIFICATION = item(0x01, CN, 0x10, Meaning.BYTES)
DIGITS = item(0x24, CN, 0x03, Meaning.DIGITS)
DATE = item(0x05, CN, 0x04, Meaning.DATE)
MONTH = item(0x6F, CN, 0x03, Meaning.MONTH)
TIME = item(0x70, CN, 0x07, Meaning.TIME)
REGION = item(0x0C, CN, 0x03, Meaning.REGION)
AMOUNT = item(0x98, CN, 0x04, Meaning.AMOUNT)
NATION = item(0x0B, CN, 0x01)
NAME = item(0x09, AN, 0x1E)
CLASS = item(0x02, AN, 0x01)
RAW_TEXT = item(0x33, AN, 0x03, Meaning.BYTES)
BINARY_AMOUNT = item(0x34, B, 0x04, Meaning.AMOUNT)
COUNTER = item(0x35, B, 0x02, Meaning.NUMBER)
PHOTO = item(0x36, B, 0x60, Meaning.IMAGE)
MONTHS = item(0x37, CN, 0x02, Meaning.NUMBER)
AID = item(
    0x99,
    BTLV,
    0x10,
    count=4,
    children=(item(0x10, AN, 3), item(0x11, CN, 4, Meaning.DATE), item(0x12, CN, 3, Meaning.REGION)),
)

EVERY_ITEM = (
    IDENTIFICATION,
    DIGITS,
    DATE,
    MONTH,
    TIME,
    REGION,
    AMOUNT,
    NATION,
    NAME,
    CLASS,
    RAW_TEXT,
    BINARY_AMOUNT,
    COUNTER,
    PHOTO,
    MONTHS,
    AID,
)

RECORDS = FileLayout(0xEF05, Text("测试文件", "Test file"), Structure.VARIABLE, "free", "free", EVERY_ITEM)
LOG = FileLayout(
    0xEF08,
    Text("交易明细", "Transactions"),
    Structure.CYCLIC,
    "PIN",
    "never",
    (
        field("Number", B, 2, Meaning.NUMBER),
        field("Type", AN, 1),
        field("Terminal", CN, 6),
        field("Time", CN, 7, Meaning.TIME),
        field("Account amount", B, 4, Meaning.AMOUNT),
        field("Self-paid amount", B, 4, Meaning.AMOUNT),
        field("Pooled amount", B, 4, Meaning.AMOUNT),
    ),
    records=30,
)
