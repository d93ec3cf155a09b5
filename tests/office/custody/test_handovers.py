"""Nothing leaves for a third party without all four documents (M47 art. 24, R-29); overdue is an alarm."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.custody.steps import (
    CONTROL,
    CUSTODIAN,
    LEADER,
    MOTHER,
    OFFICER,
    OPERATOR,
    TRANSMISSION,
    Steps,
    number,
)
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import read
from shebaoka.office.base.records import writing
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import CarrierStatus, HandOverStatus
from shebaoka.office.custody.jobs import alarms
from shebaoka.office.custody.models import Carrier, HandOver
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import (
    Entrusted,
    Release,
    Return,
    SealBack,
    hand_over_agree,
    hand_over_prepare,
    hand_over_record,
    hand_over_review,
    hand_over_supervise,
    hand_over_visit,
    hand_over_withdraw,
)
from shebaoka.office.organizations.models import Organization, Staff

NUMBER = "980000-2026-0002-T"
DUE = date(2026, 4, 30)
SCAN = ("agreement.pdf", b"%PDF-1.7 invented agreement")
HERE = {"organization": "980000", "number": NUMBER}


def factory(steps: Steps) -> None:
    """A card factory in province 98 with two members of staff."""
    with writing("tests.factory"):
        province = steps.country.organizations["980000"]
        made = Organization.objects.create(
            code="980000-F01",
            region="980000",
            kind="factory",
            name="示例制卡厂",
            parent=province,
            path=f"{province.path}980000-F01/",
        )
        for name in ("F01-1", "F01-2"):
            Staff.objects.create(number=name, name="厂员", organization=made, password="!")


def prepare(steps: Steps, *carriers: Entrusted, due: date = DUE) -> HandOver:
    return hand_over_prepare(
        steps.actor("980000", OPERATOR),
        organization="980000",
        third_party="980000-F01",
        purpose="委托制卡",
        due_on=due,
        carriers=carriers or (Entrusted(MOTHER, "F01-1"), Entrusted(TRANSMISSION, "F01-2")),
    )


def record(steps: Steps) -> None:
    custodian = steps.actor("980000", CUSTODIAN)
    hand_over_record(custodian, **HERE, day=date(2026, 3, 2), place="省中心", transport="两人专车")


def agree(steps: Steps, until: date = date(2026, 12, 31)) -> None:
    hand_over_agree(
        steps.actor("980000", LEADER),
        **HERE,
        agreement="密协2026-1",
        signed_on=date(2026, 3, 1),
        valid_until=until,
        ours="厅领导",
        theirs="厂长",
        scan=SCAN,
    )


def review(steps: Steps, approved: bool = True) -> None:
    hand_over_review(
        steps.actor("980000", OFFICER),
        **HERE,
        version="V2",
        approved=approved,
        remark="" if approved else "监控不足",
        scan=("plan.pdf", b"%PDF-1.7 invented plan"),
    )


def supervise(steps: Steps) -> None:
    hand_over_supervise(
        steps.actor("980000", LEADER),
        **HERE,
        supervisor=number("980000", OFFICER),
        every_days=14,
        what="现场查看保管、使用与登记",
    )


FOUR: tuple[Callable[[Steps], None], ...] = (record, agree, review, supervise)


def ready(steps: Steps) -> None:
    steps.received()
    factory(steps)
    prepare(steps)
    for part in FOUR:
        part(steps)


def release(steps: Steps) -> None:
    steps.custodians("980000", "custody.hand-over.release", Release("980000", NUMBER))


def statuses() -> set[str]:
    return set(Carrier.objects.filter(kind__in=["mother", "transmission"]).values_list("status", flat=True))


@pytest.mark.parametrize("left_out", FOUR, ids=lambda part: part.__name__)
def test_with_three_of_four_nothing_leaves(steps: Steps, left_out: Callable[[Steps], None]) -> None:
    steps.received()
    factory(steps)
    prepare(steps)
    for part in FOUR:
        if part is not left_out:
            part(steps)
    with pytest.raises(Refusal, match="lacks"):
        release(steps)
    assert HandOver.objects.get().status == HandOverStatus.PREPARED
    assert statuses() == {CarrierStatus.STORED}
    for statement in (
        "UPDATE custody_handover SET status = 'effective'",
        "UPDATE custody_carrier SET status = 'at-third-party', place_id = NULL WHERE kind = 'mother'",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_out_with_all_four_visited_and_back(steps: Steps) -> None:
    ready(steps)
    made = HandOver.objects.get()
    assert made.status == HandOverStatus.EFFECTIVE
    assert read(made.agreement_file) == SCAN[1]
    release(steps)
    assert statuses() == {CarrierStatus.AT_THIRD_PARTY}
    made.refresh_from_db()
    assert (made.status, made.out_a != made.out_b) == (HandOverStatus.OUT, True)
    officer = steps.actor("980000", OFFICER)
    assert registers.visits_due(officer) == []
    with clock.at(NOW.replace(day=16)):
        assert [each.number for each in registers.visits_due(officer)] == [NUMBER]
    with pytest.raises(Refusal, match="dates"):
        hand_over_visit(officer, **HERE, day=date(2026, 3, 3), found="正常", in_order=True)
    hand_over_visit(officer, **HERE, day=date(2026, 3, 2), found="保管符合方案", in_order=True)
    back = Return(
        "980000",
        NUMBER,
        (
            SealBack(MOTHER, "F21", number("980000", CUSTODIAN, 1)),
            SealBack(TRANSMISSION, "F22", number("980000", CUSTODIAN, 2)),
        ),
    )
    with pytest.raises(Refusal, match="Every carrier"):
        steps.custodians("980000", "custody.hand-over.return", Return("980000", NUMBER, back.carriers[:1]))
    steps.custodians("980000", "custody.hand-over.return", back)
    assert statuses() == {CarrierStatus.RETURNED}
    made.refresh_from_db()
    assert made.status == HandOverStatus.RETURNED


def test_nobody_there_gets_both_halves(steps: Steps) -> None:
    steps.received()
    factory(steps)
    prepare(steps, Entrusted(MOTHER, "F01-1"), Entrusted(TRANSMISSION, "F01-1"))
    for part in FOUR:
        part(steps)
    with pytest.raises(Refusal, match="would hold a mother card and its transmission card"):
        release(steps)
    assert statuses() == {CarrierStatus.STORED}


def test_a_rejected_plan_and_a_short_agreement_are_none(steps: Steps) -> None:
    steps.received()
    factory(steps)
    prepare(steps)
    record(steps)
    supervise(steps)
    with pytest.raises(Refusal, match="last until"):
        agree(steps, until=date(2026, 4, 29))
    agree(steps)
    review(steps, approved=False)
    assert HandOver.objects.get().status == HandOverStatus.PREPARED
    review(steps)
    assert HandOver.objects.get().status == HandOverStatus.EFFECTIVE


def test_overdue_return_is_a_potential_incident_once(steps: Steps, incidents: list[hooks.Report]) -> None:
    ready(steps)
    release(steps)
    with clock.at(datetime(2026, 4, 30, 1, tzinfo=UTC)):
        assert [each.number for each in registers.hand_overs_out(steps.actor("980000", LEADER))] == [NUMBER]
        alarms()
    assert not incidents
    for _again in range(2):
        with clock.at(datetime(2026, 5, 1, 1, tzinfo=UTC)):
            alarms()
    (report,) = incidents
    assert (report.kind, report.potential) == ("overdue-return", True)
    assert sorted(report.serials) == [MOTHER, TRANSMISSION]
    assert HandOver.objects.get().incident == "INC-1"


def test_where_and_how_long_is_bounded(steps: Steps) -> None:
    steps.received()
    factory(steps)
    for due in (date(2026, 3, 2), date(2027, 3, 2)):
        with pytest.raises(Refusal, match="day of return"):
            prepare(steps, due=due)
    with pytest.raises(Refusal, match="not at this body"):
        prepare(steps, Entrusted(CONTROL, number("980000", CUSTODIAN)))
    with pytest.raises(Refusal, match="is no third party"):
        hand_over_prepare(
            steps.actor("980000", OPERATOR),
            organization="980000",
            third_party="980100",
            purpose="x",
            due_on=DUE,
            carriers=[Entrusted(CONTROL, "F01-1")],
        )
    assert not HandOver.objects.exists()


def test_a_withdrawn_hand_over_stays_withdrawn(steps: Steps) -> None:
    ready(steps)
    hand_over_withdraw(steps.actor("980000", LEADER), **HERE, why="改由省中心制卡")
    with pytest.raises(Refusal):
        release(steps)
    with pytest.raises(Refusal):
        review(steps)
    assert statuses() == {CarrierStatus.STORED}
