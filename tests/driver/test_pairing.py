"""Pairing: the code is shown here, typed there, good once; the token is bound to the page's origin."""

import stat
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from driver.service import PAGE, House, Page
from shebaoka.driver.service.pairing import SECONDS, PairingDesk, PairingError, Pairings
from shebaoka.driver.service.problems import RefusedError, problems

OTHER = "https://other.example"


def paired(page: Page, house: House) -> str:
    assert page.service("pair-begin", name="柜台\n1")["seconds"] == SECONDS
    answer = page.service("pair", code=house.shown[-1])
    assert answer["paired"]
    return str(answer["token"])


def test_a_page_is_paired_once(house: House) -> None:
    with house.page(token="") as page:
        token = paired(page, house)
        assert page.service("readers")["ok"]
    with house.page(token=token) as page:
        assert page.hello["paired"]
        assert page.hello["token"] == ""
        assert page.service("readers")["ok"]
    [pairing] = house.pairings.all()
    assert (pairing.origin, pairing.name) == (PAGE, "柜台1")
    file = house.pairings.path
    assert file is not None
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert token not in file.read_text()
    assert token not in repr(pairing)
    assert house.shown[0].replace("-", "") not in file.read_text()


def test_wrong_codes_make_the_code_void(house: House) -> None:
    with house.page(token="") as page:
        assert page.service("pair", code="12345678")["error"] == "pairing-none"
        page.service("pair-begin")
        wrong = "00000000" if house.shown[0] != "0000-0000" else "11111111"
        assert [page.service("pair", code=wrong)["error"] for _ in range(3)] == ["pairing-wrong"] * 3
        assert page.service("pair", code=house.shown[0])["error"] == "pairing-none"
        assert page.service("readers")["error"] == "not-paired"
        token = paired(page, house)
        assert page.service("pair", code=house.shown[-1])["error"] == "pairing-none"
        assert token


def test_a_revocation_counts_at_once(house: House) -> None:
    with house.page() as page:
        assert page.service("readers")["ok"]
        [pairing] = house.pairings.all()
        assert Pairings(house.pairings.path).revoke(pairing.id)
        assert not house.pairings.revoke(pairing.id)
        assert page.service("readers")["error"] == "not-paired"
        assert page.call("iReadCardBas", iType=1)["success"] == "-12"


def test_a_page_may_end_its_own_pairing(house: House) -> None:
    other = house.pairings.add(PAGE, "other")
    with house.page() as page:
        assert not page.service("unpair")["paired"]
        assert page.service("readers")["error"] == "not-paired"
    assert house.pairings.holds(PAGE, other)
    assert len(house.pairings.all()) == 1


@pytest.fixture
def desk(tmp_path: Path) -> "tuple[PairingDesk, list[str], list[float]]":
    shown, now = list[str](), [0.0]
    pairings = Pairings(tmp_path / "pairings.json")
    return PairingDesk(pairings, lambda origin, name, code: shown.append(code), lambda: now[0]), shown, now


Desk = tuple[PairingDesk, list[str], list[float]]


def test_the_code_is_for_one_origin_and_two_minutes(desk: Desk) -> None:
    pairing, shown, now = desk
    pairing.begin(PAGE, "")
    with pytest.raises(RefusedError) as error:
        pairing.begin(OTHER, "")
    assert error.value.id == "pairing-open"
    with pytest.raises(RefusedError) as error:
        pairing.finish(OTHER, shown[0])
    assert error.value.id == "pairing-none"
    now[0] = SECONDS
    with pytest.raises(RefusedError) as error:
        pairing.finish(PAGE, shown[0])
    assert error.value.id == "pairing-none"
    pairing.begin(OTHER, "")
    assert pairing.finish(OTHER, f" {shown[1]} ")
    pairing.begin(PAGE, "")
    assert len(set(shown)) == 3


def test_a_token_is_bound_to_its_origin(tmp_path: Path) -> None:
    pairings = Pairings(tmp_path / "folder" / "pairings.json")
    assert pairings.all() == []
    token = pairings.add(PAGE, "")
    assert pairings.holds(PAGE, token)
    assert not pairings.holds(OTHER, token)
    assert not pairings.holds(PAGE, "")
    (tmp_path / "folder" / "pairings.json").write_text("{")
    with pytest.raises(PairingError, match=r"pairings\.json"):
        pairings.all()


def test_the_service_refuses_in_three_languages() -> None:
    for texts in problems().values():
        assert set(texts) == {"zh", "en", "es"}
        assert all(texts.values())


def test_a_damaged_file_is_named_and_lets_nobody_in(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with house.page() as page:
        assert house.pairings.path
        house.pairings.path.write_text("[]x")
        with pytest.raises(ConnectionClosed):
            page.service("readers")
    assert str(house.pairings.path) in caplog.text


def test_pairings_without_a_file_end_with_the_program() -> None:
    pairings = Pairings(None)
    token = pairings.add(PAGE, "")
    assert pairings.holds(PAGE, token)
    pairings.forget(PAGE, token)
    assert pairings.all() == []
