"""Cards over the interface: verified everywhere, their status in the area, each reading noted."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from office.api.world import ask, token
from office.cards.world import AGENCY, BANK, World
from office.conftest import NOW
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card
from shebaoka.office.organizations.reading import readers_of

VERIFY, STATUS = "v1/cards/verify", "v1/cards/status"


def shown(card: Card) -> dict[str, str]:
    return {"identification_code": card.code, "number": card.number}


def verified(given: str, card: Card) -> tuple[str, str]:
    told = ask(given, VERIFY, shown(card))
    return told["verdict"], told["reason"]


def test_a_card_is_followed_through_its_life(city: World) -> None:
    given = token(city, BANK, "cards.verify")
    card = city.made()[0]
    assert verified(given, card) == ("not-valid", "not-handed-out")
    city.hand_out(card)
    assert verified(given, card) == ("not-valid", "not-active")
    services.card_activate(city.clerk, card=card.pk, proof=Proof.IDENTITY)
    assert verified(given, card) == ("valid", "")
    with clock.at(NOW + timedelta(days=4000)), pytest.raises(AssertionError):
        verified(given, card)  # the token is over long before the card
    services.loss_temporary(city.clerk, card=card.pk, proof=Proof.TELEPHONE)
    assert verified(given, card) == ("not-valid", "lost-temporarily")
    services.loss_formal(city.clerk, card=card.pk, proof=Proof.IDENTITY, why="遗失")
    assert verified(given, card) == ("not-valid", "lost")


def test_texts_are_in_the_language_of_the_question(city: World) -> None:
    given, card = token(city, BANK, "cards.verify"), city.handed()[0]
    texts = {
        language: ask(given, VERIFY, shown(card), accept_language=language)["text"]
        for language in ("zh", "en", "es")
    }
    assert texts == {
        "zh": "社会保障应用未启用",
        "en": "its social security application is not active yet",
        "es": "su aplicación de seguridad social aún no está activada",
    }


def test_code_and_number_must_be_of_one_card(city: World) -> None:
    given = token(city, BANK, "cards.verify")
    one, other = city.active(2)
    told = ask(given, VERIFY, {"identification_code": one.code, "number": other.number})
    assert told == {"verdict": "unknown", "reason": "not-known", "text": "no such card"}
    assert verified(given, one) == ("valid", "")
    told = ask(given, VERIFY, {"identification_code": one.code.lower(), "number": one.number.lower()})
    assert told["verdict"] == "valid"


def test_a_card_is_verified_in_every_region_its_status_told_in_its_own(city: World) -> None:
    card = city.active()[0]
    far = token(city, "990100", "cards.verify", "cards.status")
    assert verified(far, card) == ("valid", "")
    assert ask(far, STATUS, {"number": card.number}) == {"items": []}
    near = token(city, AGENCY, "cards.status")
    (told,) = ask(near, STATUS, {"number": card.number})["items"]
    assert told["social"] == {"code": "1", "text": "normal"}
    assert told["bank"]["code"] == "none"
    assert told["identification_code"] == card.code


def test_each_reading_is_noted_for_the_holder_with_the_purpose_of_the_scope(city: World) -> None:
    given = token(city, AGENCY, "cards.verify", "cards.status")
    card = city.active()[0]
    assert card.person is not None
    verified(given, card)
    ask(given, STATUS, {"person": card.person.number})
    ask(given, STATUS, {"number": "Z00000000"})
    readings = readers_of(card.person)
    assert [each.purpose for each in readings] == ["interfaces.status", "interfaces.verification"]
    assert {each.organization for each in readings} == {AGENCY}
    assert all(each.reader.startswith("token:") for each in readings)
    row = Row.objects.filter(act="organizations.read").latest("sequence")
    assert '"channel":"api"' in row.line
    assert card.person.number not in row.line
    assert not Bypass.objects.exists()


NO_QUESTIONS: list[object] = [
    {},
    {"number": "A00000001", "person": "980100199001010010"},
    {"number": "x"},
    {"number": "A00000001\n"},
    {"number": None},
    {"identification_code": "0" * 31},
    {"person": "Ａ80100199001010010"},
    {"number": "A00000001", "more": 1},
    [],
    "A00000001",
]


def test_what_is_no_question_is_refused_and_not_repeated(city: World) -> None:
    given = token(city, AGENCY, "cards.status")
    for question in NO_QUESTIONS:
        told = ask(given, STATUS, question, status=400)
        assert told["error"] == "interfaces.unfit"
        assert "A00000001" not in json.dumps(told)
    assert not Row.objects.filter(act="organizations.read").exists()


def test_a_number_that_is_none_is_of_nobody(city: World) -> None:
    given = token(city, AGENCY, "cards.status")
    assert ask(given, STATUS, {"person": "980100199001010019"}) == {"items": []}


@pytest.mark.parametrize(
    ("method", "address", "status", "error"),
    [
        ("get", "v1/cards/verify", 405, "interfaces.method"),
        ("delete", "v1/lists", 405, "interfaces.method"),
        ("get", "nothing", 404, "interfaces.no-address"),
    ],
)
def test_errors_of_every_kind_have_one_shape(
    db: None, method: str, address: str, status: int, error: str
) -> None:
    answer = getattr(Client(), method)(f"/api/{address}")
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    told = answer.json()
    assert told["error"] == error
    assert {"type", "title", "status", "detail"} <= told.keys()
    if status == 405:
        assert answer["Allow"]


def test_a_question_that_is_too_large_is_not_read(city: World) -> None:
    given = token(city, AGENCY, "cards.status")
    told = ask(given, STATUS, {"number": "x" * 20_000}, status=413)
    assert told["error"] == "interfaces.too-large"


def test_a_fault_of_ours_is_told_without_what_it_was(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from shebaoka.office.api import cards

    def broken(*_args: object, **_values: object) -> None:
        raise RuntimeError("secret-of-ours")

    given = token(city, AGENCY, "cards.verify")
    monkeypatch.setattr(cards, "verified", broken)
    client = Client(raise_request_exception=False)
    answer = client.post(
        f"/api/{VERIFY}",
        json.dumps({"identification_code": "0" * 32, "number": "A00000001"}),
        "application/json",
        headers={"authorization": f"Bearer {given}"},
    )
    assert (answer.status_code, answer.json()["error"]) == (500, "interfaces.our-fault")
    assert b"secret" not in answer.content
