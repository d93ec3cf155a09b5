"""A decoded exchange as lines for people, in Chinese or English."""

from typing import Literal

from shebaoka.reader.trace.model import Exchange
from shebaoka.spec.model import Text

Language = Literal["zh", "en"]

_LABELS = {
    "at": Text("位置", "at"),
    "condition": Text("访问条件", "condition"),
    "why": Text("原因", "why"),
    "masked": Text("含保密数据，已遮盖", "secret bytes masked"),
    "silent": Text("无应答", "no answer"),
}


def headline(exchange: Exchange, language: Language) -> str:
    """Number, command and where it works: ``7 READ RECORD, SSSE 社会保障系统环境 / EF05 发卡机构数据``; the
    exchanges of a PSAM are counted by themselves: ``PSAM 3 SELECT``."""
    places = [place.show(language) for place in (exchange.directory, exchange.file) if place is not None]
    where = f", {' / '.join(places)}" if places else ""
    slot = "PSAM " if exchange.slot == "psam" else ""
    return f"{slot}{exchange.number} {pick(exchange.name, language)}{where}"


def lines(exchange: Exchange, language: Language) -> list[str]:
    """Everything known of an exchange, the bytes included; the first line is the headline."""
    shown = [headline(exchange, language)]
    if exchange.command:
        shown.append(f"  > {exchange.command}")
    if exchange.answer:
        shown.append(f"  < {exchange.answer}")
    return shown + [f"    {text}" for text in notes(exchange, language)]


def notes(exchange: Exchange, language: Language) -> list[str]:
    """The decoding without headline and bytes: values, condition, status word, reason."""
    shown = [f"{pick(detail.name, language)}: {detail.value}" for detail in exchange.details]
    if exchange.condition:
        shown.append(f"{_label('condition', language)}: {exchange.condition}")
    if exchange.status is not None:
        source = f" ({exchange.status.source})" if exchange.status.source else ""
        shown.append(f"{exchange.status.code} {pick(exchange.status.meaning, language)}{source}")
    if exchange.explanation is not None:
        shown.append(f"{_label('why', language)}: {pick(exchange.explanation, language)}")
    if exchange.problem:
        shown.append(f"{_label('silent', language)}: {exchange.problem}")
    if exchange.secret:
        shown.append(f"({_label('masked', language)})")
    return shown


def pick(text: Text, language: Language) -> str:
    """The text in one language."""
    return text.zh if language == "zh" else text.en


def _label(name: str, language: Language) -> str:
    return pick(_LABELS[name], language)
