"""Return codes: the shared table, the rule of status words, three languages, nothing forgotten."""

import ast
from pathlib import Path

import pytest

from shebaoka.driver import steps
from shebaoka.driver.calls import calls
from shebaoka.driver.errors import UNKNOWN, DriverError, code_of_word, codes, from_terminal, meaning, messages
from shebaoka.reader.base import CardMuteError, ReaderBusyError, ReaderError, ReaderNotFoundError
from shebaoka.terminal import messages as terminal_messages
from shebaoka.terminal.errors import KeyMissingError, NoCardError, TerminalError

TABLE = (
    *(
        0,
        -1,
        -2,
        -3,
        -4,
        -5,
        -11,
        -12,
        -13,
        -14,
        -15,
        -20,
        -21,
        -22,
        -23,
        -24,
        -25,
        -31,
        -32,
        -33,
        -34,
        -35,
        -36,
    ),
    *(-41, -42, -51, -52, -2201, -2202, -2203, -2204, -999),
)
WORDS = {
    0x63C2: -25538,
    0x63C0: -25536,
    0x6700: -26368,
    0x6901: -26881,
    0x6981: -27009,
    0x6982: -27010,
    0x6983: -27011,
    0x6984: -27012,
    0x6985: -27013,
    0x6988: -27016,
    0x6A80: -27264,
    0x6A81: -27265,
    0x6A82: -27266,
    0x6A83: -27267,
    0x6A88: -27272,
    0x9302: -37634,
    0x9303: -37635,
    0x9403: -37891,
    0x9406: -37894,
}
OTHER = {  # what a terminal may find that the table has no code for
    "blacklisted", "institution-unsupported", "class-unsupported", "card-expired", "card-not-yet-valid",
    "key-unknown", "key-not-for-authentication", "key-out-of-use", "key-of-one-card",
    "purchase-not-waiting", "medical-mode-unknown",
}  # fmt: skip


def test_the_table_is_the_one_all_drivers_share() -> None:
    assert tuple(code.number for code in codes()) == TABLE
    for code in codes():
        assert all((code.zh, code.en, code.es))
        assert len({meaning(code.number, language) for language in ("zh", "en", "es")}) == 3


@pytest.mark.parametrize(("word", "code"), WORDS.items())
def test_a_status_word_is_its_negative_value(word: int, code: int) -> None:
    assert code_of_word(word) == code
    assert meaning(code, "en")


def test_every_finding_of_the_terminal_has_a_code() -> None:
    """The ids that the terminal's flows raise, found in its source."""
    raised = set[str]()
    for path in (Path(terminal_messages.__file__).parent).glob("*.py"):
        if path.stem.startswith(("blacklist", "electronic")) or path.stem == "host":
            continue  # not behind any function of the driver
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Raise | ast.Return | ast.Call):
                raised |= {
                    n.value
                    for n in ast.walk(node)
                    if isinstance(n, ast.Constant)
                    and isinstance(n.value, str)
                    and terminal_messages.has(n.value)
                }
    special = {"partly-written", "psam-refused"}
    of_loads = {"load-conditions", "load-mac2-refused", "host-refused-update", "no-such-day"}
    notices = {"card-number-check", "no-blacklist", "blacklist-stale"}
    status = {name for name in raised if name.startswith("sw-")}
    assert len(raised) > 60
    assert raised - set(messages()) - special - of_loads - notices - status == OTHER
    assert set(messages()) <= set(terminal_messages.catalogue("en"))


def no_card(cause: ReaderError) -> TerminalError:
    error = NoCardError("no-card", reason="")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (no_card(ReaderError("")), -2),
        (no_card(CardMuteError("")), -3),
        (no_card(ReaderNotFoundError("")), -11),
        (no_card(ReaderBusyError("")), -11),
        (KeyMissingError("key-missing-psam", key="RKSSSE", use="", tried=(), source=""), -2203),
        (KeyMissingError("key-missing-psam", key="IRK", use="", tried=(), source=""), -27272),
        (TerminalError("card-expired", date="20200101"), UNKNOWN),
    ],
)
def test_errors_as_codes(error: TerminalError, code: int) -> None:
    assert from_terminal(error).code == code


def test_an_error_tells_itself_in_three_languages() -> None:
    error = DriverError(-14, "(iType)")
    assert {error.text(language) for language in ("zh", "en", "es")} == {
        "命令参数错 (iType)", "A parameter is wrong (iType)", "Un parámetro es incorrecto (iType)",
    }  # fmt: skip
    assert "6A82" in meaning(-27266, "es")


def test_every_function_of_the_table_is_there() -> None:
    assert len([c for c in calls().values() if c.family in ("psam", "hsm")]) == 23
    for name, call in calls().items():
        assert all((call.zh, call.en, call.es))
        if call.family != "answers":
            found = [steps.plain(name), steps.first_step(name), steps.following(name)]
            assert sum(one is not None for one in found) == 1, name
