"""Lost, damaged, called back, handed in, counted, destroyed: how a PSAM's life goes wrong or ends."""

from datetime import UTC, date, datetime, timedelta

from office.conftest import NOW
from office.psams.refusing import refused
from office.psams.world import (
    CITY,
    HOSPITAL,
    KEEPER,
    KEYS,
    LEADER,
    MINISTRY,
    OFFICER,
    World,
    serial,
    terminal,
)
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.custody.key_lines import KeyLine
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import keys_read
from shebaoka.office.incidents.models import Affected, Incident
from shebaoka.office.incidents.services import rotation_start
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.psams import hosts, selectors, services
from shebaoka.office.psams.choices import Purpose, RecallReason, Status
from shebaoka.office.psams.jobs import deadlines
from shebaoka.office.psams.models import BlockList, Loss, RecallLine, Return
from shebaoka.office.psams.services import (
    HandingIn,
    RecallList,
    Restocking,
    WritingOff,
)


def on(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 2, tzinfo=UTC)


def lost(world: World, **other: object) -> Loss:
    values = {
        "serial": serial(1),
        "missing_since": NOW - timedelta(hours=3),
        "circumstances": "交接班时未找到",
    }
    return services.loss_report(world.keeper(), **{**values, **other})  # type: ignore[arg-type]


def returned(world: World, number: int = 1, *, maker_is_unit: bool = True) -> Return:
    handing = HandingIn(CITY, serial(number), True, "")
    unit, body = world.keeper(), world.by(CITY, KEEPER)
    maker, checker = (unit, body) if maker_is_unit else (body, unit)
    world.two(maker, "psams.psam.return", handing, checker, organization=world.hospital)
    return Return.objects.get(psam__serial=serial(number))


def test_a_lost_psam_is_refused_by_hosts_at_once_and_is_an_incident(world: World) -> None:
    world.active()
    loss = lost(world)
    psam = world.psam()
    assert psam.status == Status.LOST
    assert loss.written_due == NOW + timedelta(hours=24)
    assert (loss.holder, loss.told_by) == (world.hospital, world.keepers[0])
    incident = Incident.objects.get()
    assert (incident.number, incident.kind) == (loss.incident, "psam-lost")
    assert (incident.level, incident.organization) == (4, world.city)
    touched = Affected.objects.filter(incident=incident).values_list("kind", "name")
    assert set(touched) >= {
        ("psam", f"PSAM {serial(1)}"),
        ("key", "国家级密钥 SM4 V1"),
        ("key", "地市级密钥 SM4 V1"),
    }
    listed = BlockList.objects.get()
    assert terminal(1) in listed.content
    assert hosts.blocked(terminal(1))
    assert world.use(6, 6).verdict == "blocked"
    assert not Bypass.objects.exists()


def key_line(key_id: str, parent: str = "") -> KeyLine:
    """A key as the vault of its body describes it."""
    owner, name, version, algorithm = key_id.split(":")
    level = {"nation": "nation", "98": "province", "980100": "city"}[owner]
    plain = {"exportable": True, "test_only": True, "factor": "9801008000000000" if parent else ""}
    return KeyLine(key_id, level, name, int(version), algorithm, "A1B2C3", parent, **plain)  # type: ignore[arg-type]


def test_the_keys_in_a_lost_one_are_those_of_the_registers_and_their_change_begins(world: World) -> None:
    world.active()
    national, city = "nation:RKSSSE:1:SM4", "980100:RKSSSE:1:SM4"
    held = [
        key_line(city, "98:RKSSSE:1:SM4"),
        key_line("980100:RKSSSE:2:SM4"),
        key_line("980100:DLK:1:SM4"),
    ]
    keys_read(world.by(MINISTRY, KEYS), organization=MINISTRY, keys=[key_line(national)])
    keys_read(world.by(CITY, KEYS), organization=CITY, keys=held)
    lost(world)
    incident = Incident.objects.get()
    touched = Affected.objects.filter(incident=incident, kind="key")
    # not another version, and no key that PSAMs do not hold; in use by whoever has it, not readable
    assert set(touched.values_list("reference", flat=True)) == {national, city}
    assert {each.source for each in touched} == {"custody"}
    operator = world.by(CITY, KEYS)
    rotation_start(operator, incident=incident.pk)
    assert [each.key.key_id for each in registers.rotations(operator)] == [city]
    refused("incidents.nothing-to-rotate", rotation_start, operator, incident=incident.pk)


def test_a_lost_one_that_unblocks_pins_is_graver(world: World) -> None:
    world.stocked(1)
    world.place()
    new = services.NewIssue(CITY, serial(1), HOSPITAL, "W1", world.keepers[0].number, Purpose.UNBLOCK)
    world.two(world.by(CITY, KEEPER), "psams.psam.issue", new, world.by(CITY, OFFICER))
    lost(world)
    assert Incident.objects.get().level == 3


