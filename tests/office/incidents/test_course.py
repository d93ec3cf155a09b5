"""An incident from its reports to its end: nothing is closed that was not reported, explained and handled."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.country import Country
from office.incidents.opened import opened
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents import hooks, selectors, services
from shebaoka.office.incidents.choices import (
    AffectedKind,
    DutyKind,
    EntryKind,
    IncidentKind,
    Level,
    Means,
    Secrecy,
)
from shebaoka.office.incidents.hooks import AffectedItem
from shebaoka.office.incidents.jobs import alarms
from shebaoka.office.incidents.models import Duty, Incident
from shebaoka.office.incidents.services import Closing, Dismissal, SecrecyLowered
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.two_persons import check, propose

CITY = "980100"


@pytest.fixture
def officer(country: Country) -> Actor:
    return country.actor(CITY, "organizations.security-officer")


def report(officer: Actor, incident: Incident, kind: DutyKind) -> Duty:
    duty = incident.duties.filter(kind=kind, done_at=None).get()
    return services.duty_done(
        officer, duty=duty.pk, means=Means.PHONE, told="值班员 示例丙", reference="示报〔2026〕1号"
    )


def handled(officer: Actor, incident: Incident) -> None:
    services.cause_set(officer, incident=incident.pk, cause="保险柜未锁")
    services.entry_add(officer, incident=incident.pk, kind=EntryKind.CONTAINMENT, text="更换锁具，封存密钥")
    services.entry_add(officer, incident=incident.pk, kind=EntryKind.LESSON, text="双人双锁")


def close(country: Country, officer: Actor, incident: Incident) -> None:
    waiting = propose(officer, "incidents.incident.close", incident.organization, Closing(incident.number))
    check(country.actor(CITY, "organizations.leader"), waiting.pk, digest=waiting.digest)
    incident.refresh_from_db()


def test_an_incident_is_closed_after_reports_cause_handling_and_lesson(
    country: Country, officer: Actor
) -> None:
    incident = opened(country)
    steps = (
        ("incidents.not-reported", lambda: report(officer, incident, DutyKind.SUPERIOR)),
        ("incidents.not-reported", lambda: report(officer, incident, DutyKind.MINISTRY)),
        ("incidents.not-reported", lambda: report(officer, incident, DutyKind.FIRST_REPORT)),
        ("incidents.no-cause", lambda: services.cause_set(officer, incident=incident.pk, cause="未锁")),
        (
            "incidents.not-handled",
            lambda: services.entry_add(
                officer, incident=incident.pk, kind=EntryKind.DECISION, text="更换密钥版本"
            ),
        ),
        (
            "incidents.no-lesson",
            lambda: services.entry_add(officer, incident=incident.pk, kind=EntryKind.LESSON, text="双锁"),
        ),
    )
    for code, step in steps:
        with pytest.raises(Refusal) as refused:
            close(country, officer, incident)
        assert refused.value.code == code
        incident.refresh_from_db()
        assert incident.state == "open"
        step()
    close(country, officer, incident)
    assert (incident.state, incident.ended_at) == ("closed", NOW)
    with pytest.raises(Refusal) as refused:
        services.cause_set(officer, incident=incident.pk, cause="另一原因")
    assert refused.value.code == "incidents.ended"
    report(officer, incident, DutyKind.FINAL_REPORT)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_incident SET cause = '改'")


def test_sql_cannot_close_what_was_not_reported(country: Country, officer: Actor) -> None:
    incident = opened(country)
    handled(officer, incident)
    report(officer, incident, DutyKind.SUPERIOR)
    with pytest.raises(Error, match="was not made"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_incident SET state = 'closed', ended_at = now()")
    incident.refresh_from_db()
    assert incident.state == "open"


def test_follow_ups_are_due_as_long_as_it_runs(country: Country, officer: Actor) -> None:
    incident = opened(country)
    assert not incident.duties.filter(kind=DutyKind.FOLLOW_UP).exists()
    report(officer, incident, DutyKind.FIRST_REPORT)
    assert incident.duties.get(kind=DutyKind.FOLLOW_UP).due_at == NOW + timedelta(hours=24)
    with clock.at(NOW + timedelta(hours=5)):
        report(officer, incident, DutyKind.FOLLOW_UP)
    second = incident.duties.get(kind=DutyKind.FOLLOW_UP, ordinal=2)
    assert (second.due_at, second.addressee) == (NOW + timedelta(hours=29), country.organizations["980000"])


def test_a_report_is_made_once_and_received_by_its_addressee(country: Country, officer: Actor) -> None:
    incident = opened(country)
    duty = report(officer, incident, DutyKind.SUPERIOR)
    with pytest.raises(Refusal) as refused:
        services.duty_done(officer, duty=duty.pk, means=Means.LETTER, told="另一人")
    assert refused.value.code == "incidents.report-made"
    province = country.actor("980000", "organizations.leader")
    assert list(selectors.reports_to_receive(province)) == [duty]
    for actor, code in (
        (country.actor("000000", "organizations.leader"), "incidents.not-addressed"),
        (officer, "incidents.not-addressed"),
        (country.actor("990000", "organizations.leader"), "base.not-found"),
    ):
        with pytest.raises(Refusal) as refused:
            services.duty_receive(actor, duty=duty.pk)
        assert refused.value.code == code
    assert services.duty_receive(province, duty=duty.pk).received_by == province.staff
    assert not selectors.reports_to_receive(province).exists()
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incidents_duty SET told = '无人' WHERE done_at IS NOT NULL")


def test_a_report_has_a_time_between_discovery_and_now(country: Country, officer: Actor) -> None:
    incident = opened(country)
    duty = incident.duties.get(kind=DutyKind.MINISTRY)
    for minutes, code in ((-1, "incidents.before"), (1, "incidents.ahead")):
        with pytest.raises(Refusal) as refused:
            services.duty_done(
                officer,
                duty=duty.pk,
                means=Means.PHONE,
                told="值班员",
                done_at=NOW + timedelta(minutes=minutes),
            )
        assert refused.value.code == code
    duty.refresh_from_db()
    assert duty.done_at is None


def test_late_reports_are_noted_once_and_shown_to_the_superior(country: Country, officer: Actor) -> None:
    incident = opened(country)
    report(officer, incident, DutyKind.SUPERVISOR)
    assert alarms() == 0
    with clock.at(NOW + timedelta(minutes=60)):
        assert alarms() == 2
        assert alarms() == 0
        superior = country.actor("980000", "organizations.security-officer")
        assert [each.kind for each in selectors.late_below(superior)] == [DutyKind.SUPERIOR]
        assert not selectors.late_below(country.actor("980000", "organizations.key-custodian")).exists()
        first = selectors.clocks(incident)[0]
        assert (first.late, first.minutes) == (False, 0)
    with clock.at(NOW + timedelta(minutes=61)):
        assert selectors.clocks(incident)[0].late
        report(officer, incident, DutyKind.MINISTRY)
    rows = Row.objects.filter(act="incidents.duty.alarm")
    assert rows.count() == 2
    assert '"late":true' in Row.objects.filter(act="incidents.duty.done").latest("sequence").line


def test_a_potential_incident_is_confirmed_and_its_clocks_run_from_then(
    country: Country, officer: Actor
) -> None:
    incident = opened(country, kind=IncidentKind.OVERDUE_RETURN, potential=True)
    assert [each.kind for each in incident.duties.all()] == [DutyKind.SUPERVISOR]
    with clock.at(NOW + timedelta(hours=2)):
        services.incident_confirm(officer, incident=incident.pk, finding="载体不在受托方")
    assert incident.duties.get(kind=DutyKind.MINISTRY).due_at == NOW + timedelta(hours=3)
    assert incident.duties.filter(kind=DutyKind.SUPERVISOR).count() == 1
    with pytest.raises(Refusal) as refused:
        services.incident_confirm(officer, incident=incident.pk, finding="再次")
    assert refused.value.code == "incidents.no-such-move"


def test_a_potential_incident_is_dismissed_by_two_persons_with_a_finding(
    country: Country, officer: Actor
) -> None:
    incident = opened(country, kind=IncidentKind.OVERDUE_RETURN, potential=True)
    payload = Dismissal(incident.number)
    with pytest.raises(Refusal) as refused:
        propose(officer, "incidents.incident.dismiss", incident.organization, payload)
    assert refused.value.code == "incidents.no-finding"
    services.entry_add(officer, incident=incident.pk, kind=EntryKind.FINDING, text="当日已归还，登记有误")
    waiting = propose(officer, "incidents.incident.dismiss", incident.organization, payload)
    with pytest.raises(Refusal):
        check(officer, waiting.pk)
    check(country.actor(CITY, "organizations.leader"), waiting.pk)
    incident.refresh_from_db()
    assert incident.state == "dismissed"
    open_one = opened(country)
    with pytest.raises(Refusal) as refused:
        propose(officer, "incidents.incident.dismiss", incident.organization, Dismissal(open_one.number))
    assert refused.value.code == "incidents.no-such-move"


def test_raising_the_secrecy_hides_it_and_a_leak_starts_the_24_hours(
    country: Country, officer: Actor
) -> None:
    incident = opened(country)
    custodian = country.actor(CITY, "organizations.key-custodian")
    assert selectors.incident(custodian, incident.number) == incident
    services.secrecy_raise(
        officer, incident=incident.pk, secrecy=Secrecy.HIGHLY_SECRET, leaked=True, because="省级主密钥"
    )
    assert incident.duties.get(kind=DutyKind.SECRECY).due_at == NOW + timedelta(hours=24)
    with pytest.raises(Refusal) as refused:
        selectors.incident(custodian, incident.number)
    assert refused.value.code == "base.not-found"
    with pytest.raises(Refusal) as refused:
        services.secret_read(custodian, incident=incident.pk)
    assert refused.value.code == "base.not-found"
    services.reader_add(officer, incident=incident.pk, number=f"{CITY}-key-custodian-1", because="参与调查")
    assert services.secret_read(custodian, incident=incident.pk) == incident
    assert Row.objects.get(act="incidents.secret.read").actor == custodian.number
    services.reader_remove(officer, incident=incident.pk, number=custodian.number)
    assert not selectors.incidents(custodian).exists()


def test_secrecy_is_lowered_by_two_persons_and_never_below_what_leaked(
    country: Country, officer: Actor
) -> None:
    incident = opened(country, secrecy=Secrecy.HIGHLY_SECRET, leaked=True)
    with pytest.raises(Refusal) as refused:
        services.secrecy_raise(
            officer, incident=incident.pk, secrecy=Secrecy.SECRET, leaked=True, because="有误"
        )
    assert refused.value.code == "incidents.lowered"
    act = "incidents.secrecy.lower"
    with pytest.raises(Refusal) as refused:
        propose(officer, act, incident.organization, SecrecyLowered(incident.number, Secrecy.NONE))
    assert refused.value.code == "incidents.no-secret"
    waiting = propose(officer, act, incident.organization, SecrecyLowered(incident.number, Secrecy.SECRET))
    incident.refresh_from_db()
    assert incident.secrecy == Secrecy.HIGHLY_SECRET
    check(country.actor(CITY, "organizations.leader"), waiting.pk)
    incident.refresh_from_db()
    assert incident.secrecy == Secrecy.SECRET


def test_only_people_of_the_line_are_named(country: Country, officer: Actor) -> None:
    incident = opened(country)
    for number in ("990100-leader-1", "980100-nobody-1"):
        with pytest.raises(Refusal) as refused:
            services.reader_add(officer, incident=incident.pk, number=number, because="协助")
        assert refused.value.code == "base.not-found"
    assert not incident.readers.exists()


def test_a_level_is_changed_with_its_reason(country: Country, officer: Actor) -> None:
    incident = opened(country)
    services.incident_grade(officer, incident=incident.pk, level=Level.I, because="涉及国家级密钥")
    incident.refresh_from_db()
    assert incident.level == Level.I
    assert incident.entries.get().text == "III → I: 涉及国家级密钥"


def test_the_registers_are_asked_again_and_a_rotation_is_started(
    country: Country, officer: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    incident = opened(country)
    manager = country.actor(CITY, "organizations.key-administrator")
    with pytest.raises(Refusal) as refused:
        services.rotation_start(manager, incident=incident.pk)
    assert refused.value.code == "incidents.nothing-to-rotate"
    found = [AffectedItem(AffectedKind.KEY, "key-7", "市级外部认证密钥", "custody")]
    monkeypatch.setattr(hooks, "AFFECTED", hooks.AFFECTED)
    hooks.AFFECTED.append(lambda each: found if each == incident else [])
    hooks.ROTATIONS.append(lambda actor, each: [f"{each.number}: key-7 V2"])
    try:
        assert services.affected_refresh(manager, incident=incident.pk) == 1
        assert services.affected_refresh(manager, incident=incident.pk) == 0
        services.rotation_start(manager, incident=incident.pk)
    finally:
        hooks.AFFECTED.pop()
        hooks.ROTATIONS.pop()
    assert incident.entries.get(kind=EntryKind.ROTATION).text == f"{incident.number}: key-7 V2"
    services.affected_add(
        manager, incident=incident.pk, kind=AffectedKind.CARD, reference="批次1", name="100张卡"
    )
    with pytest.raises(Refusal) as refused:
        services.affected_add(
            manager, incident=incident.pk, kind=AffectedKind.CARD, reference="批次1", name="100张卡"
        )
    assert refused.value.code == "incidents.affected-there"
    assert incident.affected.count() == 2


def test_nobody_outside_of_the_line_changes_anything(country: Country) -> None:
    incident = opened(country)
    stranger = country.actor("990100", "organizations.security-officer")
    duty = incident.duties.get(kind=DutyKind.MINISTRY)
    for attempt in (
        lambda: services.cause_set(stranger, incident=incident.pk, cause="甲"),
        lambda: services.entry_add(stranger, incident=incident.pk, kind=EntryKind.NOTE, text="甲"),
        lambda: services.duty_done(stranger, duty=duty.pk, means=Means.PHONE, told="甲"),
        lambda: services.reader_add(stranger, incident=incident.pk, number="990100-leader-1", because="甲"),
        lambda: services.incident_grade(stranger, incident=incident.pk, level=Level.I, because="甲"),
        lambda: services.secret_read(stranger, incident=UUID(int=7)),
    ):
        with pytest.raises(Refusal) as refused:
            attempt()
        assert refused.value.code == "base.not-found"
    incident.refresh_from_db()
    assert (incident.cause, incident.entries.count(), incident.readers.count()) == ("", 0, 0)
