"""Bodies of the invented country that have their rules, written past the services."""

from datetime import date, datetime

from office.country import Country
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.models import Assignment
from shebaoka.office.rules.choices import ACKNOWLEDGED_BY, DocumentKind, DocumentState, DrillResult
from shebaoka.office.rules.models import Acknowledgment, Document, Drill
from shebaoka.office.rules.services import digest_of


def rules_in_force(country: Country, *codes: str) -> None:
    """Key rules, PSAM rules and plan of each body, approved, acknowledged by all, one drill held."""
    since, time = date(2026, 2, 1), clock.now()
    with writing("tests.ready"):
        for code in codes or country.organizations:
            _ready(country, code, since, time)


def _ready(country: Country, code: str, since: date, time: datetime) -> None:
    body = country.organizations[code]
    for kind in DocumentKind:
        document = Document.objects.create(
            organization=body,
            kind=kind,
            version=1,
            title=f"{body.name}示例制度",
            text="# 总则\n示例。",
            digest=digest_of(body, kind, 1, f"{body.name}示例制度", "# 总则\n示例。"),
            state=DocumentState.APPROVED,
            drafted_at=time,
            approved_at=time,
            in_force_from=since,
        )
        people = Assignment.objects.filter(organization=body, role__in=ACKNOWLEDGED_BY[kind])
        staff = {each.staff_id for each in people}
        Acknowledgment.objects.bulk_create(
            Acknowledgment(document=document, staff_id=each, digest=document.digest, at=time)
            for each in staff
        )
        if kind == DocumentKind.CONTINGENCY_PLAN:
            Drill.objects.create(
                organization=body,
                plan=document,
                held_on=since,
                scenario="示例：密钥母卡遗失",
                participants="示例甲、示例乙",
                result=DrillResult.PASSED,
                recorded_at=time,
            )
