"""Changes of what was approved, suspension, and orders against the approval (R-09, R-10)."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from office.approval.region import (
    CLERK,
    PLAN,
    REVIEWER,
    TODAY,
    approved,
    changed,
    equipped,
    issuing,
    order,
    passing,
    refused,
    region_of,
    reviewed,
    state,
    submit,
    two,
)
from office.conftest import NOW
from office.country import Country
from office.parameters.deciding import put
from shebaoka.office.approval import services
from shebaoka.office.approval.models import Case, Use
from shebaoka.office.approval.ordering import production_problems, remaining
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal

FACE, STRUCTURE = "material.card-face", "material.file-structure"


def change(country: Country, **other: Any) -> Case:
    """A change opened and written, not submitted."""
    actor = country.actor("980100", CLERK)
    case = services.change_open(actor, organization=actor.organization)
    services.plan_write(
        actor, case=case.pk, plan=changed(case, **other), reason="示例原因", effect="无", effective_on=TODAY
    )
    return case


@pytest.mark.parametrize(
    ("other", "kind", "again"),
    [
        ({"face": "甲市2027版"}, "re_approval", False),
        ({"layout": "2.0"}, "re_approval", True),
        ({"supplier": "另一卡厂"}, "filing", True),
        ({"product": "SSC-4"}, "filing", True),
        ({"cos": "示例COS 1.1"}, "filing", True),
        ({"population": ["职工", "城乡居民", "学生"]}, "filing", False),
        ({"quantities": {"2026": 2000, "2027": 500}}, "filing", False),
        ({"quantities": {"2026": 2000}, "face": "甲市2027版"}, "re_approval", False),
        ({"banks": ["示例银行"]}, "re_approval", False),
    ],
)
def test_the_workflow_follows_from_what_differs(
    country: Country, other: dict[str, Any], kind: str, again: bool
) -> None:
    issuing(country)
    case = change(country, **other)
    assert state() == "issuing"
    submit(country, case)
    case.refresh_from_db()
    assert (case.kind, case.changes) == (kind, sorted(other, key=list(PLAN.__struct_fields__).index))
    assert state() == "change_pending"
    reviewed(country, case)
    assert state() == ("psams_received" if again else "issuing")
    assert region_of().issuer_number == "9156000002980100"


def test_what_the_article_does_not_name_follows_the_ministrys_parameter(country: Country) -> None:
    issuing(country)
    put(country, "000000", "approval.unclassified-change", "filing")
    case = change(country, banks=["示例银行"])
    submit(country, case)
    case.refresh_from_db()
    assert case.kind == "filing"


def test_another_file_for_the_face_is_a_change_of_the_face(country: Country) -> None:
    issuing(country)
    case = change(country)
    with refused("nothing-changed"):
        submit(country, case)
    actor = country.actor("980100", CLERK)
    (old,) = case.attachments.filter(item=FACE)
    services.attachment_remove(actor, attachment=old.pk)
    services.attachment_add(actor, case=case.pk, item=FACE, name="face.pdf", content=b"TEST_ONLY new face")
    submit(country, case)
    case.refresh_from_db()
    assert (case.kind, case.changes) == ("re_approval", ["face"])


def test_a_changed_product_is_tested_before_it_is_made(country: Country) -> None:
    issuing(country)
    case = change(country, product="SSC-4")
    submit(country, case)
    reviewed(country, case)
    city = country.organizations["980100"]
    new = order(changed(case, product="SSC-4"))
    assert [each.code for each in production_problems(city, new, TODAY)] == ["approval.not-issuing"]
    assert production_problems(city, order(changed(case, product="SSC-4"), test=True), TODAY) == []
    passing(country)
    two(country, "980100", CLERK, "approval.issuing.start", services.Start("980100"))
    assert production_problems(city, new, TODAY) == []
    assert [each.code for each in production_problems(city, order(), TODAY)] == ["approval.not-as-approved"]


def test_a_change_counts_from_its_day(country: Country) -> None:
    issuing(country)
    actor = country.actor("980100", CLERK)
    case = services.change_open(actor, organization=actor.organization)
    plan = changed(case, face="甲市2027版")
    services.plan_write(actor, case=case.pk, plan=plan, reason="x", effective_on=date(2026, 7, 1))
    submit(country, case)
    reviewed(country, case)
    city = country.organizations["980100"]
    assert production_problems(city, order(), date(2026, 6, 30)) == []
    assert production_problems(city, order(plan), date(2026, 7, 1)) == []
    assert [e.code for e in production_problems(city, order(), date(2026, 7, 1))] == [
        "approval.not-as-approved"
    ]


def test_a_change_without_reason_or_for_a_day_that_is_over_is_not_submitted(country: Country) -> None:
    issuing(country)
    case = change(country, face="x")
    actor = country.actor("980100", CLERK)
    for values in (
        {"reason": "x", "effective_on": date(2026, 3, 1)},
        {"reason": "x"},
        {"effective_on": TODAY},
    ):
        services.plan_write(actor, case=case.pk, plan=changed(case, face="x"), **values)
        with refused("no-reason"):
            submit(country, case)
    assert state() == "issuing"


def test_one_change_at_a_time_and_a_draft_can_be_withdrawn(country: Country) -> None:
    issuing(country)
    case = change(country, face="x")
    actor = country.actor("980100", CLERK)
    with refused("case-open"):
        services.change_open(actor, organization=actor.organization)
    services.case_withdraw(actor, case=case.pk)
    again = services.change_open(actor, organization=actor.organization)
    assert again.number == 3


def test_a_change_sent_back_leaves_the_region_issuing(country: Country) -> None:
    issuing(country)
    case = change(country, face="x")
    submit(country, case)
    services.review_begin(country.actor("980000", REVIEWER), case=case.pk)
    decision = services.Decision(case.pk, False, "请补充", "")
    two(country, "980000", REVIEWER, "approval.review.province", decision)
    assert state() == "issuing"
    assert production_problems(country.organizations["980100"], order(), TODAY) == []


def test_production_while_a_change_is_reviewed_is_the_ministrys_decision(country: Country) -> None:
    issuing(country)
    submit(country, change(country, face="x"))
    city = country.organizations["980100"]
    assert [each.code for each in production_problems(city, order(), TODAY)] == ["approval.not-issuing"]
    put(country, "000000", "approval.produce-while-pending", True)
    assert production_problems(city, order(), TODAY) == []


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"face": "x"}, "not-as-approved"),
        ({"layout": "2.0"}, "not-as-approved"),
        ({"structure": "2"}, "not-as-approved"),
        ({"product": "x"}, "not-as-approved"),
        ({"supplier": "x"}, "not-as-approved"),
        ({"population": ("学生",)}, "not-as-approved"),
        ({"population": ()}, "not-as-approved"),
        ({"quantity": 1001}, "over-run"),
        ({"quantity": 0}, "no-quantity"),
    ],
)
def test_orders_that_are_not_as_approved_are_refused(
    country: Country, other: dict[str, Any], code: str
) -> None:
    issuing(country)
    actor = country.actor("980100", CLERK)
    with refused(code):
        services.production_reserve(
            actor, organization=actor.organization, order=order(**other), reference="980100-1"
        )
    assert not Use.objects.exists()


def test_the_quantity_of_a_year_runs_out_and_the_next_year_has_its_own(country: Country) -> None:
    issuing(country)
    actor = country.actor("980100", CLERK)
    for number, quantity in enumerate((600, 300, 100)):
        services.production_reserve(
            actor, organization=actor.organization, order=order(quantity=quantity), reference=f"A-{number}"
        )
    assert remaining(region_of(), TODAY) == 0
    with refused("over-run"):
        services.production_reserve(
            actor, organization=actor.organization, order=order(quantity=1), reference="A-9"
        )
    assert remaining(region_of(), date(2027, 1, 1)) == 500


def test_the_same_reference_takes_nothing_twice(country: Country) -> None:
    issuing(country)
    actor = country.actor("980100", CLERK)
    for _again in range(2):
        services.production_reserve(actor, organization=actor.organization, order=order(), reference="A-1")
    with refused("reference-taken"):
        services.production_reserve(
            actor, organization=actor.organization, order=order(quantity=1), reference="A-1"
        )
    assert remaining(region_of(), TODAY) == 900
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM approval_use")


def test_no_card_before_issuing_and_test_cards_only_with_keys_and_psams(country: Country) -> None:
    city = country.organizations["980100"]
    assert [each.code for each in production_problems(city, order(), TODAY)] == ["approval.no-region"]
    approved(country)
    codes = {
        each.code for test in (True, False) for each in production_problems(city, order(test=test), TODAY)
    }
    assert codes == {"approval.not-issuing"}


def test_test_cards_are_made_once_keys_and_psams_are_there(country: Country) -> None:
    equipped(country)
    city = country.organizations["980100"]
    assert production_problems(city, order(test=True), TODAY) == []
    assert [each.code for each in production_problems(city, order(), TODAY)] == ["approval.not-issuing"]


def test_a_suspended_region_makes_nothing_until_who_suspended_it_lets_it(country: Country) -> None:
    issuing(country)
    why = services.StateChange("980100", "示例原因")
    with pytest.raises(Refusal):
        two(country, "990000", REVIEWER, "approval.issuing.suspend", why)
    assert state() == "issuing"
    two(country, "000000", REVIEWER, "approval.issuing.suspend", why)
    city = country.organizations["980100"]
    assert [each.code for each in production_problems(city, order(), TODAY)] == ["approval.not-issuing"]
    with refused("other-body"):
        two(country, "980000", REVIEWER, "approval.issuing.resume", why)
    assert state() == "suspended"
    two(country, "000000", REVIEWER, "approval.issuing.resume", why)
    assert state() == "issuing"


def test_a_region_suspended_while_a_change_is_reviewed_goes_back_to_it(country: Country) -> None:
    issuing(country)
    case = change(country, face="x")
    submit(country, case)
    why = services.StateChange("980100", "示例原因")
    two(country, "980000", REVIEWER, "approval.issuing.suspend", why)
    services.review_begin(country.actor("980000", REVIEWER), case=case.pk)
    with refused("suspended"):
        two(country, "980000", REVIEWER, "approval.review.province", services.Decision(case.pk, True, "x"))
    two(country, "980000", REVIEWER, "approval.issuing.resume", why)
    assert state() == "change_pending"


def test_orders_at_once_do_not_take_the_same_cards(country: Country) -> None:
    """One after the other under the region's lock; the second sees what the first took."""
    issuing(country)
    actor = country.actor("980100", CLERK)
    services.production_reserve(
        actor, organization=actor.organization, order=order(quantity=900), reference="A"
    )
    with refused("over-run"):
        services.production_reserve(
            actor, organization=actor.organization, order=order(quantity=200), reference="B"
        )
    with clock.at(NOW + timedelta(days=1)):
        assert remaining(region_of(), clock.today()) == 100
    with pytest.raises(Refusal):
        services.production_reserve(
            country.actor("990100", CLERK), organization=actor.organization, order=order(), reference="C"
        )
