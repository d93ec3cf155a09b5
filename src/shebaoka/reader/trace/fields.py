"""Commands and answers that are a row of fields of fixed length, as tables (Part 5 §6-7, Part 9 §9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shebaoka.reader.trace.model import Detail
from shebaoka.reader.trace.view import View
from shebaoka.spec.model import Text


@dataclass(frozen=True)
class Field:
    """A named field: ``length`` in bytes (0 = the rest) and how it is shown."""

    zh: str
    en: str
    length: int
    show: Callable[[bytes], str]


def split(fields: Sequence[Field], data: bytes) -> tuple[Detail, ...]:
    """The fields present in ``data``: one cut short as far as it goes, what is beyond them as a rest."""
    details, offset = [], 0
    for field in fields:
        part = data[offset : offset + field.length] if field.length else data[offset:]
        if part:
            text = field.show(part) if len(part) == field.length or not field.length else part.hex().upper()
            details.append(Detail(Text(field.zh, field.en), text))
        offset = offset + field.length if field.length else len(data)
    if offset < len(data):
        details.append(Detail(Text("其余", "Rest"), data[offset:].hex().upper()))
    return tuple(details)


def _hex(data: bytes) -> str:
    return data.hex().upper()


def _number(data: bytes) -> str:
    return str(int.from_bytes(data))


def _yuan(data: bytes) -> str:
    fen = int.from_bytes(data)
    return f"{fen // 100}.{fen % 100:02d}"


def _digits(data: bytes) -> str:
    return data.hex().upper().rstrip("F")


def _date(data: bytes) -> str:
    text = data.hex()
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"


def _time(data: bytes) -> str:
    text = data.hex()
    return f"{_date(data)} {text[8:10]}:{text[10:12]}:{text[12:14]}"


def _clock(data: bytes) -> str:
    text = data.hex()
    return f"{text[:2]}:{text[2:4]}:{text[4:6]}"


_AUTH = Field("鉴别数据", "Authentication data", 8, _hex)
_ORIGINAL = Field("原始信息", "Original information", 8, _hex)
_VERSION = Field("密钥版本", "Key version", 1, _number)
_ALGORITHM = Field("算法标识", "Algorithm", 1, _hex)
_INDEX = Field("密钥索引号", "Key index", 1, _number)
_RANDOM = Field("随机数", "Random", 4, _hex)
_TERMINAL = Field("终端机编号", "Terminal number", 6, _digits)
_BALANCE = Field("个人帐户余额", "Account balance", 4, _yuan)
_SELF_PAY = Field("个人自付累计", "Self-pay total of the year", 4, _yuan)
_POOLED = Field("统筹支付累计", "Pooled total of the year", 4, _yuan)
_YEAR = Field("年度", "Year", 2, _digits)
_AMOUNTS = (
    Field("个人帐户支付金额", "Amount from the account", 4, _yuan),
    Field("自付金额", "Self-pay amount", 4, _yuan),
    Field("统筹支付金额", "Pooled amount", 4, _yuan),
)
_COUNTER = Field("交易序号", "Transaction counter", 2, _number)
_SEQUENCE = Field("终端交易序号", "Terminal sequence", 4, _number)
_TIME = Field("交易时间", "Time", 7, _time)
_MAC1, _MAC2, _TAC = (Field(n, n, 4, _hex) for n in ("MAC1", "MAC2", "TAC"))
_START_DAY = Field("年度起始日期", "Starting day of the year (MMDD)", 2, _digits)
_TYPE = Field("交易类型", "Transaction type", 1, _hex)
_FACTOR = Field("过程因子", "Session factor", 8, _hex)

# (CLA, INS, P1) -> fields of the command data, fields of the answer. P1 None = any.
_COMMANDS: dict[tuple[int, int, int | None], tuple[tuple[Field, ...], tuple[Field, ...]]] = {
    (0x00, 0x88, None): ((_FACTOR, _ORIGINAL, _VERSION), (_AUTH,)),
    (0x00, 0x82, None): ((_AUTH, _ORIGINAL, _VERSION), ()),
    (0x00, 0x84, None): ((), (Field("随机数", "Challenge", 0, _hex),)),
    (0x80, 0x82, None): ((_AUTH, _ORIGINAL), ()),
    (0xB0, 0x28, 0x00): (
        (_INDEX, Field("划入金额", "Amount to load", 4, _yuan), _TERMINAL),
        (_BALANCE, _COUNTER, _VERSION, _ALGORITHM, _RANDOM, _MAC1),
    ),
    (0xB0, 0x28, 0x01): (
        (_INDEX, *_AMOUNTS, _TERMINAL),
        (_BALANCE, _SELF_PAY, _POOLED, _YEAR, _COUNTER, _VERSION, _ALGORITHM, _RANDOM),
    ),
    (0xB0, 0x2A, None): ((_TIME, _MAC2), (_TAC,)),
    (0xB0, 0x2C, None): ((_SEQUENCE, _TIME, _MAC1), (_TAC, _MAC2)),
    (0xB0, 0x2E, None): ((_COUNTER,), (Field("MAC", "MAC", 4, _hex), _TAC)),
    (0xB0, 0x56, 0x00): ((_START_DAY,), ()),
    (0xB0, 0x56, 0x01): ((), (_START_DAY,)),
    (0x80, 0x70, None): (
        (
            _RANDOM,
            _COUNTER,
            *_AMOUNTS,
            _TYPE,
            Field("交易日期", "Date", 4, _date),
            Field("交易时间", "Time of day", 3, _clock),
            _VERSION,
            _ALGORITHM,
            Field("分散因子", "Diversification factors", 0, _hex),
        ),
        (_SEQUENCE, _MAC1),
    ),
    (0x80, 0x72, None): ((_MAC2,), ()),
    (0xBF, 0xDE, None): ((Field("分散因子与过程因子", "Diversification and session factors", 0, _hex),), ()),
    (0xBF, 0xEC, None): ((Field("卡识别码首字节", "First byte of the identification code", 1, _digits),), ()),
    (0x80, 0xFA, None): (
        (Field("输入数据", "Input", 0, _hex),),
        (Field("输出数据", "Output", 0, _hex),),
    ),
}

_BALANCES = {0x01: (_BALANCE,), 0x02: (_SELF_PAY, _YEAR), 0x03: (_POOLED, _YEAR)}


def command_fields(view: View) -> tuple[Detail, ...]:
    """The fields of the command's data."""
    found = _find(view)
    return split(found[0], view.data) if found else ()


def answer_fields(view: View, data: bytes) -> tuple[Detail, ...]:
    """The fields of the answer's data."""
    if (view.cla, view.ins) == (0xB0, 0x26):
        return split(_BALANCES.get(view.p2, ()), data)
    found = _find(view)
    return split(found[1], data) if found else ()


def _find(view: View) -> tuple[tuple[Field, ...], tuple[Field, ...]] | None:
    exact = _COMMANDS.get((view.cla, view.ins, view.p1))
    return exact or _COMMANDS.get((view.cla, view.ins, None))
