"""An incident begins: its number, level and clocks, who is told, who may see it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from office.country import Country
from office.incidents.opened import opened
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents import hooks
from shebaoka.office.incidents.choices import AffectedKind, DutyKind, IncidentKind, Level, Secrecy
from shebaoka.office.incidents.hooks import AffectedItem
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.services import incident_open
from shebaoka.office.incidents.visible import incidents_of
from shebaoka.office.organizations.actor import system

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def reports(incident: Incident) -> dict[str, tuple[str | None, datetime | None]]:
    return {
        each.kind: (each.addressee.code if each.addressee else None, each.due_at)
        for each in incident.duties.select_related("addressee")
    }


def test_a_city_tells_its_leader_its_province_and_the_ministry_by_their_clocks(country: Country) -> None:
    incident = opened(country, discovered_at=NOW - timedelta(minutes=10))
    assert (incident.number, incident.level, incident.state) == ("SJ-980100-2026-0001", Level.III, "open")
    since = NOW - timedelta(minutes=10)
    assert reports(incident) == {
        DutyKind.SUPERVISOR: (None, since + timedelta(minutes=30)),
        DutyKind.SUPERIOR: ("980000", since + timedelta(minutes=60)),
        DutyKind.MINISTRY: ("000000", since + timedelta(minutes=60)),
        DutyKind.FIRST_REPORT: ("980000", since + timedelta(hours=4)),
        DutyKind.FINAL_REPORT: ("980000", since + timedelta(days=30)),
    }
    row = Row.objects.get(act="incidents.incident.open")
    assert "保险柜" not in row.line
    assert not Bypass.objects.exists()


def test_a_province_makes_one_report_to_the_ministry_and_the_ministry_none(country: Country) -> None:
    province = reports(opened(country, "980000"))
    assert DutyKind.SUPERIOR not in province
    assert province[DutyKind.MINISTRY][0] == "000000"
    ministry = opened(country, "000000")
    assert ministry.level == Level.I
    assert not {DutyKind.SUPERIOR, DutyKind.MINISTRY} & set(reports(ministry))


def test_a_leaked_state_secret_is_reported_within_24_hours(country: Country) -> None:
    incident = opened(country, secrecy=Secrecy.HIGHLY_SECRET, leaked=True)
    assert reports(incident)[DutyKind.SECRECY][1] == NOW + timedelta(hours=24)
    with pytest.raises(Refusal) as refused:
        opened(country, leaked=True)
    assert refused.value.code == "incidents.no-secret"
    assert Incident.objects.count() == 1


def test_a_clock_nobody_knows_the_number_of_has_no_end_but_is_a_duty(country: Country) -> None:
    incident = opened(country, kind=IncidentKind.DATA_LEAK)
    duty = incident.duties.get(kind=DutyKind.PERSONAL_DATA)
    assert (duty.due_at, duty.required, duty.source) == (None, True, "PIPL art. 57")


def test_reports_of_the_same_thing_are_one_incident(country: Country) -> None:
    first = opened(country, kind=IncidentKind.WRONG_TAC, once="terminal 980100000001")
    again = opened(country, kind=IncidentKind.WRONG_TAC, once="terminal 980100000001", summary="又一笔")
    other = opened(country, kind=IncidentKind.WRONG_TAC, once="terminal 980100000002")
    assert first.pk == again.pk != other.pk
    assert (again.reports, other.number) == (2, "SJ-980100-2026-0002")
    assert [entry.text for entry in again.entries.all()] == ["又一笔"]


def test_a_part_above_says_what_is_affected(country: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    def keys(incident: Incident) -> list[AffectedItem]:
        wanted = incident.kind == IncidentKind.CARRIER_LOST
        return [AffectedItem(AffectedKind.KEY, "k-1", "市级密钥", "custody")] * 2 if wanted else []

    monkeypatch.setattr(hooks, "AFFECTED", [keys])
    monkeypatch.setattr("shebaoka.office.incidents.services.opening.AFFECTED", [keys])
    carrier = AffectedItem(AffectedKind.CARRIER, "M-1", "密钥母卡 M-1", "custody")
    incident = opened(country, affected=[carrier], subject=country.organizations["980100"])
    assert [(item.kind, item.reference) for item in incident.affected.order_by("kind")] == [
        ("carrier", "M-1"),
        ("key", "k-1"),
    ]
    assert incident.subject == f"organizations.organization:{country.organizations['980100'].pk}"


def test_the_office_itself_and_somebody_below_open_one_for_the_body_above(country: Country) -> None:
    city = country.organizations["980100"]
    found = incident_open(system(city), organization=city, kind=IncidentKind.WRONG_TAC, summary="对账发现")
    assert found.reporter == "system"
    keeper = country.actor("980100", "organizations.psam-keeper")
    province = country.organizations["980000"]
    above = incident_open(keeper, organization=province, kind=IncidentKind.PSAM_LOST, summary="省PSAM卡遗失")
    assert above.reporter == keeper.number
    assert '"reporter":"980100-psam-keeper-1"' in Row.objects.get(subject__endswith=str(above.pk)).line


def test_wrong_times_and_empty_texts_are_refused_and_nothing_is_there(country: Country) -> None:
    for wrong in (
        {"discovered_at": NOW + timedelta(seconds=1)},
        {"happened_at": NOW + timedelta(seconds=1)},
        {"summary": "  "},
        {"summary": "长" * 4001},
    ):
        with pytest.raises(Refusal):
            opened(country, **wrong)
    assert not Incident.objects.exists()
    assert not Row.objects.exists()


def test_who_may_know(country: Country) -> None:
    plain = opened(country)
    secret = opened(country, secrecy=Secrecy.SECRET, role="organizations.key-custodian")
    for code, role, wanted in (
        ("980100", "organizations.leader", {plain, secret}),
        ("980000", "organizations.security-officer", {plain, secret}),
        ("000000", "organizations.leader", {plain, secret}),
        ("980100", "organizations.key-custodian", {plain}),
        ("980000", "organizations.auditor", {plain}),
        ("980100", "organizations.policy-clerk", set()),
        ("990000", "organizations.leader", set()),
    ):
        assert set(incidents_of(country.actor(code, role, 2))) == wanted, (code, role)
    clerk = country.actor("980100", "organizations.policy-clerk")
    own = incident_open(
        clerk, organization=clerk.organization, kind=IncidentKind.OTHER, summary="发现可疑人员"
    )
    assert set(incidents_of(clerk)) == {own}


def test_what_it_was_opened_with_cannot_be_changed_by_sql(country: Country) -> None:
    incident = opened(country)
    for statement in (
        "UPDATE incidents_incident SET summary = '没有'",
        "UPDATE incidents_incident SET discovered_at = now()",
        "UPDATE incidents_incident SET state = 'closed', ended_at = now(), cause = '无'",
        "DELETE FROM incidents_incident",
        "UPDATE incidents_duty SET due_at = NULL",
        "DELETE FROM incidents_duty",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with clock.at(NOW):
        incident.refresh_from_db()
    assert (incident.state, incident.duties.count()) == ("open", 5)
