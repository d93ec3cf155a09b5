"""Test cards: three results of one batch, and card checks that say what they say (M47 art. 12, R-15)."""

import json
import tomllib
from pathlib import Path

import pytest

from office.approval.region import (
    CLERK,
    TODAY,
    batch,
    equipped,
    refused,
    report,
    result,
    start,
    state,
    two,
)
from office.country import Country
from shebaoka.office.approval import services
from shebaoka.office.approval.choices import ResultKind
from shebaoka.office.approval.models import TestResult
from shebaoka.office.base.errors import Refusal
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.check import as_data, check_card

FIXTURE = Path(__file__).parents[3] / "examples" / "fixtures" / "card-3.0-sm4.toml"


def test_issuing_waits_for_three_results_of_one_batch(country: Country) -> None:
    equipped(country)
    first = batch(country)
    result(country, first, ResultKind.CONFORMITY)
    result(country, first, ResultKind.SECURITY, passed=False)
    result(country, first, ResultKind.UNIVERSALITY)
    assert state() == "psams_received"
    with refused("result-twice"):
        result(country, first, ResultKind.SECURITY)
    with refused("not-now"):
        two(country, "980100", CLERK, "approval.issuing.start", services.Start("980100"))
    second = batch(country, content=report(tested=4))
    for test in ResultKind:
        result(country, second, test)
    assert state() == "test_passed"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff\xfe",
        b'{"passed": true, "counts": 5, "findings": []}',
        report(tested=0),
        report().replace(b'"fail": 0', b'"fail": 1'),
        report(layout="2.0"),
        report(city="990100"),
        b"[" * 100_000,
    ],
)
def test_what_is_no_report_of_a_card_check_is_refused(country: Country, content: bytes) -> None:
    equipped(country)
    actor = country.actor("980100", CLERK)
    made = services.batch_add(actor, organization=actor.organization, cards=10, site="x", made_on=TODAY)
    with pytest.raises(Refusal):
        services.card_report_attach(actor, batch=made.pk, name="card.json", content=content)
    assert not made.reports.exists()


def test_conformity_is_not_given_to_cards_whose_check_failed(country: Country) -> None:
    equipped(country)
    made = batch(country, content=report(failures=1))
    with refused("no-card-report"):
        result(country, made, ResultKind.CONFORMITY)
    assert not TestResult.objects.exists()


def test_too_few_test_cards_are_refused(country: Country) -> None:
    equipped(country)
    actor = country.actor("980100", CLERK)
    with refused("too-few-cards"):
        services.batch_add(actor, organization=actor.organization, cards=9, site="x", made_on=TODAY)


def test_issuing_begins_only_with_published_rules(country: Country) -> None:
    equipped(country)
    made = batch(country)
    for test in ResultKind:
        result(country, made, test)
    with refused("rules-unpublished"):
        two(country, "980100", CLERK, "approval.issuing.start", services.Start("980100"))
    start(country)
    assert state() == "issuing"


def test_the_check_of_a_real_card_counts_for_its_own_region(country: Country) -> None:
    text = FIXTURE.read_text("utf-8")
    equipped(country)
    reports = {
        region: json.dumps(as_data(check_card(InProcessReader(build_fixture(tomllib.loads(own))))))
        for region, own in (("980100", text.replace("650100", "980100")), ("650100", text))
    }
    made = batch(country, content=reports["980100"].encode())
    (attached,) = made.reports.all()
    assert attached.passed
    assert attached.checked > 100
    with refused("report-other-region"):
        services.card_report_attach(
            country.actor("980100", CLERK), batch=made.pk, name="b.json", content=reports["650100"].encode()
        )
