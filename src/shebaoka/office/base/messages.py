"""Translations of the office's pages: English in the code, Chinese and Spanish in each part's ``locale/``.

python -m shebaoka.office.base.messages update [part ...]    texts of the code into the catalogues
python -m shebaoka.office.base.messages compile [part ...]   catalogues into what Django reads
python -m shebaoka.office.base.messages check [part ...]     says what is missing or differs; exit code 1

A part is named by its folder (``custody``, ``desk/custody``). Needs Babel, which only developers have."""

import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

OFFICE = Path(__file__).parents[1]
LANGUAGES = ("zh_Hans", "es")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLACE = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def parts() -> list[Path]:
    """The folders of the office that are Django applications."""
    return sorted(path.parent for path in OFFICE.rglob("apps.py"))


def texts(part: Path) -> Catalog:
    """Every text of a part's code and templates; parts inside it have catalogues of their own."""
    catalog = _new()
    for path in sorted(part.rglob("*")):
        if not path.is_file() or path.suffix not in (".py", ".html", ".txt") or _part_of(path) != part:
            continue
        for message, comments, context in _extract(path):
            catalog.add(message, auto_comments=comments, context=context)
    return catalog


def _part_of(path: Path) -> Path:
    return next(folder for folder in path.parents if (folder / "apps.py").exists() or folder == OFFICE)


def _extract(path: Path) -> Iterator[tuple[str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text("utf-8")
    if path.suffix == ".py":
        method = "python"
    else:
        method, source = "javascript", templatize(source).replace(" gettext(u", " gettext(")
        source = re.sub(r"\b(n?p?n?gettext)\(u?(['\"])", r"\1(\2", source)
        source = re.sub(r"(['\"]), u(['\"])", r"\1, \2", source)
    for _line, message, comments, context in extract(method, BytesIO(source.encode()), keywords=KEYWORDS):
        yield message, comments, context


def catalogue(part: Path, language: str) -> Path:
    """Where a part's texts in a language are."""
    return part / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path, language: str) -> Catalog:
    """A catalogue, an empty one if there is none yet."""
    if not path.exists():
        return _new(language)
    with path.open("rb") as source:
        return read_po(source, locale=language)


def update(part: Path) -> None:
    """Adds new texts, with the translation another part has for them, else without one, and takes away those
    the code no longer has."""
    found = texts(part)
    for language in LANGUAGES:
        others = [read(catalogue(each, language), language) for each in parts() if each != part]
        path = catalogue(part, language)
        known = read(path, language)
        fresh = _new(language)
        for message in found:
            if message.id:
                held = [each.get(message.id, message.context) for each in (known, *others)]
                string = next((each.string for each in held if each and each.string), "")
                fresh.add(message.id, string, context=message.context)
        if not len(fresh) and not path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_po(fresh))


def _po(catalog: Catalog) -> bytes:
    """A catalogue as text: only what it says, so that equal catalogues are equal files."""
    written = BytesIO()
    write_po(written, catalog, width=0, sort_output=True, omit_header=True)
    header = (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {catalog.locale}\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Plural-Forms: {catalog.plural_forms}\\n"\n\n'
    )
    return (header + written.getvalue().decode().strip() + "\n").encode()


def compiled(path: Path, language: str) -> bytes:
    """A catalogue in the form Django reads; equal catalogues are equal bytes."""
    written = BytesIO()
    fresh = _new(language)
    for message in read(path, language):
        if message.id:
            fresh.add(message.id, message.string, context=message.context)
    write_mo(written, fresh)
    return written.getvalue()


def _new(language: str | None = None) -> Catalog:
    return Catalog(language, fuzzy=False, charset="utf-8", creation_date=_EPOCH, revision_date=_EPOCH)


def compile_part(part: Path) -> None:
    """Writes what Django reads beside each catalogue."""
    for language in LANGUAGES:
        path = catalogue(part, language)
        if path.exists():
            path.with_suffix(".mo").write_bytes(compiled(path, language))


def problems(part: Path) -> list[str]:
    """What is wrong with a part's translations, a line each."""
    found = texts(part)
    wrong: list[str] = []
    for language in LANGUAGES:
        path = catalogue(part, language)
        if not len(found) and not path.exists():
            continue
        name = path.relative_to(OFFICE)
        known = read(path, language)
        wanted = {(message.id, message.context) for message in found if message.id}
        held = {(message.id, message.context) for message in known if message.id}
        wrong += [
            f"{name}: no entry for {_said(said)!r}" for said, _context in sorted(wanted - held, key=str)
        ]
        wrong += [
            f"{name}: nobody says {_said(said)!r} any more" for said, _ in sorted(held - wanted, key=str)
        ]
        wrong += [f"{name}: {text}" for message in known for text in _wrong(message)]
        binary = path.with_suffix(".mo")
        if path.exists() and (not binary.exists() or binary.read_bytes() != compiled(path, language)):
            wrong.append(f"{name}: {binary.name} is stale; run compile")
    return wrong


def conflicts() -> list[str]:
    """Texts that two parts translate differently: Django merges all catalogues, so one of them would not be
    seen. Where a word needs two translations, ``pgettext`` tells them apart."""
    wrong: list[str] = []
    for language in LANGUAGES:
        seen: dict[tuple[str, str | None], tuple[object, Path]] = {}
        for part in parts():
            for message in read(catalogue(part, language), language):
                if not message.id or not message.string:
                    continue
                key = (_said(message.id), message.context)
                string, first = seen.setdefault(key, (message.string, part))
                if string != message.string:
                    names = f"{first.relative_to(OFFICE)} and {part.relative_to(OFFICE)}"
                    wrong.append(f"{language}: {names} differ: {key[0]!r}: {string!r}, {message.string!r}")
    return wrong


def _wrong(message: Message) -> Iterator[str]:
    if not message.id:
        return
    said = _said(message.id)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    texts = [text for text in strings if text]
    if len(texts) < len(strings):
        yield f"not translated: {said!r}"
    elif message.fuzzy:
        yield f"fuzzy: {said!r}"
    for text in texts:
        if _places(text) != _places(said) and not (len(strings) > 1 and _places(text) < _places(said)):
            yield f"other placeholders: {said!r} -> {text!r}"


def _said(said: str | Iterable[str]) -> str:
    """A text as it is named: of singular and plural the plural, which has all placeholders."""
    return said if isinstance(said, str) else tuple(said)[-1]


def _places(text: str) -> set[str]:
    return {first or second for first, second in _PLACE.findall(text)}


def main(arguments: list[str]) -> int:
    """Runs a command; the exit code."""
    command, names = (arguments[0] if arguments else ""), arguments[1:]
    chosen = [OFFICE / name for name in names] or parts()
    unknown = [path for path in chosen if path not in parts()]
    if unknown or command not in ("update", "compile", "check"):
        sys.stderr.write(f"{__doc__}\n" + "".join(f"no part {path}\n" for path in unknown))
        return 2
    wrong: list[str] = []
    for part in chosen:
        if command == "update":
            update(part)
        elif command == "compile":
            compile_part(part)
        wrong += problems(part) if command == "check" else []
    wrong += conflicts() if command == "check" else []
    sys.stdout.write("".join(f"{line}\n" for line in wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
