"""The reference of the interface, made from the interface itself: its description, and a page for people."""

import json
from pathlib import Path
from typing import Any

from shebaoka.office.api.interface import interface
from shebaoka.office.base.catalogue import Words, errors
from shebaoka.office.interfaces.looking_up import reasons
from shebaoka.office.interfaces.scopes import scopes

DESCRIPTION, PAGE = "openapi.json", "api.md"
_DATA = Path(__file__).with_name("data")


def description() -> str:
    """The description, JSON."""
    return json.dumps(interface.get_openapi_schema(path_prefix="/api/"), ensure_ascii=False, indent=1) + "\n"


def page() -> str:
    """The page, Markdown."""
    found = interface.get_openapi_schema(path_prefix="/api/")["paths"]
    asked = "".join(_asked(path, operations) for path, operations in found.items())
    may = "".join(
        f"| `{name}` | {each.name.en} | {each.name.zh} | {each.text.en} | {', '.join(each.kinds)} |\n"
        for name, each in scopes().items()
    )
    why = "".join(f"| `{code}` | {each.words.en} | {each.words.zh} |\n" for code, each in reasons().items())
    wrong = "".join(
        f"| `{code}` | {each.status} | {_line(each.what)} | {_line(each.remedy)} |\n"
        for code, each in errors().items()
        if code.startswith(("interfaces.", "base.not-found"))
    )
    head, rules = ((_DATA / name).read_text("utf-8") for name in ("head.md", "rules.md"))
    return (
        f"{head}\n## Questions\n\n| question | what |\n|---|---|\n{asked}"
        f"\n## Scopes\n\n| scope | name | 名称 | what | organizations |\n|---|---|---|---|---|\n{may}{rules}"
        f"\n## Why a card is not valid\n\n| reason | meaning | 含义 |\n|---|---|---|\n{why}"
        "\n## Errors\n\nBeside these, what the registers refuse: `cards.…`, `psams.…`, `organizations.…`.\n\n"
        f"| error | status | what is wrong | what to do |\n|---|---|---|---|\n{wrong}"
    )


def write_reference(folder: Path) -> list[Path]:
    """Writes both; gives their paths."""
    made = []
    for name, content in ((DESCRIPTION, description()), (PAGE, page())):
        (folder / name).write_text(content, "utf-8")
        made.append(folder / name)
    return made


def _asked(path: str, operations: dict[str, Any]) -> str:
    return "".join(
        f"| `{method.upper()} {path}` | {' '.join(each.get('description', '').split())} |\n"
        for method, each in operations.items()
    )


def _line(words: Words) -> str:
    return words.en.replace("|", "\\|")
