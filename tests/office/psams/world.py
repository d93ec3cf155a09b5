"""PSAMs of the invented city, brought by services as far as a test needs, and a hospital that uses them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from office.country import Country
from office.ready import rules_in_force
from shebaoka.office.approval.choices import State
from shebaoka.office.approval.models import Region
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor, actor_of, system
from shebaoka.office.organizations.choices import Channel, Kind
from shebaoka.office.organizations.models import (
    Assignment,
    Organization,
    Staff,
    StaffSession,
    TwoPersonAct,
)
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.psams import services
from shebaoka.office.psams.choices import Algorithm, Form, KeyLevel, Network, PlaceKind, Purpose, Source
from shebaoka.office.psams.conditions import accepted_digest
from shebaoka.office.psams.models import Issue, Order, Psam, Use
from shebaoka.office.psams.services import (
    Application,
    Counters,
    HandOverList,
    LoadedKey,
    Loading,
    NewIssue,
    NewVendor,
    OrderDecision,
    Receipt,
    Sent,
)

CITY, PROVINCE, MINISTRY, HOSPITAL = "980100", "980000", "000000", "980100-H01"
KEEPER, OFFICER, LEADER = "psam-keeper", "security-officer", "leader"
KEYS = "key-administrator"
FILING = "备2025-017"


def serial(number: int) -> str:
    return f"9801{number:016d}"


def terminal(number: int) -> str:
    return f"980100{number:06d}"


@dataclass
class World:
    """The country with a hospital of the city and its two keepers."""

    country: Country
    hospital: Organization
    keepers: list[Staff] = field(default_factory=list)

    def by(self, code: str, role: str, nth: int = 1) -> Actor:
        return self.country.actor(code, f"organizations.{role}", nth)

    def keeper(self, nth: int = 1) -> Actor:
        """A keeper of the hospital."""
        return actor_of(Staff.objects.get(pk=self.keepers[nth - 1].pk), Channel.DESK)

    @property
    def city(self) -> Organization:
        return self.country.organizations[CITY]

    def job(self) -> Actor:
        return system(self.city)

    def two(
        self,
        maker: Actor,
        act: str,
        payload: msgspec.Struct,
        *checkers: Actor,
        organization: Organization | None = None,
    ) -> TwoPersonAct:
        """An act proposed by one and checked by the others."""
        made = propose(maker, act, organization or maker.organization, payload)
        for each in checkers:
            made = check(each, made.pk)
        return made

    def vendor(self) -> None:
        new = NewVendor("示例卡厂", FILING, date(2025, 6, 1))
        self.two(self.by(MINISTRY, "reviewer"), "psams.vendor.file", new, self.by(MINISTRY, LEADER))

    def ordered(self, quantity: int) -> Order:
        keeper = self.by(CITY, KEEPER)
        asked = Application(
            CITY,
            quantity,
            (KeyLevel.NATION, KeyLevel.CITY),
            (Algorithm.SM4,),
            FILING,
            Purpose.PURCHASE,
            "定点医院收费窗口",
            "机要",
            keeper.number,
        )
        self.two(keeper, "psams.order.apply", asked, self.by(CITY, LEADER))
        return Order.objects.latest("submitted_at", "number")

    def sent(self, quantity: int = 2, first: int = 1) -> Order:
        order = self.ordered(quantity)
        decision = OrderDecision(order.number, True, "同意")
        reviewer, leader = self.by(MINISTRY, "reviewer"), self.by(MINISTRY, LEADER)
        self.two(reviewer, "psams.order.decide", decision, leader)
        numbers = range(first, first + quantity)
        listed = HandOverList(
            order.number,
            "B2026-01",
            "THD89",
            "示例COS 2.1",
            date(2026, 1, 1),
            date(2031, 1, 1),
            tuple(Sent(serial(each), terminal(each)) for each in numbers),
            1,
        )
        self.two(self.by(MINISTRY, KEEPER), "psams.order.send", listed, self.by(MINISTRY, KEYS))
        order.refresh_from_db()
        return order

    def received(self, quantity: int = 2) -> Order:
        order = self.sent(quantity)
        serials = tuple(order.psams.order_by("serial").values_list("serial", flat=True))
        receipt = Receipt(CITY, order.number, order.document, serials)
        self.two(self.by(CITY, KEEPER), "psams.order.receive", receipt, self.by(CITY, OFFICER))
        order.refresh_from_db()
        return order

    def stocked(self, quantity: int = 2) -> list[Psam]:
        self.received(quantity)
        serials = tuple(serial(each) for each in range(1, quantity + 1))
        loading = Loading(CITY, serials, (LoadedKey(KeyLevel.CITY, Algorithm.SM4, 1),), "装载记录2026-1")
        self.two(self.by(CITY, KEYS), "psams.psam.key", loading, self.by(CITY, OFFICER))
        for each in serials:
            services.psam_stock(
                self.by(CITY, KEEPER), serial=each, printed=f"NO-{each[-4:]}", form=Form.PLUG_IN, seal="S1"
            )
        return list(Psam.objects.order_by("serial"))

    def place(self, code: str = "W1", terminals: int = 1) -> None:
        services.agreement_record(
            self.by(CITY, OFFICER),
            body=self.city,
            unit=self.hospital,
            number=f"协议-{code}",
            since=date(2026, 1, 1),
            until=date(2026, 12, 31),
        )
        self.place_only(code, terminals)

    def place_only(self, code: str, terminals: int = 1, **more: Any) -> None:
        services.place_record(
            self.by(CITY, KEEPER),
            body=self.city,
            unit=self.hospital,
            code=code,
            kind=PlaceKind.HOSPITAL,
            name="收费一号窗口",
            address="示例路1号",
            attended=True,
            camera=True,
            network=Network.DEDICATED,
            terminals=terminals,
            **more,
        )

    def issue(self, number: int = 1, *, code: str = "W1", replaces: str = "") -> TwoPersonAct:
        new = NewIssue(
            CITY, serial(number), HOSPITAL, code, self.keepers[0].number, Purpose.PURCHASE, replaces
        )
        return self.two(self.by(CITY, KEEPER), "psams.psam.issue", new, self.by(CITY, OFFICER))

    def accept(self, number: int = 1) -> Issue:
        return services.psam_accept(
            self.keeper(), serial=serial(number), conditions=accepted_digest(self.city)
        )

    def use(self, first: int, last: int, number: int = 1, **other: Any) -> Use:
        said = {"terminal": terminal(number), "unit": HOSPITAL, "place": "W1", **other}
        counters = Counters(**said, first=first, last=last)
        return services.use_log(self.job(), serial=serial(number), counters=counters, source=Source.HOST)

    def active(self, quantity: int = 2) -> Psam:
        """The first PSAM in use at the hospital, the others in stock."""
        self.stocked(quantity)
        self.place()
        self.issue()
        self.accept()
        self.use(1, 5)
        return self.psam()

    def psam(self, number: int = 1) -> Psam:
        return Psam.objects.get(serial=serial(number))


def made(country: Country, began: Any, ends: Any, *, approved: bool = True) -> World:
    """The world before anything was ordered: the city approved with its keys, rules in force, a vendor."""
    city = country.organizations[CITY]
    with writing("tests.found"):
        hospital = Organization.objects.create(
            code=HOSPITAL,
            region=CITY,
            kind=Kind.HOSPITAL,
            name="示例医院",
            parent=city,
            path=f"{city.path}{HOSPITAL}/",
        )
        world = World(country, hospital, _keepers(hospital, began, ends))
        if approved:
            number = "9156000002980100"
            Region.objects.create(
                organization=city, state=State.KEYS_RECEIVED, issuer_number=number, since=began
            )
    rules_in_force(country, CITY)
    world.vendor()
    return world


def _keepers(unit: Organization, began: Any, ends: Any) -> list[Staff]:
    found: Sequence[Staff] = [
        Staff(number=f"{unit.code}-keeper-{nth}", name=f"保管{nth}", organization=unit, password="!")
        for nth in (1, 2)
    ]
    Staff.objects.bulk_create(found)
    for each in found:
        Assignment.objects.create(
            staff=each, role="organizations.psam-keeper", organization=unit, since=date(2026, 1, 1)
        )
        StaffSession.objects.create(staff=each, purpose="测试", began_at=began, ends_at=ends)
    return list(found)
