"""The office as an HSM: a reader service's steps answered by the keys of the card's issuer."""

import json
from typing import Any

from django.test import Client

from office.api.world import ask, token
from office.cards.world import AGENCY, BANK, World
from shebaoka.driver.answers import CardOnDesk
from shebaoka.driver.device import Device
from shebaoka.driver.driver import Driver, Outcome, steps_over_hsm
from shebaoka.driver.errors import DriverError
from shebaoka.driver.pin_pad import Entry
from shebaoka.driver.work import Equipment
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.production.keys import GIVEN
from shebaoka.office.organizations.models import Staff

HSM = "v1/hsm/answer"
BASIC, READ, DEBIT = "iReadCardBas_HSM_Step1", "iReadCard_HSM_Step1", "iDoDebit_HSM_Step1"


class ByClient:
    """What the client of :mod:`shebaoka.driver.office` does, within the test's own transaction."""

    def __init__(self, given: str) -> None:
        self.given = given
        self.asked: list[str] = []

    def answer(self, step: str, out: str, card: CardOnDesk | None = None) -> str:
        self.asked.append(step)
        question: dict[str, Any] = {"step": step, "out": out}
        if card is not None:
            question["card"] = {
                "identification_code": card.identification_code,
                "reset": card.reset,
                "generation": card.generation,
            }
        answer = Client().post(
            f"/api/{HSM}",
            json.dumps(question),
            "application/json",
            headers={"authorization": f"Bearer {self.given}"},
        )
        if answer.status_code != 200:
            raise DriverError(answer.json()["return_code"])
        return str(answer.json()["answer"])


class NoPad:
    def ask(self, entry: Entry, seconds: float) -> str:
        raise AssertionError(entry)


def driver(city: World, card: Card) -> Driver:
    return Driver(Equipment(Device(lambda: city.reader(card), lambda: city.reader(card), None), NoPad()))


def basic(city: World, given: str, card: Card) -> Outcome:
    return steps_over_hsm(driver(city, card), ByClient(given), "iReadCardBas", {"iType": 1})


def first(city: World, card: Card) -> str:
    """What the first step hands out."""
    return driver(city, card).call(BASIC, {"iType": 1}).info


def test_a_card_is_read_with_the_keys_of_its_issuer(city: World) -> None:
    card = city.active()[0]
    outcome = basic(city, token(city, AGENCY, "hsm.answer"), card)
    assert outcome.code == 0
    assert card.code in outcome.info.split("|")
    assert card.person is not None
    assert outcome.info.split("|")[4] == card.person.name
    row = Row.objects.get(act="interfaces.hsm.answer")
    assert f"cards.card:{card.pk}" in row.line
    assert BASIC in row.line
    assert card.code not in row.line
    assert not Bypass.objects.exists()


def refused(given: str, step: str, out: str, card: dict[str, str] | None = None, status: int = 422) -> Any:
    told = ask(given, HSM, {"step": step, "out": out, "card": card}, status=status)
    assert not Row.objects.filter(act="interfaces.hsm.answer").exists()
    return told.get("return_code")


def test_cards_of_another_body_and_unknown_ones_get_nothing(city: World) -> None:
    out = first(city, city.active()[0])
    assert refused(token(city, "990100", "hsm.answer"), BASIC, out) == -20
    given = token(city, AGENCY, "hsm.answer")
    items = out.split("|")
    assert refused(given, BASIC, "|".join([*items[:3], items[3][:-1] + "X", *items[4:]])) in (-20, -23)
    other = items[1][:-1] + ("0" if items[1][-1] != "0" else "1")
    assert refused(given, BASIC, "|".join([items[0], other, *items[2:]])) == -22


NO_STEPS: list[tuple[str, str, dict[str, str] | None]] = [
    (BASIC, "x", None),
    (BASIC, "|" * 9, None),
    (READ, "01|000A0A|0000000000000000|0000000000000000|", None),
    (BASIC, "1|2|3|4|5|6|7|8|", {"identification_code": "0" * 32, "reset": "0" * 26}),
    (READ, "x|", {"identification_code": "0" * 32, "reset": "0" * 26}),
]


def test_what_is_no_step_is_told_with_a_return_code(city: World) -> None:
    given = token(city, AGENCY, "hsm.answer")
    for step, out, card in NO_STEPS:
        assert refused(given, step, out, card) in (-20, -23)


def test_a_card_that_is_over_is_only_read_and_one_not_in_use_pays_nothing(city: World) -> None:
    given, card = token(city, AGENCY, "hsm.answer"), city.handed()[0]
    shown = {"identification_code": card.code, "reset": card.historical}
    assert refused(given, DEBIT, "01|000A0A|0|0|0|0|0|0|", shown) == -0x6985
    services.card_activate(city.clerk, card=card.pk, proof=Proof.IDENTITY)
    services.loss_formal(city.clerk, card=card.pk, proof=Proof.IDENTITY, why="遗失")
    assert refused(given, DEBIT, "01|000A0A|0|0|0|0|0|0|", shown) == -0x6985
    assert basic(city, given, card).code == 0


def test_without_scope_role_or_vault_there_is_no_answer(city: World) -> None:
    card = city.active()[0]
    out = first(city, card)
    assert refused(token(city, BANK, "downloads"), BASIC, out, status=403) is None
    del GIVEN["980100"]
    try:
        told = ask(token(city, AGENCY, "hsm.answer"), HSM, {"step": BASIC, "out": out}, status=503)
    finally:
        from personalization.support import vaults

        GIVEN["980100"] = lambda: vaults().city
    assert told["error"] == "cards.no-vault"


def test_a_wrong_answer_of_the_card_is_found_by_the_terminal_not_told_by_us(city: World) -> None:
    """The answer is a proof for this card's random alone."""
    card, other = city.active(2)
    given = token(city, AGENCY, "hsm.answer")
    answers = ByClient(given)
    step1 = driver(city, card).call(BASIC, {"iType": 1}).info
    mine = answers.answer(BASIC, step1)
    d = driver(city, other)
    d.call(BASIC, {"iType": 1})
    assert d.call("iReadCardBas_HSM_Step2", {"iType": 1, "pKey": mine}).code != 0


def by_staff(number: str, out: str, *, csrf: bool = True) -> Any:
    client = Client(enforce_csrf_checks=True)
    client.force_login(Staff.objects.get(number=number))
    headers = {}
    if csrf:
        client.cookies["csrftoken"] = headers["x-csrftoken"] = "a" * 32
    question = json.dumps({"step": BASIC, "out": out})
    return client.post(f"/api/{HSM}", question, "application/json", headers=headers)


def test_staff_at_the_desk_may_by_their_role_and_from_its_own_pages_alone(city: World) -> None:
    card = city.active()[0]
    out = first(city, card)
    clerk = f"{AGENCY}-counter-clerk-1"
    assert by_staff(clerk, out, csrf=False).status_code == 403
    assert by_staff(clerk, out).status_code == 200
    leader = by_staff("980100-leader-1", out)
    assert (leader.status_code, leader.json()["error"]) == (403, "organizations.not-allowed")
    row = Row.objects.get(act="interfaces.hsm.answer")
    assert clerk in row.line
