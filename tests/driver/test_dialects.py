"""The three ways in which pages of the field write calls."""

from pathlib import Path
from typing import Any

import pytest

from driver.bench import CARD, PIN
from driver.service import serving
from shebaoka.driver.calls import calls
from shebaoka.driver.dialects import NotACallError, dialects
from shebaoka.driver.driver import Outcome

FUNCTION, FUNC, BIZCODE = (dialects()[name] for name in ("function", "func", "bizcode"))
BASIC = "iReadCardBas"


def test_function() -> None:
    request = FUNCTION.read({"function": BASIC, "iType": 3, "pkey": "x"})
    assert (request.name, request.given["iType"]) == (BASIC, 3)
    assert FUNCTION.reply(request, Outcome(0, "a|")) == {
        "functionName": BASIC,
        "success": "1",
        "pOutInfo": "a|",
    }
    assert FUNCTION.reply(request, Outcome(-2201, "无")) == {
        "functionName": BASIC, "success": "-2201", "pOutInfo": "无",
    }  # fmt: skip


def test_func_in_out() -> None:
    request = FUNC.read({"func": "iReadCard", "in": ["3", "1", CARD, "SSSEEF05|01|$"]})
    assert dict(request.given) == dict(
        zip(calls()["iReadCard"].parameters, ["3", "1", CARD, "SSSEEF05|01|$"], strict=True)
    )
    assert FUNC.reply(request, Outcome(0, "a|")) == {"result": "0", "out": ["a|"]}
    assert FUNC.reply(request, Outcome(-2, "无卡")) == {"result": "-2", "out": ["无卡"]}


def test_bizcode() -> None:
    request = BIZCODE.read({"bizcode": "1002", "body": {"iType": "3", "pDevInfo": "x"}})
    assert request.name == BASIC
    assert BIZCODE.reply(request, Outcome(0, "a|")) == {
        "bizcode": "1002", "recode": "0", "reinfo": "", "body": {"pOutInfo": "a|", "errinfo": ""},
    }  # fmt: skip
    assert BIZCODE.reply(request, Outcome(-2, "无卡")) == {
        "bizcode": "1002", "recode": "-2", "reinfo": "无卡", "body": {"pOutInfo": "", "errinfo": "无卡"},
    }  # fmt: skip
    codes = {call.bizcode: name for name, call in calls().items() if call.bizcode}
    assert codes == {
        "1002": BASIC, "1005": "iReadCard", "1008": "iWriteCard", "1011": "iVerifyPIN", "1012": "iChangePIN",
        "1013": "iReloadPIN", "1017": "iUnblockPIN",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["function", "func", "bizcode"])
@pytest.mark.parametrize(
    "message", [{}, {"function": 1}, {"func": "x"}, {"func": "x", "in": {}}, {"bizcode": "1002"}]
)
def test_what_is_no_call(name: str, message: dict[str, Any]) -> None:
    with pytest.raises(NotACallError):
        dialects()[name].read(message)


def test_a_value_of_the_card_is_never_taken_for_a_place_in_the_reply() -> None:
    request = FUNCTION.read({"function": "{info}"})
    assert FUNCTION.reply(request, Outcome(-13, "{name}"))["functionName"] == "{info}"
    assert FUNCTION.reply(request, Outcome(-13, "{name}"))["pOutInfo"] == "{name}"


@pytest.mark.parametrize(
    ("dialect", "basic", "pin", "value"),
    [
        (
            "func",
            {"func": BASIC, "in": ["3"]},
            {"func": "iVerifyPINK", "in": ["1", PIN]},
            lambda a: a["out"][0],
        ),
        (
            "bizcode",
            {"bizcode": "1002", "body": {"iType": "3"}},
            {"bizcode": "1011", "body": {"iType": "1", "pPIN": PIN}},
            lambda a: a["body"]["pOutInfo"],
        ),
    ],
)
def test_a_service_of_another_dialect(cards: Path, dialect: str, basic: Any, pin: Any, value: Any) -> None:
    with serving(cards, dialect=dialect) as house, house.page() as page:
        assert page.hello["dialect"] == dialect
        page.insert()
        assert value(page.ask(basic)).split("|")[4] == "测试"
        assert page.ask(pin).get("result", "0") == "0"
        assert page.ask({"function": BASIC, "iType": 3})["error"] == "not-understood"
