"""Counted, due, destroyed: what is looked after until the certificate of destruction."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.psams.refusing import refused
from office.psams.test_ending import lost, returned
from office.psams.world import CITY, KEEPER, KEYS, LEADER, OFFICER, World, serial, terminal
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock, files
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.psams import hosts, selectors, services
from shebaoka.office.psams.choices import DestructionFileKind, Finding, Status
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


def pictured(world: World, found: Destruction) -> tuple[str, ...]:
    """A photo and the witnesses' record, kept; their SHA-256."""
    made = [
        services.destruction_file(
            world.by(CITY, KEEPER), number=found.number, kind=kind, name=name, content=content
        )
        for kind, name, content in (
            (DestructionFileKind.PHOTO, "碎片.jpg", b"\xff\xd8\xff chips"),
            (DestructionFileKind.RECORD, "见证.pdf", b"%PDF-1.7 signed"),
        )
    ]
    return tuple(each.sha256 for each in made)


def test_destroyed_when_wiped_on_the_chip_and_witnessed_by_three(world: World) -> None:
    found = listed(world)
    pictures = pictured(world, found)
    done = Witnessed(CITY, found.number, "粉碎", "示例中心", "影像2026-3", "销2026-001", pictures)
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
    assert hosts.blocked(terminal(1))
    assert not Bypass.objects.exists()
    refused("base.not-found", pictured, world, found)


def test_no_destruction_without_the_files_its_signers_saw(world: World) -> None:
    found = listed(world)
    for number in (1, 2):
        services.psam_silent(world.by(CITY, KEYS), serial=serial(number), tried="无应答")
    first, second, officer = world.by(CITY, KEEPER), world.by(CITY, KEEPER, 2), world.by(CITY, OFFICER)

    def signed(*files: str) -> TwoPersonAct:
        done = Witnessed(CITY, found.number, "粉碎", "示例中心", "影像2026-3", "销2026-001", files)
        made = propose(first, "psams.destruction.record", first.organization, done)
        check(second, made.pk)
        return made

    refused("psams.files-differ", check, officer, signed().pk)
    refused("psams.files-differ", check, officer, signed("0" * 64).pk)
    waiting = signed(*pictured(world, found))
    value: dict[str, Any] = {"number": found.number, "kind": DestructionFileKind.PHOTO, "name": "再.jpg"}
    services.destruction_file(first, **value, content=b"\xff\xd8\xff more")
    refused("psams.files-differ", check, officer, waiting.pk)
    refused("psams.file-twice", services.destruction_file, first, **value, content=b"\xff\xd8\xff more")
    refused("base.file-unfit", services.destruction_file, first, **(value | {"name": "a.exe"}), content=b"MZ")
    all_of_them = signed(*found.files.values_list("sha256", flat=True))
    kept = found.files.latest("added_at", "name")
    content = files.read(kept.sha256)
    files.path_of(kept.sha256).write_bytes(b"another picture")
    refused("base.file-damaged", check, officer, all_of_them.pk)
    files.path_of(kept.sha256).write_bytes(content)
    check(officer, all_of_them.pk)
    assert set(Psam.objects.values_list("status", flat=True)) == {Status.DESTROYED}
    for statement in (
        "UPDATE psams_destructionfile SET sha256 = repeat('0', 64)",
        "DELETE FROM psams_destructionfile",
        "INSERT INTO psams_destructionfile SELECT gen_random_uuid(), kind, name, repeat('1', 64), size,"
        " added_at, added_by_id, destruction_id FROM psams_destructionfile LIMIT 1",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


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
        "UPDATE psams_destruction SET certificate = 'x', done_at = now(), method = 'x', site = 'x',"
        " photos = 'x', destroyer_a_id = s[1], destroyer_b_id = s[2], supervisor_id = s[3]"
        " FROM (SELECT array_agg(id) AS s FROM organizations_staff) staff",
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
