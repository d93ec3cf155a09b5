"""Test cards and their three results (M47 art. 12, R-15)."""

import json
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from shebaoka.office.approval.choices import ResultKind, Stage, State
from shebaoka.office.approval.models import CardReport, Case, TestBatch, TestResult
from shebaoka.office.approval.services.steps import of_body, region_locked, region_moves
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind as Body
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import number


class Result(msgspec.Struct, frozen=True):
    """A result of a batch. ``report``: its number."""

    batch: UUID
    test: str
    passed: bool
    report: str
    reported_on: date
    remark: str = ""


@service("approval.test.batch.add")
def batch_add(
    act: Act, *, organization: Organization, cards: int, site: str, made_on: date, key_versions: str = ""
) -> TestBatch:
    """Test cards made in the real production environment. Raises Refusal ``not-now``, ``too-few-cards``,
    ``batch-unfit``, ``other-body``."""
    region = region_locked(act, organization)
    of_body(act, organization)
    _testing(region.state)
    least = number(organization, "approval.test-cards")
    if cards < least:
        raise Refusal("approval.too-few-cards", least=least)
    if made_on > clock.today() or not site.strip() or len(site) > 200 or cards > 9999:
        raise Refusal("approval.batch-unfit")
    case = region.cases.filter(stage=Stage.APPROVED).latest("number")
    made = TestBatch.objects.create(
        case=case,
        number=case.batches.count() + 1,
        cards=cards,
        site=site.strip(),
        made_on=made_on,
        key_versions=" ".join(key_versions.split())[:120],
        at=act.time,
    )
    act.about(made, case=str(case.pk), number=made.number, cards=cards)
    return made


@service("approval.test.report.attach")
def card_report_attach(act: Act, *, batch: UUID, name: str, content: bytes) -> CardReport:
    """The JSON report of ``shebaoka card check`` on a card of the batch. It counts only with something
    tested, and only for cards of the approved specification and of this region.

    Raises Refusal ``report-unfit``, ``report-other-layout``, ``report-other-region``, ``sealed``."""
    found = _batch_locked(act, batch)
    of_body(act, found.case.region.organization)
    if found.results.exists():
        raise Refusal("approval.sealed")
    data = _report(content, str(found.case.plan["layout"]), found.case.region.organization.region)
    name, digest = keep(name, content)
    if found.reports.filter(sha256=digest).exists():
        raise Refusal("approval.evidence-twice")
    counts = data["counts"]
    made = CardReport.objects.create(
        batch=found,
        name=name,
        sha256=digest,
        passed=data["passed"] and counts.get("fail", 0) == 0,
        checked=counts.get("pass", 0) + counts.get("fail", 0),
        failures=counts.get("fail", 0),
        at=act.time,
    )
    act.about(made, batch=str(found.pk), sha256=digest, passed=made.passed)
    return made


@two_persons("approval.test.result", Result, rehearsed=True)
def result_give(act: Act, result: Result) -> TestResult:
    """A result, by two persons of the ministry's body. With the third yes the region's test is passed.
    Raises Refusal ``other-body``, ``result-unfit``, ``result-twice``, ``no-card-report``, ``not-now``."""
    batch = _batch_locked(act, result.batch)
    of_body(act, Organization.objects.get(kind=Body.MINISTRY, closed_on=None))
    region = batch.case.region
    _testing(region.state)
    late = region.cases.filter(stage=Stage.APPROVED).latest("number")
    if batch.case_id != late.pk:
        raise Refusal("approval.sealed")
    report = result.report.strip()
    unfit = result.test not in ResultKind.values or not report or len(report) > 80 or len(result.remark) > 400
    if unfit or not batch.made_on <= result.reported_on <= clock.today():
        raise Refusal("approval.result-unfit")
    if batch.results.filter(test=result.test).exists():
        raise Refusal("approval.result-twice")
    conform = result.test == ResultKind.CONFORMITY and result.passed
    if conform and not _checked(batch):
        raise Refusal("approval.no-card-report")
    made = TestResult.objects.create(
        batch=batch,
        test=result.test,
        passed=result.passed,
        report=report,
        reported_on=result.reported_on,
        remark=result.remark.strip(),
        at=act.time,
    )
    if batch.results.filter(passed=True).count() == len(ResultKind):
        region_moves(region, State.TEST_PASSED, act)
    act.about(made, batch=str(batch.pk), test=made.test, passed=made.passed, report=report)
    return made


def _checked(batch: TestBatch) -> bool:
    """Whether cards of the batch were checked and none failed."""
    reports = list(batch.reports.all())
    return bool(reports) and all(each.passed for each in reports)


def _testing(state: str) -> None:
    if state != State.PSAMS_RECEIVED:
        raise Refusal("approval.not-now", state=State(state).label)


def _batch_locked(act: Act, pk: UUID) -> TestBatch:
    case = Case.objects.select_related("region__organization").filter(batches__pk=pk).first()
    if case is None or not act.actor.organization.contains(case.region.organization):
        raise Refusal("base.not-found", what="batch")
    region = region_locked(act, case.region.organization)
    found = TestBatch.objects.select_related("case").get(pk=pk)
    found.case.region = region
    return found


def _report(content: bytes, layout: str, region: str) -> dict[str, Any]:
    """The report, if it is one. Never raises anything but Refusal: the file is from outside."""
    try:
        data = json.loads(content)
        counts = data["counts"]
        good = (
            isinstance(data["passed"], bool)
            and isinstance(data["findings"], list)
            and all(type(count) is int and count >= 0 for count in counts.values())
            and sum(counts.values()) == len(data["findings"])
            and counts.get("pass", 0) + counts.get("fail", 0) > 0
            and sum(finding["outcome"] == "fail" for finding in data["findings"]) == counts.get("fail", 0)
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        good = False
    if not good:
        raise Refusal("approval.report-unfit")
    if data.get("layout") != layout:
        raise Refusal("approval.report-other-layout", layout=layout)
    if data.get("city_code") != region:
        raise Refusal("approval.report-other-region", region=region)
    return dict(data)
