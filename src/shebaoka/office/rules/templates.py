"""Texts to start from: what the Card Measures want in the rules and plan of a body, with its own numbers.

``data/*.md`` name parameters in braces (``{custody.out-hours}``), so that a text says what the office checks;
a body changes its draft as it needs."""

import re
from datetime import date
from functools import cache
from pathlib import Path

from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import value
from shebaoka.office.rules.choices import DocumentKind

_FOLDER = Path(__file__).with_name("data")
_PLACE = re.compile(r"\{([a-z0-9.-]+)\}")
_TITLES = {
    DocumentKind.KEY_RULES: "社会保障卡密钥管理制度",
    DocumentKind.PSAM_RULES: "社会保障PSAM卡管理制度",
    DocumentKind.CONTINGENCY_PLAN: "社会保障卡安全应急预案",
}


def template(organization: Organization, kind: DocumentKind, day: date | None = None) -> tuple[str, str]:
    """Title and text for a body, with the numbers in force there on ``day`` (today)."""

    def fill(place: re.Match[str]) -> str:
        name = place.group(1)
        return organization.name if name == "body" else str(value(organization, name, day))

    return f"{organization.name}{_TITLES[kind]}", _PLACE.sub(fill, text_of(kind))


def numbers_of(kind: DocumentKind) -> list[str]:
    """The parameters a template names, in the order of the text."""
    return list(dict.fromkeys(name for name in _PLACE.findall(text_of(kind)) if name != "body"))


@cache
def text_of(kind: DocumentKind) -> str:
    """A template as it is shipped."""
    return (_FOLDER / f"{kind.value}.md").read_text("utf-8").strip()
