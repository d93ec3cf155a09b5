"""Lists of applications: sent once whatever happens on the way, followed to the card."""

import json
from typing import Any

from django.test import Client

from office.api.world import ask, token
from office.cards.world import AGENCY, CITY, World
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base.records import writing
from shebaoka.office.cards import services
from shebaoka.office.cards.models import Application, ApplicationList
from shebaoka.office.people.models import Employer, Person

LISTS, FIRM = "v1/lists", "91980100MA0000001A"


def employer(city: World, code: str = FIRM) -> Employer:
    with writing("tests.employer"):
        return Employer.objects.create(code=code, name="示例企业", region="980100", agency=city.agency)


def wanted(*people: Person, **changes: Any) -> dict[str, Any]:
    return {
        "applicant": "employer",
        "sender": "示例企业人事部",
        "product": "SSC-2",
        "population": "职工",
        "outlet": AGENCY,
        "rows": [{"number": each.number, "name": each.name} for each in people],
        **changes,
    }


def send(given: str, question: dict[str, Any], key: str = "list-0001", status: int = 201) -> Any:
    return ask(given, LISTS, question, status=status, idempotency_key=key)


def test_a_list_is_taken_and_followed_to_the_card(city: World) -> None:
    employer(city)
    given = token(city, AGENCY, "lists.send")
    good, other = city.person(), city.person()
    stranger = {"number": "980100199001010010", "name": "无此人"}
    question = wanted(good, employer=FIRM)
    question["rows"] += [stranger, {"number": other.number, "name": "别名"}]
    made = send(given, question)
    assert (made["rows"], made["taken"], made["refused"]) == (3, 1, 2)
    assert (made["employer"], made["states"]) == (FIRM, {"accepted": 1})
    rows = ask(given, f"{LISTS}/{made['id']}/rows")["items"]
    assert [row["result"] for row in rows] == ["taken", "refused", "refused"]
    assert [row["error"] for row in rows] == ["", "cards.row-number", "cards.row-name"]
    assert rows[0]["state"] == {"code": "accepted", "text": "accepted"}
    batch = services.batch_form(city.issuing, organization=CITY, product="SSC-2", outlet=AGENCY, site="01")
    card = city.hand_out(city.make(city.prepare(batch))[0])
    (row, *_) = ask(given, f"{LISTS}/{made['id']}/rows")["items"]
    assert (row["card"], row["state"]["code"]) == (card.number, "done")
    assert ask(given, f"{LISTS}/{made['id']}")["states"] == {"done": 1}
    application = Application.objects.get()
    assert (application.channel, application.by) == ("api", None)
    assert not Bypass.objects.exists()


def test_a_repeat_is_given_the_first_answer_and_another_list_is_refused(city: World) -> None:
    given, person = token(city, AGENCY, "lists.send"), city.person()
    first = send(given, wanted(person))
    again = send(given, wanted(person))
    assert again == first
    assert ApplicationList.objects.count() == 1
    told = send(given, wanted(city.person()), status=422)
    assert told["error"] == "interfaces.key-used"
    told = send(given, wanted(person), "list-0002", 409)
    assert told["error"] == "cards.list-known"
    assert Application.objects.count() == 1


def test_the_key_belongs_to_the_token(city: World) -> None:
    one, two = token(city, AGENCY, "lists.send"), token(city, CITY, "lists.send")
    send(one, wanted(city.person()))
    send(two, wanted(city.person()))
    assert ApplicationList.objects.count() == 2


def test_a_refusal_is_tried_again_with_its_key(city: World) -> None:
    given, person = token(city, AGENCY, "lists.send"), city.person()
    told = send(given, wanted(person, employer=FIRM), status=404)
    assert told["error"] == "interfaces.no-employer"
    employer(city)
    send(given, wanted(person, employer=FIRM))


