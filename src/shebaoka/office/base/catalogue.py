"""Texts in three languages as data: ``errors.toml``, ``acts.toml``, ``roles.toml`` of each part."""

from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
from django.apps import apps
from django.utils.translation import get_language

from shebaoka.spec.loading import read_toml

S = TypeVar("S")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text in Chinese, English and Spanish."""

    zh: str
    en: str
    es: str

    def __str__(self) -> str:
        """In the language of the page, without one in English."""
        language = get_language() or "en"
        return self.zh if language.startswith("zh") else self.es if language.startswith("es") else self.en


def entries(file: str, shape: type[S]) -> dict[str, S]:
    """The entries of that file of every part of the office, by their full names: a part's file ``acts.toml``
    holds ``["custody.carrier.receive"]``. Raises ValueError for a name of another part or given twice."""
    found: dict[str, S] = {}
    for config in apps.get_app_configs():
        path = Path(config.path) / file
        if not config.name.startswith("shebaoka.office.") or not path.exists():
            continue
        for name, value in read_toml(path).items():
            if not name.startswith(f"{config.label}."):
                raise ValueError(f"{path}: {name} does not begin with {config.label}.")
            found[name] = msgspec.convert(value, shape)
    return found


@cache
def errors() -> dict[str, "Error"]:
    """The error catalogue."""
    return entries("errors.toml", Error)


class Error(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An error as people read it: what is wrong, and what to do. Both may name ``{parameters}``."""

    what: Words
    remedy: Words
    status: int = 409
