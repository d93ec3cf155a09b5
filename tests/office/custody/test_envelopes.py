"""Deputies' envelopes: closed by two, opened on the leader's order before another, sealed over new secrets
(R-65); and the access log of key rooms."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.custody.steps import CUSTODIAN, LEADER, OFFICER, OPERATOR, Steps, number
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.models import Envelope, EnvelopeOpening, RoomVisit
from shebaoka.office.custody.selectors.keepers import openings_left_open
from shebaoka.office.custody.services import (
    EnvelopeOrder,
    NewEnvelope,
    NewPlace,
    PlaceClosing,
    Resealing,
    room_enter,
    room_leave,
)

BODY = "980000"
NUMBER = "980000-2026-0001-E"
ORDER = EnvelopeOrder(BODY, NUMBER, "令2026-1", "两名保管员同时住院")


def deposit(steps: Steps, deputy: int = 3, *, by: int = 1) -> None:
    steps.place(BODY, "S9")
    new = NewEnvelope(BODY, number(BODY, CUSTODIAN, deputy), "S1柜密码", "S9", "E1")
    steps.agree("custody.envelope.deposit", new, steps.actor(BODY, CUSTODIAN, by), steps.actor(BODY, OFFICER))


def open_it(steps: Steps, *signers: str, deputy: int = 3, order: EnvelopeOrder = ORDER) -> None:
    actors = [steps.actor(BODY, role) for role in signers or (OFFICER, LEADER)]
    steps.agree("custody.envelope.open", order, steps.actor(BODY, CUSTODIAN, deputy), *actors)


def reseal(steps: Steps, seal: str = "E2", renewed: str = "S1柜新密码") -> None:
    new = Resealing(BODY, NUMBER, seal, renewed)
    steps.agree("custody.envelope.reseal", new, steps.actor(BODY, CUSTODIAN), steps.actor(BODY, OFFICER))


def test_deposited_opened_and_sealed_again(steps: Steps) -> None:
    deposit(steps)
    open_it(steps)
    made = Envelope.objects.get()
    opening = EnvelopeOpening.objects.get()
    signed = (opening.opened_by.number, opening.witness.number, opening.leader.number)
    assert signed == (number(BODY, CUSTODIAN, 3), number(BODY, OFFICER), number(BODY, LEADER))
    assert (made.status, opening.seal) == ("opened", "E1")
    with pytest.raises(Refusal, match="does not allow"):
        open_it(steps)
    body = steps.country.organizations[BODY]
    assert [late for _opening, late in openings_left_open(body)] == [False]
    with clock.at(NOW + timedelta(hours=25)):
        assert [late for _opening, late in openings_left_open(body)] == [True]
    for seal, renewed in (("E1", "x"), ("E2", " ")):
        with pytest.raises(Refusal):
            reseal(steps, seal, renewed)
    reseal(steps)
    made.refresh_from_db()
    assert (made.status, made.seal) == ("sealed", "E2")
    assert openings_left_open(body) == []
    open_it(steps)
    assert EnvelopeOpening.objects.count() == 2


def test_who_may_open_it(steps: Steps) -> None:
    deposit(steps)
    with pytest.raises(Refusal) as refusal:
        open_it(steps, deputy=1)
    assert refusal.value.code == "custody.only-its-deputy"
    for order in (EnvelopeOrder(BODY, NUMBER, " ", "x"), EnvelopeOrder(BODY, NUMBER, "令1", " ")):
        with pytest.raises(Refusal):
            open_it(steps, order=order)
    with pytest.raises(Refusal, match="may not do this"):
        open_it(steps, OFFICER, OPERATOR)
    actors = [steps.actor(BODY, OFFICER, nth) for nth in (1, 2)]
    with pytest.raises(Refusal, match="leader orders"):
        steps.agree("custody.envelope.open", ORDER, steps.actor(BODY, CUSTODIAN, 3), *actors)
    assert Envelope.objects.get().status == "sealed"
    assert not EnvelopeOpening.objects.exists()


def test_a_deputy_does_not_close_her_own(steps: Steps) -> None:
    with pytest.raises(Refusal, match="her own"):
        deposit(steps, 1)
    assert not Envelope.objects.exists()


def test_envelopes_stay_as_they_are_written(steps: Steps) -> None:
    deposit(steps)
    open_it(steps)
    reseal(steps)
    for statement in (
        "DELETE FROM custody_envelope",
        "UPDATE custody_envelopeopening SET reason = 'x'",
        "UPDATE custody_envelopeopening SET new_seal = 'E9'",
        "UPDATE custody_envelopeopening SET witness_id = leader_id",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    closing, actors = PlaceClosing(BODY, "S9"), (steps.actor(BODY, OPERATOR), steps.actor(BODY, OFFICER))
    with pytest.raises(Refusal, match="still kept"):
        steps.agree("custody.place.close", closing, *actors)


def enter(steps: Steps, persons: list[str], **changes: Any) -> RoomVisit:
    values = {"organization": BODY, "place": "R1", "persons": persons, "purpose": "导入密钥", **changes}
    return room_enter(steps.actor(BODY, CUSTODIAN), **values)


def test_nobody_is_alone_in_a_key_room(steps: Steps) -> None:
    new = NewPlace(BODY, "R1", "密钥室", "room", "示例路1号")
    steps.agree("custody.place.add", new, steps.actor(BODY, OPERATOR), steps.actor(BODY, OFFICER))
    steps.place(BODY, "S9")
    two = [number(BODY, CUSTODIAN), number(BODY, OPERATOR)]
    for persons, changes in (
        (two[:1], {}),
        ([two[0], two[0]], {}),
        ([two[0], number("990000", OPERATOR)], {}),
        (two, {"place": "S9"}),
        (two, {"purpose": " "}),
    ):
        with pytest.raises(Refusal):
            enter(steps, persons, **changes)
    assert not RoomVisit.objects.exists()
    visit = enter(steps, two, visitors="示例厂 示例工程师")
    with pytest.raises(Refusal, match="inside already"):
        enter(steps, [two[0], number(BODY, OFFICER)])
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE custody_roomvisit SET persons = ARRAY['x', 'y']::varchar[]")
    leaver = steps.actor(BODY, OFFICER)
    room_leave(leaver, organization=BODY, visit=visit.pk, remark="一切正常")
    with pytest.raises(Refusal, match="left already"):
        room_leave(leaver, organization=BODY, visit=visit.pk)
    assert RoomVisit.objects.get().left_by == leaver.staff