def test_the_written_report_names_responsibility_and_for_a_theft_the_police(world: World) -> None:
    world.active()
    lost(world, theft=True)
    officer = world.by(CITY, OFFICER)
    off = WritingOff(CITY, serial(1), "多次查找未果")
    refused("psams.not-written", propose, officer, "psams.loss.write-off", officer.organization, off)
    written = {"serial": serial(1), "document": "报告1号", "responsibility": "保管人未上锁"}
    refused("psams.police-report", services.loss_write, world.keeper(), **written)
    services.loss_write(world.keeper(), **written, police="示例警〔2026〕5号")
    refused("psams.not-now", services.loss_write, world.keeper(), **written, police="x")
    world.two(officer, "psams.loss.write-off", off, world.by(CITY, LEADER))
    assert world.psam().status == Status.WRITTEN_OFF
    assert hosts.blocked(terminal(1))
    assert selectors.issue_of(world.psam()) is None


def test_a_found_one_is_handed_in_and_never_issued_again(world: World) -> None:
    world.active()
    lost(world)
    services.loss_found(world.keeper(), serial=serial(1), where="抽屉夹层")
    assert world.psam().status == Status.FOUND
    assert world.use(6, 6).verdict == "blocked"
    returned(world)
    keeper = world.by(CITY, KEEPER)
    back = Restocking(CITY, serial(1), "完好")
    refused("psams.was-lost", propose, keeper, "psams.psam.restock", keeper.organization, back)
    assert world.psam().status == Status.RETURNED


def test_a_return_is_signed_by_both_sides(world: World) -> None:
    world.active()
    handing = HandingIn(CITY, serial(1), True, "")
    made = propose(world.keeper(), "psams.psam.return", world.hospital, handing)
    refused("psams.two-sides", check, world.keeper(2), made.pk)
    assert world.psam().status == Status.ACTIVE
    check(world.by(CITY, KEEPER), made.pk)
    given = Return.objects.get()
    assert (given.given_by, given.taken_by) == (world.keepers[0], world.by(CITY, KEEPER).staff)
    assert world.psam().status == Status.RETURNED
    assert selectors.issue_of(world.psam()) is None
    keeper, officer = world.by(CITY, KEEPER), world.by(CITY, OFFICER)
    world.two(keeper, "psams.psam.restock", Restocking(CITY, serial(1), "完好"), officer)
    assert world.psam().status == Status.IN_STOCK
    world.issue(1)
    assert world.psam().issues.count() == 2


def test_no_new_one_against_nothing(world: World) -> None:
    world.active(3)
    world.issue(2, replaces=serial(1))
    line = RecallLine.objects.get()
    assert (line.psam, line.recall.reason, line.recall.due) == (
        world.psam(),
        RecallReason.EXCHANGE,
        date(2026, 3, 9),
    )
    returned(world)
    line.refresh_from_db()
    assert line.returned_at is not None


def test_a_damaged_one_is_exchanged(world: World) -> None:
    world.active(2)
    services.psam_damage(world.keeper(), serial=serial(1), what="读卡器报6F00")
    world.issue(2, replaces=serial(1))
    assert world.psam(2).issues.get().replaces == world.psam(1)
    returned(world, maker_is_unit=False)
    assert world.psam().status == Status.RETURNED


def test_a_recall_reminds_then_freezes_at_its_deadline(world: World) -> None:
    world.active()
    keeper = world.by(CITY, KEEPER)
    wanted = RecallList(CITY, (serial(1),), RecallReason.KEY_VERSION, "密钥升级")
    world.two(keeper, "psams.recall.make", wanted, world.by(CITY, LEADER))
    refused("psams.recalled", propose, keeper, "psams.recall.make", keeper.organization, wanted)
    line = RecallLine.objects.get()
    assert line.recall.due == date(2026, 3, 9)
    for day, reminded, frozen in (
        (date(2026, 3, 5), False, False),
        (date(2026, 3, 6), True, False),
        (date(2026, 3, 9), True, False),
        (date(2026, 3, 10), True, True),
    ):
        with clock.at(on(day)):
            deadlines()
            deadlines()
        line.refresh_from_db()
        assert (line.reminded_at is not None, line.frozen_at is not None) == (reminded, frozen), day
    assert world.psam().status == Status.FROZEN
    assert Incident.objects.get().state == "potential"
    assert Row.objects.filter(act="psams.recall.remind").count() == 1
    refused(
        "psams.recalled",
        propose,
        keeper,
        "psams.psam.thaw",
        keeper.organization,
        services.Thawing(CITY, serial(1), "x"),
    )
    returned(world)
    assert selectors.recalls(keeper).count() == 0


def test_only_what_a_unit_holds_is_called_back(world: World) -> None:
    world.active()
    keeper = world.by(CITY, KEEPER)
    for serials, code in (((serial(2),), "psams.not-now"), ((), "psams.named-twice")):
        wanted = RecallList(CITY, serials, RecallReason.CLOSING, "撤销窗口")
        refused(code, propose, keeper, "psams.recall.make", keeper.organization, wanted)
    assert not RecallLine.objects.exists()


def test_what_expires_is_called_back(world: World) -> None:
    world.active()
    with clock.at(on(date(2031, 1, 2))):
        deadlines()
    assert world.psam().status == Status.EXPIRED
    assert RecallLine.objects.get().recall.reason == RecallReason.EXPIRY
    assert hosts.blocked(terminal(1))


def test_the_end_of_an_agreement_calls_back_what_the_unit_holds(world: World) -> None:
    world.active()
    agreement = selectors.agreements(world.by(CITY, OFFICER)).get()
    services.agreement_end(world.by(CITY, OFFICER), agreement=agreement, why="协议解除")
    assert RecallLine.objects.get().psam == world.psam()
