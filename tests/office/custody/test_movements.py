"""A carrier leaves its place with two signatures and comes back with two, its steps recorded (R-28, K-10)."""

from datetime import timedelta

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.custody.steps import CUSTODIAN, LEADER, MOTHER, OPERATOR, Steps, number, replaced
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import CarrierStatus
from shebaoka.office.custody.jobs import alarms
from shebaoka.office.custody.models import Carrier, Movement
from shebaoka.office.custody.procedures import procedures, steps_of
from shebaoka.office.custody.services import BringingBack, carrier_damage, carrier_lose, movement_step
from shebaoka.office.organizations.services import Member
from shebaoka.office.organizations.two_persons import check, propose

BACK = BringingBack("980000", MOTHER, "F7")


def status() -> str:
    return Carrier.objects.get(serial=MOTHER).status


def all_steps(steps: Steps, serial: str = MOTHER) -> None:
    for step in steps_of("mother"):
        movement_step(steps.actor("980000", OPERATOR), organization="980000", serial=serial, step=step.name)


def test_out_and_in_with_two_signatures_each(steps: Steps) -> None:
    steps.received()
    steps.take_out(steps.taking(), first=1, second=3)
    out = Movement.objects.get()
    assert (out.taker.number, out.out_a.number, out.out_b.number) == (
        number("980000", OPERATOR),
        number("980000", CUSTODIAN, 1),
        number("980000", CUSTODIAN, 3),
    )
    assert (out.due_at - out.out_at, status()) == (timedelta(hours=8), CarrierStatus.OUT)
    all_steps(steps)
    steps.custodians("980000", "custody.carrier.bring-back", BACK)
    out.refresh_from_db()
    assert (out.seal_out, out.seal_in, status()) == ("F1", "F7", CarrierStatus.STORED)
    assert out.in_a
    assert out.in_b
    assert out.in_a != out.in_b
    carrier = Carrier.objects.get(serial=MOTHER)
    assert carrier.seal == "F7"
    assert not carrier.holdings.filter(until=None, capacity="taker").exists()
    line = Row.objects.get(act="custody.carrier.take-out").line
    assert '"maker":"980000-key-administrator-1"' in line
    assert '"checker":"980000-key-custodian-1"' in line


def test_one_signature_moves_nothing(steps: Steps) -> None:
    steps.received()
    operator = steps.actor("980000", OPERATOR)
    waiting = propose(
        operator, "custody.carrier.take-out", steps.country.organizations["980000"], steps.taking()
    )
    check(steps.actor("980000", CUSTODIAN), waiting.pk)
    for again in (steps.actor("980000", CUSTODIAN), operator, steps.actor("980000", LEADER)):
        with pytest.raises(Refusal):
            check(again, waiting.pk)
    assert status() == CarrierStatus.STORED
    assert not Movement.objects.exists()


def test_neither_signer_answers_for_the_carrier(steps: Steps) -> None:
    steps.received()
    with pytest.raises(Refusal, match="Neither signer answers"):
        steps.take_out(steps.taking(), first=2, second=3)
    assert status() == CarrierStatus.STORED


@pytest.mark.parametrize(
    "change",
    [{"hours": 0}, {"hours": 25}, {"seal": "F0"}, {"purpose": " "}, {"approval": ""}, {"serial": "1"}],
)
def test_an_unfit_request_is_refused_at_once(steps: Steps, change: dict[str, object]) -> None:
    steps.received()
    with pytest.raises(Refusal):
        steps.agree(
            "custody.carrier.take-out", replaced(steps.taking(), **change), steps.actor("980000", OPERATOR)
        )
    assert status() == CarrierStatus.STORED


def test_custodians_of_other_bodies_sign_nothing(steps: Steps) -> None:
    steps.received()
    operator = steps.actor("980000", OPERATOR)
    waiting = propose(
        operator, "custody.carrier.take-out", steps.country.organizations["980000"], steps.taking()
    )
    with pytest.raises(Refusal):
        check(steps.actor("990000", CUSTODIAN), waiting.pk)
    check(steps.actor("980000", CUSTODIAN), waiting.pk)
    with pytest.raises(Refusal, match="Only staff of"):
        check(steps.actor("000000", CUSTODIAN), waiting.pk)
    with pytest.raises(Refusal, match="Only staff of"):
        steps.agree("custody.carrier.take-out", steps.taking(), steps.actor("000000", OPERATOR))
    assert status() == CarrierStatus.STORED


