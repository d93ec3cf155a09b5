"""The reader service from a page's side: who may connect, what is answered, what is refused."""

import json
import logging
import time
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from driver.bench import CARD, PIN
from driver.service import OLD_PAGE, PAGE, READER, House, Page, serving
from shebaoka.driver.service.demonstration import demonstration_service
from shebaoka.driver.service.server import MOST_BYTES

REQUEST = {"function": "iReadCardBas", "iType": 3}


def in_the_end(page: Page) -> str:
    """What the card says once the reader is free: a busy machine notices late that a page has gone."""
    deadline = time.monotonic() + 30
    while (answer := str(page.ask(REQUEST)["success"])) == "-11" and time.monotonic() < deadline:
        time.sleep(0.05)
    return answer


def test_a_page_reads_a_virtual_card(house: House) -> None:
    with house.page() as page:
        assert page.hello["paired"]
        assert page.hello["demonstration"]
        assert page.call("iReadCardBas", iType=3)["success"] == "-2"
        assert page.insert("3.0.chip")["readers"][0]["card"]
        answer = page.call("iReadCardBas", iType="3", id="seven")
        assert answer["functionName"] == "iReadCardBas"
        assert answer["success"] == "1"
        assert answer["id"] == "seven"
        assert answer["pOutInfo"].split("|")[6] == "3.00"
        assert not page.remove()["readers"][0]["card"]
        assert page.call("iReadCardBas", iType=3)["success"] == "-2"


@pytest.mark.parametrize(
    "garbage",
    [
        "",
        "x",
        "{",
        "[1]",
        "1",
        "null",
        "{'function':'iReadCardBas'}",
        '"' + "x" * 100,
        "[" * 9000,
        b"\xff\xfe",
        "{}\x00",
    ],
)
def test_garbage_is_answered(house: House, garbage: str | bytes) -> None:
    with house.page() as page:
        page.insert()
        assert page.ask(garbage)["error"] == "not-json"
        assert page.ask(REQUEST)["success"] == "1"


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"function": 7},
        {"function": None, "iType": 1},
        {"service": "nothing"},
        {"service": "insert"},
        {"service": "insert", "reader": 1},
        {"service": "hello", "token": 5},
        {"service": "hello", "language": "fr"},
        {"service": "readers", "more": 1},
        {"service": ["hello"]},
    ],
)
def test_what_is_no_request_is_answered(house: House, message: object) -> None:
    with house.page() as page:
        assert page.ask(message)["error"] == "not-understood"
        assert page.service("readers")["ok"]


def test_nothing_but_garbage_ends_the_conversation(house: House) -> None:
    with house.page() as page:
        for _ in range(4):
            page.ask("x")
        assert page.service("readers")["ok"]
        for _ in range(5):
            page.ask("x")
        with pytest.raises(ConnectionClosed):
            page.next()
    with house.page() as page:
        assert page.hello["ok"]


def test_a_message_has_a_size(house: House) -> None:
    with house.page() as page:
        fitting = json.dumps({"function": "x", "pad": ""})
        assert page.ask(fitting.replace('""', f'"{"x" * (MOST_BYTES - len(fitting))}"'))["success"] == "-13"
        with pytest.raises(ConnectionClosed) as closed:
            page.ask({"function": "iReadCardBas", "iType": "1" * MOST_BYTES})
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1009
    with house.page() as page:
        assert page.hello["ok"]


def test_cards_are_inserted_in_a_demonstration_only(cards: Path, house: House) -> None:
    with house.page() as page:
        assert page.insert("4.0.chip")["error"] == "card-unknown"
        assert page.insert("../2.0.chip")["error"] == "card-unknown"
        assert page.service("insert", reader="other")["error"] == "reader-unknown"
        assert page.call("iReadCardBas", iType=1, reader="other")["success"] == "-11"
        assert page.insert()["ok"]
        assert page.call("iReadCardBas", iType=1, reader=READER)["success"] == "1"
    empty = cards / "empty"
    empty.mkdir()
    with serving(empty) as plain, plain.page() as page:
        assert not page.hello["demonstration"]
        assert page.service("readers")["readers"] == []
        for request in ("insert", "remove"):
            assert page.service(request, reader=READER)["error"] == "not-demonstration"


def test_a_card_pulled_between_two_steps(house: House) -> None:
    with house.page() as page, house.page() as other:
        page.insert("3.0.chip")
        out = page.call("iReadCardBas_HSM_Step1", iType=1)["pOutInfo"]
        assert other.remove()["ok"]
        key = page.call("iReadCardBas_HSM_Step1To2", pIn=out)["pOutInfo"]
        assert page.call("iReadCardBas_HSM_Step2", pKey=key)["success"] == "-4"
        other.insert("3.0.chip")  # the same card again is not the same session
        assert page.call("iReadCardBas_HSM_Step2", pKey=key)["success"] == "-23"


def test_two_pages_at_once(house: House) -> None:
    with house.page() as first, house.page() as second:
        first.insert("3.0.chip")
        out = first.call("iReadCardBas_HSM_Step1", iType=1)["pOutInfo"]
        busy = second.ask(REQUEST)
        assert busy["success"] == "-11"
        assert "page" in busy["pOutInfo"]
        key = first.call("iReadCardBas_HSM_Step1To2", pIn=out)["pOutInfo"]
        assert first.call("iReadCardBas_HSM_Step2", pKey=key)["success"] == "1"
        assert second.ask(REQUEST)["success"] == "1"
        first.call("iReadCardBas_HSM_Step1", iType=1)
        assert first.service("release")["ok"]
        assert second.ask(REQUEST)["success"] == "1"
        first.call("iReadCardBas_HSM_Step1", iType=1)
    with house.page() as third:  # a page that went away lets go of the card
        assert in_the_end(third) == "1"


