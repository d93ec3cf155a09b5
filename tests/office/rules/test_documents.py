"""Rules of a body: in force only when approved by the leader, begun, and acknowledged by every custodian."""

from datetime import date, timedelta

import pytest
from django.db import Error, connection, transaction

from office.country import Country
from office.ready import rules_in_force
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.models import Assignment, TwoPersonAct
from shebaoka.office.organizations.services import staff_suspend
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.rules import selectors, services
from shebaoka.office.rules.choices import DocumentKind, Lack
from shebaoka.office.rules.models import Acknowledgment, Document
from shebaoka.office.rules.services import Approval, Withdrawal

CITY = "980100"
TODAY = date(2026, 3, 2)


def drafted(country: Country, kind: DocumentKind = DocumentKind.KEY_RULES) -> Document:
    officer = country.actor(CITY, "organizations.security-officer")
    return services.document_draft(
        officer,
        organization=country.organizations[CITY],
        kind=kind,
        title="密钥管理制度",
        text="# 总则\n第一条",
    )


def proposed(country: Country, document: Document, since: date = TODAY) -> TwoPersonAct:
    officer = country.actor(CITY, "organizations.security-officer")
    approval = Approval(str(document.pk), document.digest, since)
    return propose(officer, "rules.document.approve", document.organization, approval, subject=document)


def approved(country: Country, document: Document, since: date = TODAY) -> Document:
    waiting = proposed(country, document, since)
    check(country.actor(CITY, "organizations.leader"), waiting.pk, digest=waiting.digest)
    document.refresh_from_db()
    return document


def reasons(country: Country, kind: DocumentKind | None, day: date = TODAY) -> list[Lack]:
    found = selectors.valid_documents(country.organizations[CITY], day)
    return [each.why for each in found.lacking if each.kind == kind]


def test_a_body_without_documents_lacks_all_of_them_and_a_drill(country: Country) -> None:
    found = selectors.valid_documents(country.organizations[CITY])
    assert [(each.kind, each.why) for each in found.lacking] == [
        *((kind, Lack.NO_DOCUMENT) for kind in DocumentKind),
        (None, Lack.NO_DRILL),
    ]
    assert not found.complete
    with pytest.raises(Refusal) as refused:
        selectors.demand_documents(country.organizations[CITY])
    assert refused.value.code == "rules.lacking"
    assert "示例甲市" in str(refused.value)


def test_complete_documents_let_a_body_receive(country: Country) -> None:
    rules_in_force(country, CITY)
    assert selectors.demand_documents(country.organizations[CITY]).lacking == ()


def test_a_document_is_valid_from_its_day_when_the_last_custodian_has_acknowledged(country: Country) -> None:
    document = approved(country, drafted(country), TODAY + timedelta(days=3))
    assert reasons(country, DocumentKind.KEY_RULES) == [Lack.NO_DOCUMENT]
    later = TODAY + timedelta(days=3)
    assert reasons(country, DocumentKind.KEY_RULES, later) == [Lack.NOT_ACKNOWLEDGED]
    for nth in (1, 2, 3):
        custodian = country.actor(CITY, "organizations.key-custodian", nth)
        services.document_acknowledge(custodian, document=document, digest=document.digest)
        left = [Lack.NOT_ACKNOWLEDGED] if nth < 3 else []
        assert reasons(country, DocumentKind.KEY_RULES, later) == left
    row = Row.objects.filter(act="rules.document.approve").get()
    assert '"actor":"980100-leader-1"' in row.line
    assert '"maker":"980100-security-officer-1"' in row.line
    assert not Bypass.objects.exists()


def test_a_new_custodian_has_to_acknowledge_and_a_suspended_one_need_not(country: Country) -> None:
    rules_in_force(country, CITY)
    body = country.organizations[CITY]
    newcomer = country.actor(CITY, "organizations.psam-keeper", 1).staff
    assert newcomer is not None
    Assignment.objects.create(
        staff=newcomer, role="organizations.key-custodian", organization=body, since=TODAY
    )
    assert reasons(country, DocumentKind.KEY_RULES) == [Lack.NOT_ACKNOWLEDGED]
    staff_suspend(country.actor(CITY, "organizations.leader"), number=newcomer.number, reason="调查")
    assert reasons(country, DocumentKind.KEY_RULES) == []