def test_steps_come_in_their_order_and_none_is_left_out_silently(steps: Steps) -> None:
    steps.received()
    steps.take_out(steps.taking())
    actor = steps.actor("980000", OPERATOR)
    for wrong in ("transfer", "nothing"):
        with pytest.raises(Refusal, match="The next step is"):
            movement_step(actor, organization="980000", serial=MOTHER, step=wrong)
    movement_step(actor, organization="980000", serial=MOTHER, step="seal")
    with pytest.raises(Refusal, match="4 steps are not recorded"):
        steps.custodians("980000", "custody.carrier.bring-back", BACK)
    with pytest.raises(Refusal, match="needs a new seal"):
        steps.custodians("980000", "custody.carrier.bring-back", replaced(BACK, seal="F1", remark="未使用"))
    steps.custodians("980000", "custody.carrier.bring-back", replaced(BACK, remark="加密机故障，未使用"))
    assert Movement.objects.get().remark == "加密机故障，未使用"
    with pytest.raises(Refusal, match="is not out"):
        movement_step(actor, organization="980000", serial=MOTHER, step="apart")


def test_the_log_holds_against_direct_sql(steps: Steps) -> None:
    steps.received()
    steps.take_out(steps.taking())
    movement_step(steps.actor("980000", OPERATOR), organization="980000", serial=MOTHER, step="seal")
    for statement in (
        "UPDATE custody_movement SET purpose = 'other'",
        "UPDATE custody_movement SET out_b_id = out_a_id",
        "UPDATE custody_movement SET in_at = now(), in_a_id = out_a_id, in_b_id = out_a_id",
        "UPDATE custody_movement SET in_at = now()",
        "DELETE FROM custody_movementstep",
        "UPDATE custody_movementstep SET name = 'clear'",
        "DELETE FROM custody_movement",
        "UPDATE custody_carrier SET status = 'out' WHERE status = 'stored'",
        "UPDATE custody_carrier SET status = 'sent' WHERE status = 'stored'",
        "UPDATE custody_carrier SET status = 'at-third-party' WHERE status = 'stored'",
        "UPDATE custody_carrier SET status = 'destroyed', place_id = NULL WHERE status = 'stored'",
        "UPDATE custody_carrier SET status = 'received' WHERE status = 'stored'",
        "UPDATE custody_carrier SET serial = '1111111111111111' WHERE kind = 'mother'",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_carrier_out_for_too_long_is_alarmed_once(steps: Steps, incidents: list[hooks.Report]) -> None:
    steps.received()
    steps.take_out(steps.taking())
    with clock.at(NOW + timedelta(hours=8)):
        alarms()
    assert not incidents
    for _again in range(2):
        with clock.at(NOW + timedelta(hours=8, minutes=1)):
            alarms()
    (report,) = incidents
    assert (report.kind, report.potential, report.serials) == ("overdue-return", True, (MOTHER,))


def test_a_lost_carrier_opens_an_incident_at_once(steps: Steps, incidents: list[hooks.Report]) -> None:
    steps.received()
    steps.take_out(steps.taking())
    actor = steps.actor("980000", CUSTODIAN)
    with pytest.raises(Refusal, match="A text is missing"):
        carrier_lose(actor, organization="980000", serial=MOTHER, what="")
    assert carrier_lose(actor, organization="980000", serial=MOTHER, what="清点时不在") == "INC-1"
    carrier = Carrier.objects.get(serial=MOTHER)
    assert (carrier.status, carrier.place) == (CarrierStatus.LOST, None)
    assert not carrier.holdings.filter(until=None).exists()
    (report,) = incidents
    assert (report.kind, report.what, report.found_at) == ("carrier-lost", "清点时不在", NOW)
    with pytest.raises(Refusal):
        steps.take_out(steps.taking())


def test_a_damaged_carrier_is_not_used(steps: Steps) -> None:
    steps.received()
    carrier_damage(steps.actor("980000", CUSTODIAN), organization="980000", serial=MOTHER, what="无响应")
    with pytest.raises(Refusal, match="cannot do this now"):
        steps.take_out(steps.taking())


def test_who_holds_something_does_not_leave(steps: Steps) -> None:
    steps.received()
    member = Member(number("980000", CUSTODIAN))
    admin = "organizations.administrator"
    with pytest.raises(Refusal, match=f"{number('980000', CUSTODIAN)} has not handed over: .*{MOTHER}"):
        propose(
            steps.actor("980000", admin),
            "organizations.staff.leave",
            steps.country.organizations["980000"],
            member,
        )


def test_every_kind_of_carrier_has_its_procedure() -> None:
    assert set(procedures()) == {"master-control", "mother", "transmission"}
    for procedure in procedures().values():
        assert len({step.name for step in procedure.steps}) == len(procedure.steps) >= 4
