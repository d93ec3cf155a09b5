"""What hosts ask over HTTP (R-59): a question in every transaction, signed block lists, their key."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from office.psams.world import CITY, HOSPITAL, LEADER, OFFICER, World, serial, terminal
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.incidents.models import Incident
from shebaoka.office.psams import services
from shebaoka.office.psams.choices import Status
from shebaoka.office.psams.models import Host, Use
from shebaoka.office.psams.services import NewHost
from shebaoka.office.psams.services.listing import verified

CHECK = "/api/psams/check"


def host(world: World, code: str = CITY, name: str = "结算一号机") -> tuple[Host, str]:
    """A host of a body, and its token."""
    officer = world.by(code, OFFICER)
    world.two(officer, "psams.host.add", NewHost(code, name), world.by(code, LEADER))
    made = Host.objects.get(name=name)
    return made, services.host_token(officer, host=made.pk)


@pytest.fixture
def token(world: World) -> str:
    """Of the city's host, with a PSAM in use, its counter at 5."""
    world.active()
    return host(world)[1]


def ask(token: str, counter: int = 6, *, status: int = 200, **other: Any) -> dict[str, Any]:
    """What the host is told."""
    said = {"reference": str(uuid4()), "serial": serial(1), "terminal": terminal(1)}
    said |= {"unit": HOSPITAL, "place": "W1", **other}
    answer = Client().post(
        CHECK,
        json.dumps({**said, "counter": counter}),
        "application/json",
        headers={"authorization": f"Bearer {token}"},
    )
    assert answer.status_code == status, answer.content
    told: dict[str, Any] = answer.json()
    return told


def test_what_fits_is_accepted_and_its_counter_counts(world: World, token: str) -> None:
    assert ask(token, 6) == {"accepted": True, "verdict": "good"}
    assert ask(token, 9) == {"accepted": True, "verdict": "good"}
    assert world.psam().sequence == 9
    use = Use.objects.latest("at", "last")
    assert (use.source, use.host and use.host.name) == ("host", "结算一号机")
    row = Row.objects.filter(act="psams.use.log").latest("sequence")
    assert '"channel":"api"' in row.line
    assert '"host":"结算一号机"' in row.line
    assert token not in row.line
    assert not Bypass.objects.exists()


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ({"counter": 5}, "backwards"),
        ({"terminal": terminal(2)}, "wrong-place"),
        ({"unit": "980100"}, "wrong-place"),
        ({"place": "W2"}, "wrong-place"),
    ],
)
def test_what_does_not_fit_is_refused_freezes_and_opens_an_incident(
    world: World, token: str, other: dict[str, Any], verdict: str
) -> None:
    told = ask(token, **other)
    incident = Incident.objects.get()
    assert told == {"accepted": False, "verdict": verdict, "incident": incident.number}
    assert world.psam().status == Status.FROZEN
    assert ask(token, 7)["verdict"] == "blocked"


def test_a_question_asked_again_is_answered_alike_and_no_replay(world: World, token: str) -> None:
    name = str(uuid4())
    first = ask(token, 6, reference=name)
    assert ask(token, 6, reference=name) == first
    assert Use.objects.filter(host__isnull=False).count() == 1
    assert world.psam().status == Status.ACTIVE
    assert ask(token, 7, reference=name, status=409)["error"] == "psams.asked-otherwise"
    # the same counter in another transaction is a replay
    assert ask(token, 6)["verdict"] == "backwards"


def test_without_a_token_that_counts_nothing_is_said(world: World, token: str) -> None:
    answer = Client().post(CHECK, "{}", "application/json")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    for wrong in ("", token[:-1], f"{token}x", "0" * 64):
        assert ask(wrong, status=401)["error"] == "interfaces.no-token"
    made = Host.objects.get()
    newer = services.host_token(world.by(CITY, OFFICER), host=made.pk)
    ask(token, status=401)
    assert ask(newer)["accepted"]
    services.host_end(world.by(CITY, OFFICER), host=made.pk, why="停用")
    ask(newer, status=401)
    assert Client().get(CHECK).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b'{"serial":1}',
        b"[" * 3000,
        b"{}" + b" " * 5000,
        json.dumps({"reference": "x", "serial": "1" * 20, "terminal": "1" * 12}).encode(),
    ],
)
def test_what_is_no_question_is_said_and_changes_nothing(world: World, token: str, body: bytes) -> None:
    headers = {"authorization": f"Bearer {token}"}
    answer = Client().post(CHECK, body, "application/json", headers=headers)
    assert answer.status_code == 400
    assert answer.json()["error"] == "interfaces.unfit"
    ask(token, counter=-1, status=400)
    ask(token, counter=1 << 32, status=400)
    ask(token, serial="9" * 21, status=400)
    ask(token, extra=1, status=400)
    assert not Use.objects.filter(host__isnull=False).exists()


def test_a_host_knows_the_psams_of_its_area_alone(world: World, token: str) -> None:
    assert ask(token, serial=serial(77)) == {"accepted": False, "verdict": "unknown"}
    _far, other = host(world, "990000", "乙省结算")
    assert ask(other) == {"accepted": False, "verdict": "unknown"}
    _above, province = host(world, "980000", "甲省结算")
    assert ask(province)["accepted"]
    assert Row.objects.filter(act="psams.use.log").latest("sequence").chain_id == HOSPITAL


def test_block_lists_are_fetched_signed_and_only_when_there_is_a_newer(world: World, token: str) -> None:
    headers = {"authorization": f"Bearer {token}"}
    assert Client().get(f"/api/psams/lists/{CITY}", headers=headers).status_code == 404
    ask(token, 5)
    _far, other = host(world, "990000", "乙省结算")
    answer = Client().get(f"/api/psams/lists/{CITY}", headers={"authorization": f"bearer {other}"})
    assert serial(1) in answer.content.decode()
    key = Client().get("/api/psams/key", headers=headers).json()
    assert verified(answer.content, bytes.fromhex(key["key"]))
    assert not verified(answer.content.replace(b"frozen", b"active"), bytes.fromhex(key["key"]))
    assert key["signer"] in answer.content.decode()
    same = Client().get(f"/api/psams/lists/{CITY}", headers={**headers, "if-none-match": answer["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    services.list_publish(world.by(CITY, OFFICER), body=world.city)
    newer = Client().get(f"/api/psams/lists/{CITY}", headers={**headers, "if-none-match": answer["ETag"]})
    assert newer.status_code == 200
    assert Client().get(f"/api/psams/lists/{CITY}").status_code == 401