def test_a_step_that_never_comes_frees_the_reader(cards: Path) -> None:
    with serving(cards, step_seconds=0.1, patience=2) as house, house.page() as first, house.page() as second:
        first.insert()
        first.call("iReadCardBas_HSM_Step1", iType=1)
        time.sleep(0.15)
        assert second.ask(REQUEST)["success"] == "1"
        assert first.call("iReadCardBas_HSM_Step2", pKey="")["success"] == "-23"


def test_a_silent_page_is_left_and_too_many_are_not_let_in(cards: Path) -> None:
    with serving(cards, idle_seconds=0.1) as house:
        connection = house.connection()
        with connection, pytest.raises(ConnectionClosed):
            connection.recv(timeout=60)
    with serving(cards) as house:
        token = house.pairings.add(PAGE, "")
        pages = [house.connection() for _ in range(16)]
        for connection in pages:
            assert Page(connection).service("hello")["ok"]
        with pytest.raises(InvalidStatus):
            house.connection()
        pages.pop().close()
        for _ in range(1000):
            try:
                with house.page(token=token) as page:
                    assert page.hello["ok"]
                break
            except InvalidStatus:
                time.sleep(0.02)
        else:
            raise AssertionError("no place after one page had gone")
        for connection in pages:
            connection.close()


def test_the_page_is_the_pad(house: House) -> None:
    with house.page() as page:
        page.insert()
        asked = page.call("iChangePIN", iType=1)
        assert asked == {"service": "pin", "entry": "old", "seconds": 60, "shortest": 4, "longest": 12}
        assert page.service("pin", digits=PIN)["entry"] == "new"
        assert page.service("readers")["error"] == "pin-awaited"
        assert page.next_is_silent()
        assert page.ask("x")["error"] == "not-json"
        assert page.service("pin", digits="654321")["entry"] == "again"
        assert page.service("pin", digits="654321")["success"] == "1"
        assert page.call("iVerifyPIN", iType=1)["entry"] == "pin"
        assert page.service("cancel")["success"] == "-31"
        assert page.call("iVerifyPIN", iType=1)["entry"] == "pin"
        assert page.service("pin", digits="６５４３２１")["success"] == "-41"
        assert page.service("pin", digits="1")["error"] == "pin-not-awaited"
        assert page.service("cancel")["error"] == "pin-not-awaited"


def test_a_pin_that_is_not_typed_in_time(cards: Path) -> None:
    from shebaoka.driver.profile import Profile

    with serving(cards, profile=Profile(language="en", pin_seconds=0.1)) as house, house.page() as page:
        page.insert()
        assert page.call("iVerifyPIN", iType=1)["entry"] == "pin"
        assert page.next()["success"] == "-32"
        assert page.call("iVerifyPINK", iType=1, pPIN=PIN)["success"] == "1"


def test_a_page_that_goes_while_a_pin_is_awaited(house: House) -> None:
    with house.page() as page:
        page.insert()
        assert page.call("iVerifyPIN", iType=1)["entry"] == "pin"
    with house.page() as page:
        assert in_the_end(page) == "1"


def test_no_log_holds_a_pin_or_what_was_read(house: House, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("websockets", "websockets.server", "websockets.client"):
        logging.getLogger(name).setLevel(logging.WARNING)  # the test's own end
    with house.page() as page:
        page.insert()
        page.call("iVerifyPINK", iType=1, pPIN="918273")
        page.call("iVerifyPIN", iType=1)
        page.service("pin", digits="918274")
        page.call("iReadCardBas", iType=1)
        page.call("iReadCard", iType=1, iAuthType=1, pCardInfo=CARD, pFileAddr="DF01EF05|20|$", pPIN=PIN)
        page.call("evil\nfunction", pPIN="918275")
        page.ask("{918276")
        page.service("insert", reader="918277", card=1)
    text = "\n".join(record.getMessage() + str(record.exc_info) for record in caplog.records)
    assert "iReadCardBas code=0" in text
    assert PAGE in text
    for secret in ("91827", PIN, "测试", "999999", "A00000011", "evil"):
        assert secret not in text


def test_an_unforeseen_error_tells_only_its_kind(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*arguments: object) -> None:
        raise KeyError("918273")

    monkeypatch.setattr("shebaoka.driver.driver.Driver.call", fail)
    with house.page() as page:
        page.insert()
        with pytest.raises(ConnectionClosed) as closed:
            page.ask(REQUEST)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1011
    assert "KeyError" in caplog.text
    assert "918273" not in caplog.text
    monkeypatch.undo()
    with house.page() as page:
        assert page.ask(REQUEST)["success"] == "1"


def test_a_demonstration_in_one_process(cards: Path) -> None:
    with demonstration_service(OLD_PAGE, {"desk": cards, "gate": cards / "2.0.chip"}, port=0) as service:
        connection = connect(f"ws://127.0.0.1:{service.port}", origin=Origin(OLD_PAGE))
        with connection:
            page = Page(connection)
            assert page.service("hello", language="en")["paired"]
            names = [(reader["name"], reader["cards"]) for reader in page.service("readers")["readers"]]
            assert names == [("desk", ["2.0.chip", "3.0.chip"]), ("gate", ["2.0.chip"])]
            assert page.service("insert", reader="gate")["ok"]
            assert page.call("iVerifyPIN", iType=1, pPIN=PIN)["success"] == "1"
        with pytest.raises(InvalidStatus):
            connect(f"ws://127.0.0.1:{service.port}", origin=Origin(PAGE))
