"""An invented region on its way to issuing, as its staff and the reviewing bodies take it there."""

import json
from datetime import date
from typing import Any

import pytest

from office.country import Country
from shebaoka.office.approval import services
from shebaoka.office.approval.choices import ResultKind
from shebaoka.office.approval.models import Case, Region, TestBatch
from shebaoka.office.approval.ordering import Order
from shebaoka.office.approval.plan import Plan, from_data, items_of
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor, system
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.parameters.services import Publishing

TODAY = date(2026, 3, 2)
PLAN = Plan(
    face="甲市2026版",
    layout="3.0",
    structure="1",
    chip="示例芯片 SC-1",
    chip_certificate="TEST_ONLY-0001",
    cos="示例COS 1.0",
    supplier="示例卡厂",
    product="SSC-3",
    population=("职工", "城乡居民"),
    quantities={"2026": 1000, "2027": 500},
    site="示例省制卡中心",
    hsm="示例加密机 TEST_ONLY-0002",
    medium="dual",
    start=date(2026, 6, 1),
    fees="首次免费",
    acceptance="医院12家，终端80台",
    leader="示例领导",
    contact="示例联系人 12333",
)
CLERK, REVIEWER, LEADER = (f"organizations.{role}" for role in ("issuing-clerk", "reviewer", "leader"))


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == f"approval.{code}")


def region_of(code: str = "980100") -> Region:
    return Region.objects.select_related("organization").get(organization__code=code)


def state(code: str = "980100") -> str:
    return region_of(code).state


def two(country: Country, body: str, maker: str, act: str, payload: Any, checker: str = "") -> None:
    """Proposed by the body's ``maker`` and checked by its leader."""
    actor = country.actor(body, maker)
    waiting = propose(actor, act, actor.organization, payload)
    check(country.actor(checker or body, LEADER), waiting.pk)


def filled(country: Country, code: str = "980100", plan: Plan = PLAN) -> Case:
    """A registration with everything it needs, not submitted."""
    actor = country.actor(code, CLERK)
    case = services.region_open(actor, organization=actor.organization)
    services.plan_write(actor, case=case.pk, plan=plan)
    for key, item in items_of("registration").items():
        if item.needed:
            services.attachment_add(
                actor, case=case.pk, item=key, name=f"{key}.pdf", content=f"TEST_ONLY {key} {code}".encode()
            )
    return Case.objects.get(pk=case.pk)


def submit(country: Country, case: Case, code: str = "980100") -> None:
    two(country, code, CLERK, "approval.case.submit", services.Submission(case.pk))


def review(
    country: Country, case: Case, body: str, *, passed: bool = True, document: str = "人社函1号"
) -> None:
    act = "approval.review.ministry" if body == "000000" else "approval.review.province"
    two(country, body, REVIEWER, act, services.Decision(case.pk, passed, "符合要求", document))


def reviewed(country: Country, case: Case) -> None:
    """Through both bodies."""
    services.review_begin(country.actor("980000", REVIEWER), case=case.pk)
    review(country, case, "980000")
    review(country, case, "000000")


def approved(country: Country) -> Case:
    case = filled(country)
    submit(country, case)
    reviewed(country, case)
    case.refresh_from_db()
    return case


def equipped(country: Country) -> Case:
    """Approved, keys and PSAM cards there."""
    case = approved(country)
    office: Actor = system(country.organizations["980100"])
    services.keys_received(office, organization=office.organization, document="备忘1号")
    services.psams_received(office, organization=office.organization, document="清单1号")
    return case


def report(*, failures: int = 0, layout: str = "3.0", tested: int = 3, city: str = "980100") -> bytes:
    """A card check's report in its own form."""
    outcomes = ["fail"] * failures + ["pass"] * tested + ["not tested"]
    counts = {name: outcomes.count(name) for name in ("pass", "note", "fail", "not tested")}
    findings = [{"area": "files", "outcome": each, "place": "EF05", "id": "x"} for each in outcomes]
    return json.dumps(
        {
            "label": "card",
            "layout": layout,
            "city_code": city,
            "passed": not failures,
            "counts": counts,
            "findings": findings,
        }
    ).encode()


def batch(country: Country, *, content: bytes | None = None) -> TestBatch:
    actor = country.actor("980100", CLERK)
    made = services.batch_add(
        actor, organization=actor.organization, cards=10, site="示例省制卡中心", made_on=TODAY
    )
    services.card_report_attach(actor, batch=made.pk, name="card.json", content=content or report())
    return made


def result(country: Country, of: TestBatch, test: str, *, passed: bool = True) -> None:
    payload = services.Result(of.pk, test, passed, f"示例检〔2026〕{test}", TODAY)
    two(country, "000000", REVIEWER, "approval.test.result", payload)


def passing(country: Country) -> None:
    made = batch(country)
    for test in ResultKind:
        result(country, made, test)


def start(country: Country) -> None:
    two(
        country,
        "980100",
        "organizations.policy-clerk",
        "parameters.rules.publish",
        Publishing("980100", TODAY),
    )
    two(country, "980100", CLERK, "approval.issuing.start", services.Start("980100"))


def issuing(country: Country) -> Case:
    """A region that issues."""
    case = equipped(country)
    passing(country)
    start(country)
    return case


def order(plan: Plan | None = None, **other: Any) -> Order:
    plan = plan or PLAN
    values: dict[str, Any] = {
        name: getattr(plan, name)
        for name in ("face", "layout", "structure", "chip", "cos", "supplier", "product", "population")
    }
    return Order(**{**values, "quantity": 100, **other})


def changed(case: Case, **other: Any) -> Plan:
    """The form of a case with other values."""
    return from_data({**case.plan, **other})
