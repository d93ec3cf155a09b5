"""All parameters there are: those of the specification, and the numbers that bound signing in."""

from functools import cache
from typing import get_args

from shebaoka.office.base.catalogue import Words
from shebaoka.office.organizations.limits import Limit, Name, limits
from shebaoka.spec.parameters import Parameter, Value, Wording, parameters, units

_OF_LIMITS = "organizations."
_UNITS = {"minutes": "minute", "hours": "hour"}


@cache
def known() -> dict[str, Parameter]:
    """Parameters by key."""
    return {
        **parameters(),
        **{f"{_OF_LIMITS}{name}": _of_limit(name, limit) for name, limit in limits().items()},
    }


def key_of_limit(name: Name) -> str:
    """The key of a number of ``organizations.limits``."""
    return f"{_OF_LIMITS}{name}"


def words(text: Wording) -> Words:
    """A text of the specification as pages show it."""
    return Words(text.zh, text.en, text.es)


def in_words(parameter: Parameter, value: Value | None) -> Words:
    """A value as people read it: with its unit, money in yuan, a choice by its name."""
    if value is None:
        return Words("未设定", "not set", "sin fijar")
    if isinstance(value, bool):
        return Words("是", "yes", "sí") if value else Words("否", "no", "no")
    if parameter.type == "choice":
        return words(parameter.choices[str(value)])
    if parameter.unit == "fen":
        money = f"{int(value) / 100:.2f}"
        return Words(f"{money}元", f"CNY {money}", f"{money} CNY")
    if parameter.type == "number":
        unit = units()[parameter.unit]
        return Words(f"{value}{unit.zh}", f"{value} {unit.en}", f"{value} {unit.es}")
    return Words(str(value), str(value), str(value))


def _of_limit(name: str, limit: Limit) -> Parameter:
    return Parameter(
        type="number",
        source=limit.source,
        place="",
        name=Wording(limit.text.zh, _begun(limit.text.en), _begun(limit.text.es)),
        value=limit.value,
        unit=_UNITS.get(
            name.rpartition("-")[2], "try" if "failures" in name or "attempts" in name else "piece"
        ),
        least=limit.least,
        most=limit.most,
    )


def _begun(text: str) -> str:
    """With a capital, as a name begins a line."""
    return text[:1].upper() + text[1:]


def names() -> tuple[Name, ...]:
    """The numbers of ``organizations.limits`` that have keys here."""
    return get_args(Name)
