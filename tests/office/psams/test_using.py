"""A PSAM at a unit: issued to a place and a keeper who signs, activated by its terminal, frozen when
something is wrong."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction

from office.psams.refusing import refused
from office.psams.world import CITY, HOSPITAL, KEEPER, OFFICER, World, serial, terminal
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.services import Member
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.parameters.models import Setting
from shebaoka.office.psams import hosts, selectors, services
from shebaoka.office.psams.choices import Purpose, Source, Status, Verdict
from shebaoka.office.psams.conditions import accepted_digest
from shebaoka.office.psams.models import BlockList, Inspection, Issue, Use
from shebaoka.office.psams.services import Counters, HandingOn, NewIssue, Relocation, Thawing
from shebaoka.office.psams.services.listing import file_of, public_key, verified


def new_issue(world: World, **other: object) -> NewIssue:
    values = {
        "organization": CITY,
        "serial": serial(1),
        "unit": HOSPITAL,
        "place": "W1",
        "keeper": world.keepers[0].number,
        "purpose": Purpose.PURCHASE,
    }
    return NewIssue(**{**values, **other})  # type: ignore[arg-type]


def test_from_stock_to_use(world: World) -> None:
    psam = world.active()
    issue = psam.issues.get()
    assert (psam.status, psam.sequence) == (Status.ACTIVE, 5)
    assert issue.accepted_by == world.keepers[0]
    assert issue.conditions == accepted_digest(world.city)
    assert issue.activated_at is not None
    assert [each.after for each in psam.events.order_by("at", "pk")] == [
        "ordered",
        "received",
        "keyed",
        "in-stock",
        "issued",
        "active",
    ]
    # the keeper's signature stands in the chain of her own unit
    row = Row.objects.get(act="psams.psam.accept")
    assert (row.chain_id, row.actor) == (HOSPITAL, world.keepers[0].number)
    assert not Bypass.objects.exists()


def test_issued_only_to_a_unit_with_an_agreement_a_place_and_a_keeper(world: World) -> None:
    world.stocked(3)
    keeper = world.by(CITY, KEEPER)

    def proposing(**other: object) -> object:
        return propose(keeper, "psams.psam.issue", keeper.organization, new_issue(world, **other))

    world.place_only("W1")
    refused("psams.no-agreement", proposing)
    world.place("W2")
    refused("base.not-found", proposing, place="W9")
    refused("base.not-found", proposing, unit="990100")
    refused("psams.no-keeper", proposing, keeper=keeper.number)
    refused("psams.named-twice", proposing, replaces=serial(1))
    refused("psams.old-one-first", proposing, replaces=serial(2))
    assert not Issue.objects.exists()


def test_no_more_than_the_terminals_and_the_reserve(world: World) -> None:
    world.stocked(3)
    world.place(terminals=1)
    world.issue(1)
    world.issue(2)
    keeper = world.by(CITY, KEEPER)
    third = new_issue(world, serial=serial(3))
    refused("psams.place-full", propose, keeper, "psams.psam.issue", keeper.organization, third)
    assert world.psam(3).status == Status.IN_STOCK


def test_only_the_keeper_signs_and_for_what_she_read(world: World) -> None:
    world.stocked(1)
    world.place()
    world.issue()
    digest = accepted_digest(world.city)
    refused("psams.not-keeper", services.psam_accept, world.keeper(2), serial=serial(1), conditions=digest)
    city = world.by(CITY, KEEPER)
    refused("psams.not-keeper", services.psam_accept, city, serial=serial(1), conditions=digest)
    refused(
        "psams.conditions-changed", services.psam_accept, world.keeper(), serial=serial(1), conditions="0"
    )
    assert list(selectors.to_accept(world.keeper())) == [Issue.objects.get()]
    world.accept()
    assert not selectors.to_accept(world.keeper()).exists()
    refused("psams.accepted", world.accept)


def test_use_before_the_signature_freezes(world: World) -> None:
    world.stocked(1)
    world.place()
    world.issue()
    use = world.use(1, 1)
    assert use.verdict == Verdict.NOT_ACCEPTED
    assert world.psam().status == Status.FROZEN


@pytest.mark.parametrize(
    ("other", "first", "verdict"),
    [
        ({}, 6, Verdict.GOOD),
        ({}, 5, Verdict.BACKWARDS),
        ({}, 1, Verdict.BACKWARDS),
        ({"terminal": terminal(2)}, 6, Verdict.WRONG_PLACE),
        ({"place": "W2"}, 6, Verdict.WRONG_PLACE),
        ({"unit": "980100"}, 6, Verdict.WRONG_PLACE),
    ],
)
def test_counters_go_on_at_the_registered_place_or_the_psam_is_frozen(
    world: World, other: dict[str, Any], first: int, verdict: Verdict
) -> None:
    world.active()
    use = world.use(first, 9, **other)
    psam = world.psam()
    assert use.verdict == verdict
    if verdict is Verdict.GOOD:
        assert (psam.status, psam.sequence, use.incident) == (Status.ACTIVE, 9, "")
        assert not Incident.objects.exists()
        return
    assert (psam.status, psam.sequence) == (Status.FROZEN, 5)
    incident = Incident.objects.get()
    assert (incident.kind, incident.number, incident.organization) == (
        "psam-misused",
        use.incident,
        world.city,
    )
    assert hosts.blocked(psam.terminal)
    listed = BlockList.objects.latest("version")
    assert psam.serial in listed.content
    # used again although blocked: seen too, and still frozen
    again = world.use(20, 21)
    assert again.verdict == Verdict.BLOCKED
    assert Incident.objects.filter(kind="psam-blacklisted").count() == 1
    assert world.psam().status == Status.FROZEN


def test_nonsense_for_counters_is_refused(world: World) -> None:
    world.active()
    for first, last in ((9, 8), (-1, 2), (6, 1 << 32)):
        refused("psams.unfit-counter", world.use, first, last)
    counters = Counters(terminal(1), HOSPITAL, "W1", 6, 7)
    stranger = world.by("990100", KEEPER)
    refused(
        "base.not-found",
        services.use_log,
        stranger,
        serial=serial(1),
        counters=counters,
        source=Source.REPORT,
    )
    assert Use.objects.count() == 1
    assert world.psam().sequence == 5


def test_the_counter_never_falls_in_the_database(world: World) -> None:
    world.active()
    for statement in (
        "UPDATE psams_psam SET sequence = 4 WHERE sequence = 5",
        "UPDATE psams_use SET verdict = 'good'",
        "UPDATE psams_issue SET accepted_by_id = issued_by_id",
        "UPDATE psams_issue SET issued_by_id = checked_by_id",
        "DELETE FROM psams_issue",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_breach_of_the_conditions_freezes_and_two_persons_lift_it(world: World) -> None:
    world.active()
    officer, keeper = world.by(CITY, OFFICER), world.by(CITY, KEEPER)
    good = services.inspection_record(officer, serial=serial(1), broken=[])
    assert world.psam().status == Status.ACTIVE
    refused("psams.say-why", services.inspection_record, officer, serial=serial(1), broken=["seal"])
    refused("base.not-found", services.inspection_record, officer, serial=serial(1), broken=["humour"])
    services.inspection_record(officer, serial=serial(1), broken=["seal", "relay"], remark="封签破损")
    assert world.psam().status == Status.FROZEN
    assert Incident.objects.get().state == "potential"
    assert Inspection.objects.count() == 2
    assert good.broken == []
    thaw = Thawing(CITY, serial(1), "已重新加封")
    world.two(keeper, "psams.psam.thaw", thaw, officer)
    assert world.psam().status == Status.ACTIVE
    assert not hosts.blocked(terminal(1))


def test_the_list_is_signed_and_any_change_of_it_is_seen(world: World) -> None:
    world.active()
    services.psam_freeze(world.keeper(), serial=serial(1), why="怀疑被拆")
    listed = BlockList.objects.latest("version")
    data, key = file_of(listed), public_key()
    assert verified(data, key)
    assert not verified(data.replace(b"frozen", b"active"), key)
    assert not verified(data, bytes(31) + b"\x01")
    assert not verified(b"".join(data.splitlines(keepends=True)[1:]), key)
    assert not verified(b"", key)
    assert '"entries":1' in listed.content
    again = services.list_publish(world.by(CITY, KEEPER), body=world.city)
    assert again.version == listed.version + 1


def test_another_keeper_takes_it_with_her_own_signature(world: World) -> None:
    world.active()
    handing = HandingOn(serial(1), world.keepers[1].number)
    made = propose(world.keeper(), "psams.psam.hand-on", world.hospital, handing)
    refused("psams.not-keeper", check, world.by(CITY, KEEPER), made.pk)
    check(world.keeper(2), made.pk)
    psam = world.psam()
    assert psam.status == Status.ACTIVE
    issue = psam.issues.get(ended_at=None)
    assert (issue.keeper, issue.accepted_by) == (world.keepers[1], world.keepers[1])
    assert psam.issues.count() == 2
    assert world.use(6, 6).verdict == Verdict.GOOD


def test_a_keeper_cannot_leave_before_she_handed_it_on(world: World) -> None:
    world.active()
    administrator = world.by(CITY, "administrator")
    member = Member(world.keepers[0].number)
    refused("psams.keeps", propose, administrator, "organizations.staff.leave", world.hospital, member)
    assert Staff.objects.get(pk=world.keepers[0].pk).left_on is None


def test_another_place_is_recorded_or_approved_as_the_body_decided(world: World) -> None:
    world.active()
    world.place_only("W2")
    keeper = world.by(CITY, KEEPER)
    services.psam_move(keeper, serial=serial(1), place="W2", why="窗口调整")
    assert world.use(6, 6, place="W2").verdict == Verdict.GOOD
    with writing("tests.set"):
        Setting.objects.create(
            organization=world.city,
            key="psams.place-change",
            value="approve",
            since=date(2026, 3, 1),
            revision=1,
            source="L",
            place="示例〔2026〕1号",
            made_at=clock.now(),
        )
    refused("psams.needs-approval", services.psam_move, keeper, serial=serial(1), place="W1", why="x")
    to = Relocation(CITY, serial(1), "W1", "窗口调整")
    world.two(keeper, "psams.psam.relocate", to, world.by(CITY, OFFICER))
    assert world.use(7, 7).verdict == Verdict.GOOD


def test_a_place_closes_when_no_psam_is_used_there(world: World) -> None:
    world.active()
    world.place_only("W2")
    keeper = world.by(CITY, KEEPER)
    values: dict[str, Any] = {"body": world.city, "unit": world.hospital, "why": "窗口撤销"}
    refused("psams.place-used", services.place_close, keeper, **values, code="W1")
    services.place_close(keeper, **values, code="W2")
    assert [each.code for each in selectors.places(keeper)] == ["W1"]
    refused("psams.place-closed", world.place_only, "W2")
    refused("base.not-found", services.psam_move, keeper, serial=serial(1), place="W2", why="x")
