"""The message catalogue: complete in every language, and every message that code names exists."""

import re
import string
from pathlib import Path

import pytest

from shebaoka.spec.model import Text
from shebaoka.terminal import messages
from shebaoka.terminal.errors import KeySourceError, PinRequiredError, TerminalError

ROOM = Path(messages.__file__).parent
NAMED = re.compile(
    r'(?:Error|Refused)\(\s*"([a-z0-9-]+)"|notices\.append\("([a-z-]+)"\)|: "([a-z0-9]+(?:-[a-z0-9]+)+)",'
)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    english, other = messages.catalogue("en"), messages.catalogue(language)
    assert other.keys() == english.keys()
    for id_, entry in english.items():
        assert other[id_].keys() == entry.keys(), id_
        for part, template in entry.items():
            assert places(other[id_][part]) == places(template), (id_, part)
            assert template.strip() == template
    if language == "zh":
        assert all(re.search("[一-鿿]", entry["text"]) for entry in other.values())


def test_every_message_named_in_code_exists() -> None:
    sources = "".join(source.read_text("utf-8") for source in ROOM.rglob("*.py"))
    named = {group for groups in NAMED.findall(sources) for group in groups if group}
    assert len(named) > 60
    assert named <= messages.catalogue("en").keys()
    known = [id_ for id_ in messages.catalogue("en") if not id_.startswith("sw-")]
    unused = [id_ for id_ in known if not {f'"{id_}"', f'"{id_.removesuffix("-not")}"'} & _quoted(sources)]
    assert not unused


def _quoted(sources: str) -> set[str]:
    return set(re.findall(r'"[a-z0-9-]+"', sources))


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="no messages in language 'fr'"):
        messages.catalogue("fr")


def test_details_are_told_in_the_language_of_the_message() -> None:
    error = TerminalError(
        "access-missing",
        place="DF01 EF05",
        name=Text("户籍信息文件", "Household registration"),
        condition="PIN or RK1DF01",
        missing=("PIN", "RK1DF01"),
        reasons=(PinRequiredError("pin-required"), KeySourceError("no-key-source")),
    )
    assert "Household registration (户籍信息文件)" in error.text("en")
    assert "Household" not in error.text("zh")
    assert "须先输入个人密码" in error.text("zh")
    assert "Primero hay que introducir" in error.text("es")
    assert str(error).startswith(error.text("en"))
    assert "\n" not in str(error)
    assert ".." not in str(error)
    assert "。。" not in error.line("zh")


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_details_that_are_empty_leave_no_gap(language: str) -> None:
    nothing = Text("", "")
    for id_, entry in messages.catalogue(language).items():
        empty = {name: nothing for part in entry.values() for name in places(part)}
        text = messages.text(id_, language, empty)
        assert "  " not in text, id_
        assert "()" not in text, id_
