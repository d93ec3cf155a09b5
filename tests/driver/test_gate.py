"""Who may connect to the reader service: address, Host, Origin, pairing."""

import socket
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from driver.bench import PIN
from driver.service import OLD_PAGE, PAGE, House, Page, serving
from shebaoka.driver.service.gate import Gate, GateError
from shebaoka.driver.service.server import PortBusyError, ReaderService

REQUEST = {"function": "iReadCardBas", "iType": 3}


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_this_computer_reaches_it_by_its_names(house: House, host: str) -> None:
    with house.page(host=host) as page:
        assert page.hello["ok"]


def test_no_other_address_listens(house: House) -> None:
    """Not even this computer by its address in the network."""
    outside = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in {*outside, "127.0.0.2"} - {"127.0.0.1"}:
        with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
            socket.create_connection((str(address), house.port), 1)


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "https://desk.example.evil.example",
        "http://desk.example",
        "null",
        "https://desk.example:444",
        None,
    ],
)
def test_other_origins_are_refused(house: House, origin: str | None) -> None:
    with pytest.raises(InvalidStatus) as refused:
        house.connection(origin)
    assert refused.value.response.status_code == 403
    body = (refused.value.response.body or b"").decode()
    assert ("--origin" in body) or ("--programs" in body)


@pytest.mark.parametrize("name", ["evil.example", "desk.example", "127.0.0.1.evil.example", "192.168.0.1"])
def test_another_host_name_is_refused(house: House, name: str) -> None:
    """DNS rebinding: the page's own name leads to this computer."""
    with socket.create_connection(("127.0.0.1", house.port)) as sock, pytest.raises(InvalidStatus) as refused:
        connect(f"ws://{name}:{house.port}", sock=sock, origin=Origin(PAGE))
    assert refused.value.response.status_code == 403
    with socket.create_connection(("127.0.0.1", house.port)) as sock, pytest.raises(InvalidStatus):
        connect(f"ws://127.0.0.1:{house.port + 1}", sock=sock, origin=Origin(PAGE))


def test_a_plain_request_gets_nothing(house: House) -> None:
    for origin, status in ((PAGE, 426), ("https://evil.example", 403)):
        with closing(HTTPConnection("127.0.0.1", house.port, timeout=5)) as connection:
            connection.request("GET", "/", headers={"Origin": origin})
            answer = connection.getresponse()
            answer.read()
        assert answer.status == status
        assert "websockets" not in str(answer.headers).lower()


def test_local_programs_only_when_allowed(cards: Path) -> None:
    with serving(cards, gate=Gate(programs=True)) as house:
        token = house.pairings.add("program", "his")
        with house.page(None, token) as page:
            assert page.hello["paired"]
        with house.page(None, "") as page:
            assert page.call("iReadCardBas", iType=3)["success"] == "-12"


def test_an_origin_is_written_as_browsers_send_it() -> None:
    for wrong in (
        "desk.example",
        "https://desk.example/",
        "https://Desk.example",
        "*",
        "null",
        "https://a b",
    ):
        with pytest.raises(GateError):
            Gate((wrong,))


def test_without_pairing_nothing_is_done(house: House) -> None:
    with house.page(token="") as page:
        page_of_another = house.pairings.add("https://evil.example", "")
        assert not page.hello["paired"]
        assert not page.service("hello", token=page_of_another)["paired"]
        assert not page.service("hello", token="x" * 43)["paired"]
        for request in ("readers", "release"):
            assert page.service(request)["error"] == "not-paired"
        assert page.insert()["error"] == "not-paired"
        assert page.remove()["error"] == "not-paired"
        answer = page.ask(REQUEST)
        assert answer["success"] == "-12"
        assert "paired" in answer["pOutInfo"] or "配对" in answer["pOutInfo"]
    assert not house.readers.virtual[0].card


def test_an_old_page_may_be_let_in_unpaired(house: House) -> None:
    house.readers.virtual[0].insert("")
    connection = house.connection(OLD_PAGE)
    with connection:
        page = Page(connection)
        assert page.ask(REQUEST)["success"] == "1"
        assert page.call("iVerifyPIN", iType=1)["success"] == "-13"  # it could not be asked for a PIN
        assert page.call("iVerifyPINK", iType=1, pPIN=PIN)["success"] == "1"


def test_a_port_that_is_taken(house: House) -> None:
    with pytest.raises(PortBusyError, match="--port"):
        ReaderService(None, house.port)  # type: ignore[arg-type]