def test_without_a_key_that_can_be_one_nothing_is_taken(city: World) -> None:
    given, person = token(city, AGENCY, "lists.send"), city.person()
    for key in ("", "short", "x" * 65, "with space"):
        told = send(given, wanted(person), key, 400)
        assert told["errors"][0]["where"].lower().endswith("idempotency-key")
    assert not ApplicationList.objects.exists()


def test_a_token_of_an_employer_speaks_for_it_alone(city: World) -> None:
    employer(city)
    employer(city, "91980100MA0000002B")
    whole = token(city, AGENCY, "lists.send")
    own = token(city, AGENCY, "lists.send", name="企业", employer=FIRM)
    other = send(whole, wanted(city.person(), employer="91980100MA0000002B"))
    for changes in ({}, {"employer": "91980100MA0000002B"}, {"employer": FIRM, "applicant": "school"}):
        told = send(own, wanted(city.person(), **changes), status=403)
        assert told["error"] == "interfaces.not-your-employer"
    made = send(own, wanted(city.person(), employer=FIRM))
    assert [each["id"] for each in ask(own, LISTS)["items"]] == [made["id"]]
    ask(own, f"{LISTS}/{other['id']}", status=404)
    ask(own, f"{LISTS}/{other['id']}/rows", status=404)
    assert len(ask(whole, LISTS)["items"]) == 2


def test_pages_follow_each_other(city: World) -> None:
    given = token(city, AGENCY, "lists.send")
    made = [send(given, wanted(city.person(), city.person()), f"list-000{n}")["id"] for n in range(3)]
    page = ask(given, f"{LISTS}?limit=2")
    assert [each["id"] for each in page["items"]] == [made[2], made[1]]
    rest = ask(given, f"{LISTS}?limit=2&after={page['next']}")
    assert ([each["id"] for each in rest["items"]], rest["next"]) == ([made[0]], None)
    rows = ask(given, f"{LISTS}/{made[0]}/rows?limit=1")
    more = ask(given, f"{LISTS}/{made[0]}/rows?limit=1&after={rows['next']}")
    assert more["items"][0]["row"] > rows["items"][0]["row"]
    assert more["next"] is None
    ask(given, f"{LISTS}?limit=0", status=400)
    ask(given, f"{LISTS}?limit=201", status=400)


def test_reading_rows_is_noted_and_far_lists_are_not_there(city: World) -> None:
    given = token(city, AGENCY, "lists.send")
    made = send(given, wanted(city.person()))
    ask(given, f"{LISTS}/{made['id']}/rows")
    row = Row.objects.filter(act="organizations.read").latest("sequence")
    assert '"purpose":"interfaces.list"' in row.line
    far = token(city, "990100", "lists.send", name="远方")
    ask(far, f"{LISTS}/{made['id']}", status=404)
    assert ask(far, LISTS)["items"] == []


def test_a_list_that_is_too_long_is_refused_whole(city: World) -> None:
    city.rule("interfaces.list-rows", 1)
    given = token(city, AGENCY, "lists.send")
    told = send(given, wanted(city.person(), city.person()), status=400)
    assert told["error"] == "interfaces.too-many-rows"
    assert not ApplicationList.objects.exists()


def test_names_with_commas_quotes_and_rare_characters_stay_whole(city: World) -> None:
    given = token(city, AGENCY, "lists.send")
    question = wanted(city.person())
    question["rows"] += [
        {"number": "980100199001010010", "name": name} for name in ('甲,"乙"', "𠮷田", "=1+1")
    ]
    assert send(given, question)["taken"] == 1


def test_a_repeat_says_that_it_is_one(city: World) -> None:
    given, question = token(city, AGENCY, "lists.send"), wanted(city.person())
    headers = {"authorization": f"Bearer {given}", "idempotency-key": "list-0001"}
    said = [
        Client()
        .post(f"/api/{LISTS}", json.dumps(question), "application/json", headers=headers)
        .get("Idempotent-Replayed")
        for _ in range(2)
    ]
    assert said == [None, "true"]
