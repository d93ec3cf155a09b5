"""Stock-takes: two persons count, every difference is explained and opens an incident (R-54)."""

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.custody.steps import CONTROL, CUSTODIAN, LEADER, MOTHER, TRANSMISSION, Steps, replaced
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.models import StockTake, StockTakeLine
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import Count, Counted, Explained

ALL = Count("980000", (Counted(MOTHER, "F1"), Counted(TRANSMISSION, "F2"), Counted(CONTROL, "F3")))


def test_a_count_without_differences(steps: Steps, incidents: list[hooks.Report]) -> None:
    steps.received()
    leader = steps.actor("980000", LEADER)
    province = steps.country.organizations["980000"]
    assert registers.stock_takes_due(leader) == [(province, None)]
    steps.custodians("980000", "custody.stock-take.record", ALL)
    take = StockTake.objects.get()
    assert (take.expected, take.found, take.differences, take.incident) == (3, 3, 0, "")
    assert take.counted_a != take.counted_b
    assert not incidents
    assert registers.stock_takes_due(leader) == []
    with clock.at(NOW.replace(month=4)):
        assert registers.stock_takes_due(leader) == [(province, take.counted_at)]


def test_what_is_out_is_not_missing(steps: Steps) -> None:
    steps.received()
    steps.take_out(steps.taking())
    steps.custodians("980000", "custody.stock-take.record", replaced(ALL, found=ALL.found[1:]))
    assert StockTake.objects.get().differences == 0


def test_differences_need_an_explanation_and_open_one_incident(
    steps: Steps, incidents: list[hooks.Report]
) -> None:
    steps.received()
    found = (Counted(TRANSMISSION, "F8"), Counted(CONTROL, "F3"), Counted("1234567890123456", "X"))
    partly = Count("980000", found, (Explained(MOTHER, "待查"), Explained(TRANSMISSION, "换封未登记")))
    with pytest.raises(Refusal, match="without an explanation: 1234567890123456"):
        steps.custodians("980000", "custody.stock-take.record", partly)
    assert not StockTake.objects.exists()
    whole = replaced(partly, explanations=(*partly.explanations, Explained("1234567890123456", "来源不明")))
    steps.custodians("980000", "custody.stock-take.record", whole)
    differences = dict(StockTakeLine.objects.exclude(difference="").values_list("serial", "difference"))
    assert differences == {MOTHER: "missing", TRANSMISSION: "seal", "1234567890123456": "unknown"}
    (report,) = incidents
    assert (report.kind, report.potential) == ("stock-difference", True)
    assert StockTake.objects.get().incident == "INC-1"


def test_a_count_is_not_changed_later_nor_made_by_one(steps: Steps) -> None:
    steps.received()
    with pytest.raises(Refusal, match="maker of an act cannot check"):
        steps.agree(
            "custody.stock-take.record",
            ALL,
            steps.actor("980000", CUSTODIAN),
            steps.actor("980000", CUSTODIAN),
        )
    with pytest.raises(Refusal, match="given twice"):
        steps.custodians("980000", "custody.stock-take.record", replaced(ALL, found=(ALL.found[0],) * 2))
    steps.custodians("980000", "custody.stock-take.record", ALL)
    for statement in (
        "UPDATE custody_stocktake SET found = 9",
        "DELETE FROM custody_stocktakeline",
        "UPDATE custody_stocktakeline SET difference = 'missing'",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
