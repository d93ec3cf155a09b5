"""What the card can do: one row for each use, with the secret it asks for and where it is tried. Markdown for
the docs in each language; the page of the portal is made of the same rows (``answer``)."""

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from shebaoka.domain.card_secrets import Answer, Needed, password_required, secrets
from shebaoka.domain.region_rules import RegionRules
from shebaoka.spec.loading import read_toml
from shebaoka.spec.parameters import Wording, parameters

Language: TypeAlias = Literal["zh", "en", "es"]
LANGUAGES: tuple[Language, ...] = ("zh", "en", "es")


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The page's words: ``secret`` says by whether one is needed which."""

    title: Wording
    lead: Wording
    foot: Wording
    heads: tuple[Wording, ...]
    secret: dict[Needed, Wording]


class Try(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a use is tried: the address of a page, or a command."""

    page: str = ""
    command: str = ""


@cache
def said() -> Words:
    """The page's words."""
    return msgspec.convert(read_toml(Path(__file__).with_name("card-uses-words.toml")), Words)


@cache
def tries() -> dict[str, Try]:
    """Of every use. Raises ValueError for a use without one, with both, or one that does not exist."""
    found = msgspec.convert(read_toml(Path(__file__).with_name("card-uses.toml")), dict[str, Try])
    wrong = found.keys() ^ secrets().uses.keys()
    wrong |= {name for name, each in found.items() if bool(each.page) == bool(each.command)}
    if wrong:
        raise ValueError(f"card-uses.toml: {', '.join(sorted(wrong))}")
    return found


def secret_of(answer: Answer) -> Wording:
    """Which secret, in words."""
    text = said().secret[answer.needed]
    if answer.secret is None:
        return text
    name = secrets().secrets[answer.secret].name
    return Wording(
        text.zh.format(secret=name.zh), text.en.format(secret=name.en), text.es.format(secret=name.es)
    )


def uses_page(language: Language, rules: RegionRules) -> str:
    """The page in a language, Markdown."""

    def say(text: Wording) -> str:
        return str(getattr(text, language))

    lines = [f"# {say(said().title)}", "", say(said().lead), ""]
    lines += ["| " + " | ".join(say(head) for head in said().heads) + " |", "|---|---|---|---|"]
    for name, use in secrets().uses.items():
        where = ", ".join(say(secrets().places[place]) for place in use.places)
        tried = tries()[name]
        place = f"`{tried.page or tried.command}`"
        secret = say(secret_of(password_required(name, rules)))
        lines.append(f"| {say(use.name)} | {where} | {secret} | {place} |")
    others = " · ".join(f"[{other}](card-uses.{other}.md)" for other in LANGUAGES if other != language)
    return "\n".join([*lines, "", say(said().foot), "", others, ""])


def default_rules(region: str = "000000") -> RegionRules:
    """The nation's defaults, for who has no office at hand."""
    known = parameters()
    values = {}
    for each in fields(RegionRules):
        dashed = each.name.replace("_", "-")
        group, _, name = dashed.partition("-") if dashed.startswith("enquiry-") else ("cards", "", dashed)
        if each.name != "region":
            values[each.name] = known[f"{group}.{name}"].value
    return msgspec.convert({"region": region, **values}, RegionRules)


def write_uses(folder: Path) -> list[Path]:
    """Writes the page in each language; gives their paths."""
    written = []
    for language in LANGUAGES:
        path = folder / f"card-uses.{language}.md"
        path.write_text(uses_page(language, default_rules()), "utf-8")
        written.append(path)
    return written
