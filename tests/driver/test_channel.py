"""A card that the office behind a page drives: only for pages that may, one at a time, off after."""

from pathlib import Path

import pytest

from driver.service import OLD_PAGE, PAGE, Page, save, serving
from shebaoka.driver.service.gate import Gate
from shebaoka.reader.base import CardAbsentError
from shebaoka.terminal import authentication, pin
from shebaoka.terminal.preprocess import identify
from shebaoka.terminal.settings import Settings
from terminal.support import IDENTITY, PIN, vault_keys

RELAYED = Gate((PAGE,), unpaired=(OLD_PAGE,), relays=(PAGE,))
SELECT = "00A40400" + "0F" + "7378312E73682EC9E7BBE1B1A3D5CF"


class Far:
    """A reader at the other end of the page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reset(self) -> bytes:
        return self._hex(self.page.service("power"), "answer")

    def transmit(self, apdu: bytes) -> bytes:
        return self._hex(self.page.service("transmit", command=apdu.hex()), "response")

    def close(self) -> None:
        self.page.service("release")

    def _hex(self, told: dict[str, object], member: str) -> bytes:
        if not told["ok"]:
            raise CardAbsentError(str(told["error"]))
        return bytes.fromhex(str(told[member]))


def test_the_office_proves_and_serves_a_far_card(tmp_path: Path) -> None:
    save(tmp_path, "2.0", "card-2.0-sm4")
    with serving(tmp_path, gate=RELAYED) as house, house.page() as page:
        page.insert()
        session = identify(Far(page), vault_keys(), Settings())
        assert session.identity == IDENTITY
        authentication.prove_card(session)
        session.pin = pin.state(session)
        pin.reload(session, "482915", "482915")
        pin.verify(session, "482915")
        session.reader.close()
        assert page.call("iVerifyPINK", iType=3, pPIN="482915")["success"] == "1"
        assert page.call("iVerifyPINK", iType=3, pPIN=PIN)["success"] == "-51"


def test_only_a_paired_page_whose_office_may(tmp_path: Path) -> None:
    save(tmp_path, "2.0", "card-2.0-sm4")
    with serving(tmp_path, gate=RELAYED) as house:
        with house.page(token="") as page:
            assert page.service("power")["error"] == "not-paired"
        with house.page(OLD_PAGE) as page:
            assert page.service("power")["error"] == "not-relayed"
            assert page.service("transmit", command=SELECT)["error"] == "not-relayed"


@pytest.mark.parametrize("command", ["", "00", "zz", "00A40400" * 200])
def test_what_is_no_command_goes_to_no_card(tmp_path: Path, command: str) -> None:
    save(tmp_path, "2.0", "card-2.0-sm4")
    with serving(tmp_path, gate=RELAYED) as house, house.page() as page:
        assert page.service("transmit", command=SELECT)["error"] == "not-powered"
        page.insert()
        page.service("power")
        assert page.service("transmit", command=command)["error"] == "not-understood"
        assert page.service("transmit", command=SELECT)["response"].startswith("61")


def test_a_card_that_is_pulled_and_a_page_that_waits(tmp_path: Path) -> None:
    save(tmp_path, "2.0", "card-2.0-sm4")
    with serving(tmp_path, gate=RELAYED) as house, house.page() as page, house.page() as other:
        assert page.service("power")["error"] == "no-card"
        page.insert()
        page.service("power")
        assert other.service("power")["error"] == "busy"
        assert other.call("iPinState", iType=3)["success"] == "-11"
        page.remove()
        assert page.service("transmit", command=SELECT)["error"] == "no-card"
        assert page.service("transmit", command=SELECT)["error"] == "not-powered"
        page.insert()
        assert other.service("power")["ok"]


def test_a_card_that_nobody_asks_is_powered_off(tmp_path: Path) -> None:
    save(tmp_path, "2.0", "card-2.0-sm4")
    short = serving(tmp_path, gate=RELAYED, step_seconds=0.05)
    with short as house, house.page() as page, house.page() as other:
        page.insert()
        page.service("power")
        assert page.next_is_silent()
        assert other.service("power")["ok"]
