"""An issuing city with an agency, a bank, a product and blanks, and people with cards in every state."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import msgspec
from django.test import override_settings

from office.country import Country
from personalization.support import id_number, vaults
from shebaoka.office.approval.choices import Kind as CaseKind
from shebaoka.office.approval.choices import Stage, State
from shebaoka.office.approval.models import Case, Region
from shebaoka.office.approval.plan import Plan, as_data
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import ApplicationKind, Proof, Reason
from shebaoka.office.cards.models import Application, Batch, Card, Product
from shebaoka.office.cards.production import run
from shebaoka.office.cards.production.keys import GIVEN
from shebaoka.office.cards.production.listing import directory_of
from shebaoka.office.cards.services import Approval, Blanks, NewApplication, OrderFields
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
from shebaoka.office.parameters.models import Setting
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import NewPerson, person_enroll
from shebaoka.personalization.product import CardProduct
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader

CITY, AGENCY, BANK, LEADER = "980100", "980100-A01", "980100-B01", "organizations.leader"
CLERK, SUPERVISOR, ISSUING = (
    "people.counter-clerk",
    "people.counter-supervisor",
    "organizations.issuing-clerk",
)
PLAN = Plan(
    face="甲市2026版",
    layout="2.0",
    structure="1",
    chip="示例芯片 SC-1",
    cos="示例COS 1.0",
    supplier="示例卡厂",
    product="SSC-2",
    population=("职工", "城乡居民"),
    quantities={"2026": 1000},
)
ORDER = OrderFields("甲市2026版", "2.0", "1", "示例芯片 SC-1", "示例COS 1.0", "示例卡厂", "SSC-2")
BANK_CARD = "62212345678901"


@dataclass
class World:
    """``people``: enrolled, in the order they came."""

    country: Country
    agency: Organization
    bank: Organization
    product: Product
    people: list[Person] = field(default_factory=list)

    def rule(self, key: str, value: object, code: str = CITY) -> None:
        """A city decides something, from today on."""
        city = self.country.organizations[code]
        with writing("tests.rule"):
            revision = Setting.objects.filter(organization=city, key=key).count() + 1
            Setting.objects.create(
                organization=city,
                key=key,
                value=value,
                since=clock.today(),
                revision=revision,
                source="P",
                place="示例文件",
                made_at=clock.now(),
            )

    def by(self, code: str, role: str, nth: int = 1) -> Actor:
        number = f"{code}-{role.partition('.')[2]}-{nth}"
        return actor_of(Staff.objects.get(number=number), Channel.DESK)

    @property
    def city(self) -> Organization:
        return self.country.organizations[CITY]

    @property
    def clerk(self) -> Actor:
        return self.by(AGENCY, CLERK)

    @property
    def banker(self) -> Actor:
        return self.by(BANK, CLERK)

    @property
    def issuing(self) -> Actor:
        return self.by(CITY, ISSUING)

    def job(self, channel: Channel = Channel.JOB) -> Actor:
        return system(self.city, channel)

    def two(self, act: str, payload: msgspec.Struct, maker: Actor | None = None) -> TwoPersonAct:
        made = propose(maker or self.issuing, act, self.city, payload)
        return check(self.by(CITY, LEADER), made.pk)

    def person(self, name: str = "测试", birth: str = "19900101") -> Person:
        count = len(self.people) + 1
        new = NewPerson(number=id_number(count, birth), name=f"{name}{_HAN[count % 40]}{_HAN[count // 40]}")
        made = person_enroll(self.clerk, agency=self.agency, new=new)
        self.people.append(made)
        return made

    def wanted(self, **changes: object) -> NewApplication:
        plain = NewApplication(kind=ApplicationKind.NEW, product="SSC-2", population="职工", outlet=AGENCY)
        return msgspec.structs.replace(plain, **changes)

    def applied(self, person: Person | None = None, **changes: object) -> Application:
        return services.application_take(
            self.clerk, person=(person or self.person()).pk, new=self.wanted(**changes)
        )

    def blanks(self, quantity: int = 20) -> None:
        self.two("cards.stock.receive", Blanks(CITY, "SSC-2", quantity, "送货单1号"))

    def formed(self, count: int = 3, bank: bool = False) -> Batch:
        for _ in range(count):
            self.applied(bank=BANK if bank else "")
        return services.batch_form(
            self.issuing,
            organization=CITY,
            product="SSC-2",
            outlet=AGENCY,
            site="01",
            bank=BANK if bank else "",
        )

    def prepared(self, count: int = 3) -> Batch:
        batch = self.formed(count)
        return self.prepare(batch)

    def prepare(self, batch: Batch) -> Batch:
        self.two("cards.batch.approve", Approval(batch.pk, True))
        run.prepare(batch.pk)
        batch.refresh_from_db()
        return batch

    def made(self, count: int = 1) -> list[Card]:
        """Cards made in a batch, at the outlet."""
        return self.make(self.prepared(count))

    def make(self, batch: Batch) -> list[Card]:
        services.batch_start(self.issuing, batch=batch.pk)
        run.make(batch.pk)
        services.batch_deliver(self.issuing, batch=batch.pk, document="装箱单1")
        return list(batch.cards.order_by("serial"))

    def handed(self, count: int = 1) -> list[Card]:
        return [self.hand_out(card) for card in self.made(count)]

    def hand_out(self, card: Card, *, old_recovered: bool = False) -> Card:
        done = services.card_hand_out(
            self.clerk, card=card.pk, proof=Proof.IDENTITY, old_recovered=old_recovered
        )
        done.refresh_from_db()
        return done

    def active(self, count: int = 1) -> list[Card]:
        cards = self.handed(count)
        return [services.card_activate(self.clerk, card=card.pk, proof=Proof.IDENTITY) for card in cards]

    def replaced(self, old: Card, kind: ApplicationKind, reason: Reason) -> Card:
        """A new card for the holder of an old one, made and at the outlet."""
        assert old.person is not None
        self.applied(old.person, kind=kind, reason=reason, bank="")
        batch = services.batch_form(
            self.issuing, organization=CITY, product="SSC-2", outlet=AGENCY, site="01"
        )
        return self.make(self.prepare(batch))[0]

    def reader(self, card: Card) -> InProcessReader:
        """The image of a card made here, in a reader; what is written stays in the image."""
        assert card.batch is not None
        return InProcessReader(open_chip(directory_of(card.batch) / "cards" / f"{card.serial:08d}.card"))


_HAN = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"


def made(country: Country, began: datetime, ends: datetime) -> World:
    """Everything that a first application needs."""
    city = country.organizations[CITY]
    with writing("tests.cards"):
        agency = _unit(city, AGENCY, Kind.AGENCY, "示例甲市经办机构")
        bank = _unit(city, BANK, Kind.BANK, "示例银行甲市分行")
        for unit in (agency, bank):
            for role in (CLERK, SUPERVISOR):
                _employ(unit, role, began, ends)
        region = Region.objects.create(
            organization=city, state=State.ISSUING, issuer_number="9156000002980100", since=clock.now()
        )
        Case.objects.create(
            region=region,
            number=1,
            kind=CaseKind.REGISTRATION,
            stage=Stage.APPROVED,
            plan=as_data(PLAN),
            digest="0" * 64,
            decided_at=clock.now(),
        )
    world = World(country, agency, bank, None)  # type: ignore[arg-type]
    world.rule("cards.financial", False)
    world.product = services.product_record(
        world.issuing,
        organization=CITY,
        code="SSC-2",
        name="二代卡",
        order=ORDER,
        making=CardProduct(name="2.0 3DES"),
        photo=False,
    )
    return world


@contextmanager
def workshop(folder: Path) -> Iterator[None]:
    """The city's vault and a folder for batches."""
    GIVEN[CITY] = lambda: vaults().city
    try:
        with override_settings(MEDIA_ROOT=folder / "files"):
            yield
    finally:
        del GIVEN[CITY]


def _unit(city: Organization, code: str, kind: Kind, name: str) -> Organization:
    return Organization.objects.create(
        code=code, region=city.region, kind=kind, name=name, parent=city, path=f"{city.path}{code}/"
    )


def _employ(unit: Organization, role: str, began: datetime, ends: datetime) -> None:
    for nth in (1, 2):
        number = f"{unit.code}-{role.partition('.')[2]}-{nth}"
        staff = Staff.objects.create(number=number, name=f"员工{nth}", organization=unit, password="!")
        Assignment.objects.create(staff=staff, role=role, organization=unit, since=date(2026, 1, 1))
        StaffSession.objects.create(staff=staff, purpose="测试", began_at=began, ends_at=ends)


def card_of(pk: UUID) -> Card:
    return Card.objects.select_related("organization", "person", "product", "batch").get(pk=pk)
