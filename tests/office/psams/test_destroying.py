"""Counted, due, destroyed: what is looked after until the certificate of destruction."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.psams.refusing import refused
from office.psams.test_ending import lost, returned
from office.psams.world import CITY, KEEPER, KEYS, LEADER, OFFICER, World, serial, terminal
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.psams import selectors, services
from shebaoka.office.psams.choices import Finding, Status
from shebaoka.office.psams.models import Count, Destruction, Psam
from shebaoka.office.psams.services import (
    Declared,
    DestructionList,
    Witnessed,
)


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def test_a_count_is_declared_by_the_unit_and_a_sample_seen(world: World) -> None:
    world.active(3)
    world.issue(2)
    world.accept(2)
    unit = world.keeper()
    both = [Declared(serial(1), Finding.THERE), Declared(serial(2), Finding.MISSING)]
    values = {"unit": world.hospital, "body": world.city}
    refused("psams.count-incomplete", services.count_declare, unit, **values, declared=both[:1])
    refused("psams.only-its-own", services.count_declare, world.by(CITY, KEEPER), **values, declared=both)
    stranger = Declared("98010000000000000077", Finding.THERE)
    count = services.count_declare(unit, **values, declared=[*both, stranger])
    assert (count.expected, count.sample) == (2, 1)
    refused("psams.count-open", services.count_declare, unit, **values, declared=both)
    officer = world.by(CITY, OFFICER)
    refused("psams.sample-small", services.count_check, officer, count=count, seen={})
    services.count_check(officer, count=count, seen={serial(1): Finding.THERE})
    count.refresh_from_db()
    incident = Incident.objects.get()
    assert count.incident == incident.number
    assert serial(2) in incident.summary
    assert stranger.serial in incident.summary
    assert world.psam(1).audited_on == date(2026, 3, 2)
    assert world.psam(2).audited_on is None


def test_an_explained_count_opens_nothing(world: World) -> None:
    world.active()
    declared = [Declared(serial(1), Finding.ELSEWHERE, "二号窗口借用维修")]
    count = services.count_declare(world.keeper(), unit=world.hospital, body=world.city, declared=declared)
    seen = {serial(1): Finding.ELSEWHERE}
    services.count_check(world.by(CITY, OFFICER), count=count, seen=seen)
    assert not Incident.objects.exists()
    assert Count.objects.get().checked_by == world.by(CITY, OFFICER).staff


def listed(world: World) -> Destruction:
    """The first PSAM, returned, on a list the leader approved."""
    world.active()
    returned(world)
    keeper = world.by(CITY, KEEPER)
    wanted = DestructionList(CITY, (serial(1), serial(2)), "停用")
    world.two(keeper, "psams.destruction.approve", wanted, world.by(CITY, LEADER))
    return Destruction.objects.get()


def test_destroyed_when_wiped_on_the_chip_and_witnessed_by_three(world: World) -> None:
    found = listed(world)
    done = Witnessed(CITY, found.number, "粉碎", "示例中心", "影像2026-3", "销2026-001")
    first, second, officer = world.by(CITY, KEEPER), world.by(CITY, KEEPER, 2), world.by(CITY, OFFICER)
    wiped: list[str] = []
    services.psam_wipe(world.by(CITY, KEYS), serial=serial(1), wiper=lambda psam: wiped.append(psam.serial))
    assert wiped == [serial(1)]
    refused("psams.wiped", services.psam_silent, world.by(CITY, KEYS), serial=serial(1), tried="x")
    early = propose(first, "psams.destruction.record", first.organization, done)
    check(second, early.pk)
    refused("psams.not-wiped", check, officer, early.pk)
    services.psam_silent(world.by(CITY, KEYS), serial=serial(2), tried="两台读卡器均无应答")
    # three keepers are no supervisor
    refused("psams.witnesses", check, world.by(CITY, KEEPER, 3), early.pk)
    check(officer, early.pk)
    found.refresh_from_db()
    assert (found.certificate, found.destroyer_a, found.destroyer_b, found.supervisor) == (
        "销2026-001",
        first.staff,
        second.staff,
        officer.staff,
    )
    assert set(Psam.objects.values_list("status", flat=True)) == {Status.DESTROYED}
    assert [line.wiped_how for line in found.lines.order_by("psam__serial")] == ["chip", "silent"]
    assert selectors.blocked(terminal(1))
    assert not Bypass.objects.exists()


def test_a_wipe_that_fails_leaves_nothing_recorded(world: World) -> None:
    listed(world)

    def broken(psam: Psam) -> None:
        raise OSError("no card")

    with pytest.raises(OSError, match="no card"):
        services.psam_wipe(world.by(CITY, KEYS), serial=serial(1), wiper=broken)
    assert world.psam().destructions.get().wiped_how == ""
    assert not Row.objects.filter(act="psams.psam.wipe").exists()


def test_no_destruction_without_wipe_witnesses_and_certificate_in_the_database(world: World) -> None:
    listed(world)
    for statement in (
        "UPDATE psams_psam SET status = 'destroyed'",
        "UPDATE psams_destruction SET certificate = 'x', done_at = now()",
        "UPDATE psams_destruction SET certificate = 'x', done_at = now(), method = 'x', site = 'x',"
        " photos = 'x', destroyer_a_id = s.id, destroyer_b_id = s.id, supervisor_id = s.id"
        " FROM (SELECT id FROM organizations_staff LIMIT 1) s",
        "DELETE FROM psams_destructionline",
        "UPDATE psams_return SET seal_whole = false",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert set(Psam.objects.values_list("status", flat=True)) == {Status.TO_DESTROY}


def test_what_is_due_at_the_body(world: World) -> None:
    world.active()
    lost(world)
    found = selectors.due(world.city)
    assert (found.inspections, found.counts, found.destroy) == ([], [], False)
    with clock.at(NOW + timedelta(hours=13)):
        assert [each.psam for each in selectors.due(world.city).reports] == [world.psam()]


def test_counts_inspections_and_destruction_fall_due(world: World) -> None:
    world.active(3)
    services.psam_damage(world.by(CITY, KEEPER), serial=serial(2), what="封装破裂")
    with clock.at(on(date(2027, 3, 2))):
        found = selectors.due(world.city)
    assert [each.psam.serial for each in found.inspections] == [serial(1)]
    assert found.counts == [world.hospital]
    assert (found.waiting, found.destroy) == (1, True)
