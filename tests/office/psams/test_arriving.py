"""How PSAMs come into the register: from a filed vendor, asked for, granted, sent, counted, keyed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.country import Country
from office.psams.refusing import refused
from office.psams.world import (
    CITY,
    FILING,
    HOSPITAL,
    KEEPER,
    KEYS,
    LEADER,
    MINISTRY,
    OFFICER,
    World,
    made,
    serial,
)
from shebaoka.office.approval.choices import State
from shebaoka.office.approval.models import Region
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.organizations.two_persons import propose
from shebaoka.office.psams import selectors, services
from shebaoka.office.psams.choices import Algorithm, Form, KeyLevel, OrderStatus, Status
from shebaoka.office.psams.models import Event, Order, Psam, Vendor
from shebaoka.office.psams.services import HandOverList, LoadedKey, Loading, NewVendor, Receipt, Sent

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_a_filing_is_valid_for_two_years_and_its_number_is_taken(world: World) -> None:
    vendor = Vendor.objects.get()
    assert vendor.valid_until == date(2027, 6, 1)
    again = NewVendor("另一厂", FILING, date(2026, 1, 1))
    reviewer = world.by(MINISTRY, "reviewer")
    refused("psams.filing-known", propose, reviewer, "psams.vendor.file", reviewer.organization, again)
    assert list(selectors.vendors_filed(date(2027, 6, 2))) == []


def test_nobody_below_the_ministry_files_vendors(world: World) -> None:
    reviewer = world.by("980000", "reviewer")
    new = NewVendor("本地厂", "自备1", date(2026, 1, 1))
    refused("psams.ministry-only", propose, reviewer, "psams.vendor.file", reviewer.organization, new)
    assert Vendor.objects.count() == 1


def test_nothing_is_ordered_from_a_vendor_whose_filing_is_over(world: World) -> None:
    with clock.at(datetime(2026, 3, 2, 1, 30, tzinfo=UTC)):
        services.vendor_withdraw(world.by(MINISTRY, "reviewer"), filing=FILING, why="不再供货")
        refused("psams.vendor-not-filed", world.ordered, 2)
    assert not Order.objects.exists()


def test_psams_come_with_the_list_of_a_granted_application(world: World) -> None:
    order = world.received(2)
    assert order.status == OrderStatus.RECEIVED
    assert order.number.startswith("980100-P2026-")
    assert Region.objects.get().state == State.PSAMS_RECEIVED
    psam = Psam.objects.get(serial=serial(1))
    assert (psam.status, psam.document, psam.received_on) == (
        Status.RECEIVED,
        order.document,
        date(2026, 3, 2),
    )
    assert [(each.level, each.version) for each in psam.keys.all()] == [(KeyLevel.NATION, 1)]
    assert [(each.before, each.after) for each in psam.events.order_by("at", "pk")] == [
        ("", "ordered"),
        ("ordered", "received"),
    ]
    assert not Bypass.objects.exists()


def test_a_region_that_is_not_approved_is_granted_nothing(country: Country) -> None:
    world = made(country, NOW, NOW + timedelta(hours=8), approved=False)
    order = world.ordered(1)
    reviewer = world.by(MINISTRY, "reviewer")
    decision = services.OrderDecision(order.number, True, "同意")
    refused("psams.not-approved", propose, reviewer, "psams.order.decide", reviewer.organization, decision)
    assert Order.objects.get().status == OrderStatus.SUBMITTED


def test_a_body_without_psam_rules_receives_nothing(world: World) -> None:
    order = world.sent(1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('shebaoka.act', 'tests', true)")
        cursor.execute(
            "UPDATE rules_document SET state = 'withdrawn', withdrawn_on = '2026-03-01'"
            " WHERE kind = 'psam-rules'"
        )
    keeper = world.by(CITY, KEEPER)
    receipt = Receipt(CITY, order.number, order.document, (serial(1),))
    refused("rules.lacking", propose, keeper, "psams.order.receive", keeper.organization, receipt)
    assert Psam.objects.get().status == Status.ORDERED


@pytest.mark.parametrize("serials", [(serial(1),), (serial(1), serial(2), serial(3)), (serial(1), serial(1))])
def test_what_is_not_as_the_list_says_is_not_received(world: World, serials: tuple[str, ...]) -> None:
    order = world.sent(2)
    keeper = world.by(CITY, KEEPER)
    receipt = Receipt(CITY, order.number, order.document, serials)
    refused("psams.other-list", propose, keeper, "psams.order.receive", keeper.organization, receipt)
    assert set(Psam.objects.values_list("status", flat=True)) == {Status.ORDERED}


def test_numbers_are_well_formed_of_the_region_and_never_given_twice(world: World) -> None:
    world.sent(2)
    order = world.ordered(1)
    reviewer, leader = world.by(MINISTRY, "reviewer"), world.by(MINISTRY, LEADER)
    world.two(reviewer, "psams.order.decide", services.OrderDecision(order.number, True, "同意"), leader)
    keeper = world.by(MINISTRY, KEEPER)
    for each, code in (
        (Sent(serial(1), "980100000009"), "psams.number-taken"),
        (Sent(serial(9), "980100000001"), "psams.number-taken"),
        (Sent(serial(9), "990100000009"), "psams.wrong-region"),
        (Sent(serial(9)[:-1], "980100000009"), "psams.unfit-number"),
        (Sent(serial(9), "98010000000A"), "psams.unfit-number"),
    ):
        listed = HandOverList(order.number, "B", "C", "COS", date(2026, 1, 1), date(2031, 1, 1), (each,))
        refused(code, propose, keeper, "psams.order.send", keeper.organization, listed)
    assert Psam.objects.count() == 2


def test_a_refused_application_brings_nothing(world: World) -> None:
    order = world.ordered(1)
    reviewer, leader = world.by(MINISTRY, "reviewer"), world.by(MINISTRY, LEADER)
    decision = services.OrderDecision(order.number, False, "数量无依据")
    world.two(reviewer, "psams.order.decide", decision, leader)
    refused("psams.order-not-now", propose, reviewer, "psams.order.decide", reviewer.organization, decision)
    order.refresh_from_db()
    assert order.status == OrderStatus.REFUSED


def test_keys_are_those_asked_for_and_each_version_once(world: World) -> None:
    world.received(1)
    keys = world.by(CITY, KEYS)
    for key, code in (
        (LoadedKey(KeyLevel.PROVINCE, Algorithm.SM4, 1), "psams.keys-not-asked"),
        (LoadedKey(KeyLevel.CITY, Algorithm.TDES, 1), "psams.keys-not-asked"),
        (LoadedKey(KeyLevel.CITY, Algorithm.SM4, 0), "psams.keys-not-asked"),
        (LoadedKey(KeyLevel.NATION, Algorithm.SM4, 1), "psams.keys-not-asked"),
    ):
        loading = Loading(CITY, (serial(1),), (key,), "记录")
        refused(code, propose, keys, "psams.psam.key", keys.organization, loading)
    good = Loading(CITY, (serial(1),), (LoadedKey(KeyLevel.CITY, Algorithm.SM4, 1),), "记录")
    world.two(keys, "psams.psam.key", good, world.by(CITY, OFFICER))
    refused("psams.keys-known", propose, keys, "psams.psam.key", keys.organization, good)
    assert Psam.objects.get().status == Status.KEYED
    assert Psam.objects.get().keys.count() == 2


def test_stock_has_the_outward_appearance(world: World) -> None:
    (psam,) = world.stocked(1)
    assert (psam.printed, psam.form, psam.seal, psam.status) == ("NO-0001", "plug-in", "S1", "in-stock")
    keeper = world.by(CITY, KEEPER)
    values = {"printed": "NO-9", "form": Form.CARD}
    refused("psams.not-now", services.psam_stock, keeper, serial=psam.serial, **values)
    psam.refresh_from_db()
    assert psam.printed == "NO-0001"


def test_a_picture_is_an_image_and_a_printed_number_stands_once(world: World) -> None:
    world.received(2)
    loading = Loading(CITY, (serial(1), serial(2)), (LoadedKey(KeyLevel.CITY, Algorithm.SM4, 1),), "记录")
    world.two(world.by(CITY, KEYS), "psams.psam.key", loading, world.by(CITY, OFFICER))
    values = {"serial": serial(1), "printed": "NO-1", "form": Form.CARD}
    keeper = world.by(CITY, KEEPER)
    refused("psams.unfit-picture", services.psam_stock, keeper, **values, picture=b"<svg/>")
    (first, second) = (serial(1), serial(2))
    psam = services.psam_stock(keeper, serial=first, printed="NO-1", form=Form.CARD, picture=PNG)
    assert len(psam.picture) == 64
    refused("psams.printed-taken", services.psam_stock, keeper, **{**values, "serial": second})


def test_the_database_keeps_numbers_states_and_history(world: World) -> None:
    world.stocked(1)
    for statement in (
        "DELETE FROM psams_psam",
        "DELETE FROM psams_event",
        "UPDATE psams_psam SET serial = '98010000000000000099'",
        "UPDATE psams_psam SET terminal = '980100000099'",
        "UPDATE psams_psam SET status = 'active'",
        "UPDATE psams_psam SET status = 'issued'",
        "UPDATE psams_psam SET status = 'lost'",
        "UPDATE psams_psam SET status = 'to-destroy'; UPDATE psams_psam SET status = 'destroyed'",
        "UPDATE psams_psamkey SET version = 2",
        "UPDATE psams_vendor SET valid_until = '2099-01-01'",
        "UPDATE psams_order SET status = 'submitted'",
        "INSERT INTO psams_psam SELECT gen_random_uuid(), '98010000000000000099', '980100000099', 'x', batch,"
        " chip, cos, key_card_type, starts_on, expires_on, received_on, document, form, seal, picture,"
        " status, sequence, seen_at, audited_on, order_id, owner_id, vendor_id FROM psams_psam",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    psam = Psam.objects.get()
    assert (psam.serial, psam.status) == (serial(1), Status.IN_STOCK)


def test_each_sees_and_handles_its_own(world: World) -> None:
    world.stocked(1)
    far = world.by("990100", KEEPER)
    refused("base.not-found", selectors.psam, far, serial(1))
    refused("base.not-found", services.psam_freeze, far, serial=serial(1), why="x")
    above = world.by("980000", KEEPER)
    assert selectors.psam(above, serial(1)).serial == serial(1)
    refused("base.not-found", services.psam_freeze, above, serial=serial(1), why="x")
    assert list(selectors.psams(world.keeper())) == []
    assert Event.objects.filter(after=Status.FROZEN).count() == 0
    assert HOSPITAL not in {row.chain_id for row in Row.objects.filter(act__startswith="psams.")}
