"""The last steps of the city 980100: test cards with their three results, the card check among them, and the
start of issuing."""

import json

from shebaoka.demo.office.approval import READY
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.approval import services
from shebaoka.office.approval.choices import ResultKind, State
from shebaoka.office.approval.models import Region
from shebaoka.office.base import clock
from shebaoka.terminal.check import as_data, check_card

MINISTRY = "000000"
CARDS = 20


def fill(stage: OfficeStage) -> None:
    """One batch passes; issuing starts with two persons of the city."""
    clerk, leader = stage.by(READY, "issuing-clerk"), stage.by(READY, "leader")
    today = clock.today()
    made = services.batch_add(
        clerk, organization=clerk.organization, cards=CARDS, site="沧岚省制卡中心", made_on=today
    )
    services.card_report_attach(clerk, batch=made.pk, name="card-check.json", content=_report(stage))
    reviewer, above = stage.by(MINISTRY, "reviewer"), stage.by(MINISTRY, "leader")
    for number, kind in enumerate(ResultKind, 1):
        result = services.Result(made.pk, kind, True, f"演示检〔{today.year}〕{number}号", today)
        stage.agree("approval.test.result", result, reviewer, above)
    stage.agree("approval.issuing.start", services.Start(READY), clerk, leader)
    region = Region.objects.get(organization__code=READY)
    stage.say(f"{READY}: {CARDS} test cards passed; {State(region.state).value} as {region.issuer_number}")


def _report(stage: OfficeStage) -> bytes:
    """The check of one of the cards that the steps before made."""
    card = stage.demo.card("98", "2.0")
    try:
        report = check_card(
            stage.demo.insert(card), stage.demo.settings("98"), keys=stage.demo.psam_keys("98")
        )
    finally:
        stage.demo.take_out()
    return json.dumps(as_data(report), ensure_ascii=False).encode()