def test_the_leader_approves_the_text_she_saw_and_no_other(country: Country) -> None:
    document = drafted(country)
    waiting = proposed(country, document)
    officer = country.actor(CITY, "organizations.security-officer")
    services.document_edit(officer, document=document, title="密钥管理制度", text="# 总则\n另一条")
    with pytest.raises(Refusal) as refused:
        check(country.actor(CITY, "organizations.leader"), waiting.pk)
    assert refused.value.code == "rules.changed-since"
    document.refresh_from_db()
    assert (document.state, document.in_force_from) == ("draft", None)


def test_who_proposed_cannot_approve(country: Country) -> None:
    waiting = proposed(country, drafted(country))
    with pytest.raises(Refusal):
        check(country.actor(CITY, "organizations.security-officer"), waiting.pk)
    with pytest.raises(Refusal):
        check(country.actor("990100", "organizations.leader"), waiting.pk)
    assert not Document.objects.filter(state="approved").exists()


def test_the_next_version_replaces_the_one_before_on_its_day(country: Country) -> None:
    first = approved(country, drafted(country))
    second = approved(country, drafted(country), TODAY + timedelta(days=10))
    held = selectors.valid_documents(country.organizations[CITY], TODAY).documents
    assert held[DocumentKind.KEY_RULES] == first
    held = selectors.valid_documents(country.organizations[CITY], TODAY + timedelta(days=10)).documents
    assert held[DocumentKind.KEY_RULES] == second
    assert (first.version, second.version) == (1, 2)


def test_a_withdrawn_version_leaves_nothing_in_force(country: Country) -> None:
    document = approved(country, drafted(country))
    officer = country.actor(CITY, "organizations.security-officer")
    payload = Withdrawal(str(document.pk), TODAY, "内容有误")
    waiting = propose(officer, "rules.document.withdraw", document.organization, payload)
    check(country.actor(CITY, "organizations.leader"), waiting.pk)
    assert reasons(country, DocumentKind.KEY_RULES) == [Lack.NO_DOCUMENT]


def test_only_those_concerned_acknowledge_and_once(country: Country) -> None:
    document = approved(country, drafted(country))
    for actor, code in (
        (country.actor(CITY, "organizations.psam-keeper"), "rules.not-concerned"),
        (country.actor("980000", "organizations.key-custodian"), "rules.not-concerned"),
        (country.actor(CITY, "organizations.leader"), "organizations.not-allowed"),
        (country.actor("990100", "organizations.key-custodian"), "base.not-found"),
    ):
        with pytest.raises(Refusal) as refused:
            services.document_acknowledge(actor, document=document, digest=document.digest)
        assert refused.value.code == code
    assert not Acknowledgment.objects.exists()
    custodian = country.actor(CITY, "organizations.key-custodian")
    assert selectors.to_acknowledge(custodian) == [document]
    services.document_acknowledge(custodian, document=document, digest=document.digest)
    assert selectors.to_acknowledge(custodian) == []
    with pytest.raises(Refusal) as refused:
        services.document_acknowledge(custodian, document=document, digest=document.digest)
    assert refused.value.code == "rules.acknowledged"
    assert Acknowledgment.objects.count() == 1


def test_a_review_is_overdue_after_the_months_set_and_blocks_nothing(country: Country) -> None:
    rules_in_force(country, CITY)
    late = date(2028, 2, 1)
    assert reasons(country, DocumentKind.KEY_RULES, late - timedelta(days=1)) == []
    assert reasons(country, DocumentKind.KEY_RULES, late) == [Lack.REVIEW_OVERDUE]
    assert selectors.valid_documents(country.organizations[CITY], late).complete


def test_what_is_approved_cannot_be_changed_by_sql(country: Country) -> None:
    document = approved(country, drafted(country))
    for statement in (
        "UPDATE rules_document SET text = '改'",
        "UPDATE rules_document SET in_force_from = '2020-01-01'",
        "UPDATE rules_document SET state = 'draft', in_force_from = NULL, approved_at = NULL",
        "DELETE FROM rules_document",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    digest = document.digest
    document.refresh_from_db()
    assert (document.state, document.digest) == ("approved", digest)


def test_two_drafts_of_one_document_are_refused(country: Country) -> None:
    document = drafted(country)
    with pytest.raises(Refusal) as refused:
        drafted(country)
    assert refused.value.code == "rules.draft-there"
    services.document_discard(country.actor(CITY, "organizations.key-administrator"), document=document)
    assert drafted(country).version == 2
    with clock.at(clock.now()), pytest.raises(Refusal):
        services.document_discard(country.actor(CITY, "organizations.key-administrator"), document=document)
