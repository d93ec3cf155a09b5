"""A region's way from draft to issuing: every step by whose it is, none left out, the hash over all of it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.db import Error, connection, transaction

from office.approval.region import (
    CLERK,
    LEADER,
    PLAN,
    REVIEWER,
    approved,
    batch,
    changed,
    filled,
    refused,
    region_of,
    result,
    review,
    reviewed,
    start,
    state,
    submit,
)
from office.country import Country
from shebaoka.office.approval import services
from shebaoka.office.approval.choices import ResultKind
from shebaoka.office.approval.models import Attachment, Case, Region, Review
from shebaoka.office.approval.readiness import case_digest, readiness
from shebaoka.office.approval.selectors import approved as approved_for
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import path_of, read
from shebaoka.office.organizations.actor import system
from shebaoka.office.organizations.two_persons import check, propose

EXTENSIONS = Path(__file__).parents[3] / "examples" / "extensions"


def test_a_city_from_draft_to_issuing(country: Country) -> None:
    case = filled(country)
    seen = [state()]
    submit(country, case)
    seen.append(state())
    services.review_begin(country.actor("980000", REVIEWER), case=case.pk)
    seen.append(state())
    review(country, case, "980000")
    seen.append(state())
    assert approved_for(country.organizations["980100"]) is None
    review(country, case, "000000")
    seen.append(state())
    office = system(country.organizations["980100"])
    services.keys_received(office, organization=office.organization, document="备忘1号")
    seen.append(state())
    services.psams_received(office, organization=office.organization, document="清单1号")
    seen.append(state())
    made = batch(country)
    for test in ResultKind:
        result(country, made, test)
    seen.append(state())
    start(country)
    seen.append(state())
    assert seen == [
        "draft",
        "city_submitted",
        "province_review",
        "ministry_review",
        "approved",
        "keys_received",
        "psams_received",
        "test_passed",
        "issuing",
    ]
    found = approved_for(country.organizations["980100"])
    assert found is not None
    assert (found.issuer_number, found.plan, found.issuing) == ("9156000002980100", PLAN, True)
    assert not Bypass.objects.exists()
    lines = "".join(Row.objects.values_list("line", flat=True))
    assert PLAN.contact not in lines
    assert PLAN.leader not in lines


def test_a_province_applies_to_the_ministry_directly(country: Country) -> None:
    case = filled(country, "980000")
    submit(country, case, "980000")
    assert state("980000") == "ministry_review"
    review(country, case, "000000")
    assert region_of("980000").issuer_number == "9156000002980000"


def test_nothing_is_submitted_while_an_item_is_empty(country: Country) -> None:
    case = filled(country)
    actor = country.actor("980100", CLERK)
    for attachment in Attachment.objects.filter(case=case):
        services.attachment_remove(actor, attachment=attachment.pk)
        with refused("not-ready"):
            submit(country, case)
        services.attachment_add(
            actor, case=case.pk, item=attachment.item, name=attachment.name, content=read(attachment.sha256)
        )
    services.plan_write(actor, case=case.pk, plan=changed(case, supplier=""))
    with refused("not-ready"):
        submit(country, case)
    assert state() == "draft"
    services.plan_write(actor, case=case.pk, plan=PLAN)
    submit(country, case)


def test_a_file_structure_that_departs_from_the_standard_is_not_submitted(country: Country) -> None:
    case = filled(country)
    actor = country.actor("980100", CLERK)
    good = (EXTENSIONS / "990100-city-services.toml").read_bytes()
    services.plan_write(actor, case=case.pk, plan=changed(case, layout="2.0"))
    item = "material.file-structure"
    with refused("item-ending"):
        services.attachment_add(actor, case=case.pk, item=item, name="a.pdf", content=good)
    services.attachment_add(actor, case=case.pk, item=item, name="good.toml", content=good)
    case.refresh_from_db()
    assert readiness(case).ready
    bad = services.attachment_add(actor, case=case.pk, item=item, name="bad.toml", content=b"nonsense = 1\n")
    (problem,) = readiness(case).structure
    assert problem.name == "bad.toml"
    assert str(settings.MEDIA_ROOT) not in problem.message
    with refused("not-ready"):
        submit(country, case)
    services.attachment_remove(actor, attachment=bad.pk)
    submit(country, case)


def test_what_was_submitted_is_sealed_for_everybody(country: Country) -> None:
    case = filled(country)
    submit(country, case)
    case.refresh_from_db()
    assert case.digest == case_digest(case)
    actor, attachment = country.actor("980100", CLERK), Attachment.objects.filter(case=case).first()
    assert attachment is not None
    with refused("sealed"):
        services.plan_write(actor, case=case.pk, plan=changed(case, face="x"))
    with refused("sealed"):
        services.attachment_remove(actor, attachment=attachment.pk)
    for statement in (
        "UPDATE approval_case SET plan = '{}'",
        "UPDATE approval_case SET digest = repeat('0', 64)",
        "UPDATE approval_case SET stage = 'approved', decided_at = now()",
        "DELETE FROM approval_case",
        "DELETE FROM approval_attachment",
        "UPDATE approval_attachment SET sha256 = repeat('0', 64)",
        "UPDATE approval_region SET state = 'issuing', issuer_number = '9156000002980100'",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    case.refresh_from_db()
    assert case.digest == case_digest(case)


def test_altered_evidence_is_named_and_nothing_is_decided(country: Country) -> None:
    case = filled(country)
    submit(country, case)
    services.review_begin(country.actor("980000", REVIEWER), case=case.pk)
    attachment = Attachment.objects.filter(case=case).first()
    assert attachment is not None
    path = path_of(attachment.sha256)
    content = path.read_bytes()
    path.write_bytes(b"forged")
    try:
        with pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == "base.file-damaged"):
            review(country, case, "980000")
    finally:
        path.write_bytes(content)
    assert state() == "province_review"
    assert not Review.objects.exists()


@pytest.mark.parametrize("body", ["980000", "000000"])
def test_a_case_sent_back_is_mended_and_submitted_again(country: Country, body: str) -> None:
    case = filled(country)
    submit(country, case)
    services.review_begin(country.actor("980000", REVIEWER), case=case.pk)
    if body == "000000":
        review(country, case, "980000")
    review(country, case, body, passed=False)
    assert state() == "draft"
    services.plan_write(
        country.actor("980100", CLERK), case=case.pk, plan=changed(case, face="甲市2026版修订")
    )
    submit(country, case)
    reviewed(country, case)
    digests = list(Review.objects.order_by("at", "pk").values_list("digest", flat=True))
    assert len(set(digests)) == 2
    assert state() == "approved"


def test_reviews_belong_to_the_reviewing_bodies(country: Country) -> None:
    case = filled(country)
    submit(country, case)
    decision = services.Decision(case.pk, True, "同意", "1号")
    for body in ("990000", "000000"):
        actor = country.actor(body, REVIEWER)
        with pytest.raises(Refusal):
            services.review_begin(actor, case=case.pk)
        with pytest.raises(Refusal):
            propose(actor, "approval.review.province", actor.organization, decision)
    services.review_begin(country.actor("980000", REVIEWER), case=case.pk)
    province = country.actor("980000", REVIEWER)
    waiting = propose(province, "approval.review.province", province.organization, decision)
    for body in ("980100", "990000", "000000"):
        with pytest.raises(Refusal):
            check(country.actor(body, LEADER), waiting.pk)
    with refused("not-now"):
        propose(
            country.actor("000000", REVIEWER),
            "approval.review.ministry",
            country.organizations["000000"],
            decision,
        )
    assert state() == "province_review"
    check(country.actor("980000", LEADER), waiting.pk)
    with refused("other-body"):
        propose(province, "approval.review.ministry", province.organization, decision)
    assert state() == "ministry_review"


def test_a_city_cannot_let_its_own_leader_check_what_the_ministry_decides(country: Country) -> None:
    case = filled(country)
    submit(country, case)
    services.review_begin(country.actor("980000", REVIEWER), case=case.pk)
    review(country, case, "980000")
    ministry = country.actor("000000", REVIEWER)
    city = country.organizations["980100"]
    waiting = propose(
        ministry, "approval.review.ministry", city, services.Decision(case.pk, True, "同意", "1号")
    )
    with refused("other-body"):
        check(country.actor("980100", LEADER), waiting.pk)
    assert state() == "ministry_review"
    assert region_of().issuer_number == ""


def test_an_approval_needs_the_number_of_the_reply(country: Country) -> None:
    case = filled(country, "980000")
    submit(country, case, "980000")
    with refused("no-document"):
        review(country, case, "000000", document=" ")
    assert state("980000") == "ministry_review"


def test_the_issuer_number_is_kept_for_ever(country: Country) -> None:
    approved(country)
    for number in ("", "9156000002990100"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE approval_region SET issuer_number = %s", [number])
    assert region_of().issuer_number == "9156000002980100"


@pytest.mark.parametrize("code", ["000000"])
def test_only_provinces_and_cities_become_issuers(country: Country, code: str) -> None:
    office = system(country.organizations[code])
    with refused("no-issuer"):
        services.region_open(office, organization=office.organization)
    assert not Region.objects.exists()


def test_keys_come_after_the_approval_and_psams_after_the_keys(country: Country) -> None:
    case = filled(country)
    office = system(country.organizations["980100"])
    with refused("not-now"):
        services.keys_received(office, organization=office.organization, document="1")
    submit(country, case)
    reviewed(country, case)
    with refused("not-now"):
        services.psams_received(office, organization=office.organization, document="1")
    services.keys_received(office, organization=office.organization, document="1")
    services.keys_received(office, organization=office.organization, document="2")
    assert state() == "keys_received"


def test_a_region_of_another_province_is_not_seen(country: Country) -> None:
    case = filled(country)
    with pytest.raises(Refusal):
        services.plan_write(country.actor("990100", CLERK), case=case.pk, plan=PLAN)
    with refused("other-body"):
        services.plan_write(country.actor("980000", CLERK), case=case.pk, plan=PLAN)
    assert Case.objects.get().plan == case.plan
