"""Cards of the first city in every state, a batch that waits to be started, blanks, an electronic card; and
the city's vault named in the deployment's settings, so that the background makes cards."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from django.conf import settings

from shebaoka.demo.hierarchy import PASSPHRASE
from shebaoka.demo.office.approval import READY, plan_of
from shebaoka.demo.office.citizens import CHANGED, ENROLLED
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.demo.production import products
from shebaoka.office.approval.models import Case
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Applicant, ApplicationKind, Making, Proof, Reason
from shebaoka.office.cards.formats import p3
from shebaoka.office.cards.formats.records import Answer
from shebaoka.office.cards.models import Application, Batch, Card, Stock
from shebaoka.office.cards.production import run
from shebaoka.office.cards.production.keys import GIVEN
from shebaoka.office.cards.services import (
    Approval,
    Blanks,
    Destruction,
    Format,
    Ground,
    NewApplication,
    OrderFields,
)
from shebaoka.office.cards.services.exchanging import about, outgoing
from shebaoka.office.cards.tallying import tally
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people.models import Person
from shebaoka.personalization.stripe import luhn_digit
from shebaoka.vault.settings import FILE

CLERK, SUPERVISOR = "people.counter-clerk", "people.counter-supervisor"
PRODUCT, SITE, BANK = "SSC-2", "01", "980100-B01"
ELECTRONIC = "835207"
"""TEST_ONLY: the password of the electronic card."""
_MADE, _WAITING = 10, 5
_ID = Proof.IDENTITY


def fill(stage: OfficeStage) -> None:
    """From the first blank to a destroyed batch of states; everything by services."""
    _settings(stage)
    GIVEN[READY] = lambda: stage.demo.region("98").city
    try:
        _fill(stage)
    finally:
        del GIVEN[READY]


def _fill(stage: OfficeStage) -> None:
    clerk, issuing, leader = (
        stage.by(READY, CLERK),
        stage.by(READY, "issuing-clerk"),
        stage.by(READY, "leader"),
    )
    _product(stage, issuing)
    stage.agree("cards.stock.receive", Blanks(READY, PRODUCT, 200, "送货单DEMO-1"), issuing, leader)
    everybody = Person.objects.filter(region=READY, died_on=None, merged_into=None).order_by("number")
    people = iter(everybody.exclude(number__in=[each.number for each in ENROLLED]))
    _apply(clerk, people, _MADE)
    _apply(clerk, iter(everybody.filter(number=CHANGED.number)), 1)
    cards = _made(stage, _batch(stage, issuing, leader), issuing)
    _lives(stage, clerk, cards)
    _apply(clerk, people, _WAITING)
    waiting = _batch(stage, issuing, leader)
    _list(clerk, people)
    tally()
    stage.say(f"{READY}: {len(cards)} cards in every state, batch {waiting.number} waits to be started")


def _settings(stage: OfficeStage) -> None:
    """The vault of the city, as a worker opens it: its passphrase comes from a file."""
    office: Path = settings.CONFIGURATION.path
    secret = office / f"{READY}.secret"
    secret.touch(mode=0o600)
    secret.write_text(PASSPHRASE, "utf-8")
    vault = (stage.demo.folder / "vaults" / f"{READY}.vault").resolve()
    (office / FILE).write_text(
        'mode = "test"\n\n'
        f'[vaults.{READY}]\nbackend = "software"\npath = "{vault}"\nsecret = "file:{secret}"\n',
        "utf-8",
    )


def _product(stage: OfficeStage, issuing: Actor) -> None:
    province = stage.demo.region("98").data
    plan = plan_of(province, stage.organization(READY).name)
    approved = _approved(plan.face)
    order = OrderFields(
        approved, plan.layout, plan.structure, plan.chip, plan.cos, plan.supplier, plan.product
    )
    services.product_record(
        issuing,
        organization=READY,
        code=PRODUCT,
        name="社会保障卡2.0（模拟）",
        order=order,
        making=products(province, clock.today())[0],
        photo=False,
    )


def _approved(face: str) -> str:
    """The face as the case in force has it: the year may have changed since."""
    case = Case.objects.filter(region__organization__code=READY, stage="approved").latest("number")
    return str(case.plan.get("face", face))


def _apply(clerk: Actor, people: Iterator[Person], wanted: int) -> list[Application]:
    """Applications of the next people who may have a card."""
    found: list[Application] = []
    new = NewApplication(
        kind=ApplicationKind.NEW, product=PRODUCT, population="职工", outlet=READY, bank=BANK
    )
    while len(found) < wanted:
        person = next(people)
        try:
            found.append(services.application_take(clerk, person=person.pk, new=new))
        except Refusal:  # a duplicate, a rare name, a child: they wait at the counter
            continue
    return found


def _batch(stage: OfficeStage, issuing: Actor, leader: Actor) -> Batch:
    batch = services.batch_form(
        issuing, organization=READY, product=PRODUCT, outlet=READY, site=SITE, bank=BANK
    )
    _opened(issuing, batch)
    stage.agree("cards.batch.approve", Approval(batch.pk, True), issuing, leader, subject=batch)
    run.prepare(batch.pk)
    batch.refresh_from_db()
    return batch


def _opened(issuing: Actor, batch: Batch) -> None:
    """The bank opens an account for each, as a workbook says: a long name does not fit into fixed width."""
    services.bank_export(issuing, batch=batch.pk, format=Format.P3)
    answers = [
        Answer(each.sequence, each.name, each.document, True, bank_card=_bank_card(int(each.application)))
        for each in outgoing(batch)
    ]
    content = p3.answered(about(batch), answers)
    services.bank_import(issuing, batch=batch.pk, format=Format.P3, content=content)


def _bank_card(number: int) -> str:
    """An invented number with its check digit (Luhn)."""
    digits = f"622199{number % 10**9:09d}"
    return digits + luhn_digit(digits)


def _made(stage: OfficeStage, batch: Batch, issuing: Actor) -> list[Card]:
    services.batch_start(issuing, batch=batch.pk)
    run.make(batch.pk)
    services.batch_deliver(issuing, batch=batch.pk, document="装箱单DEMO-1")
    cards = batch.cards.select_related("person").order_by("serial")
    return sorted(cards, key=lambda each: each.person is not None and each.person.number == CHANGED.number)


def _lives(stage: OfficeStage, clerk: Actor, cards: list[Card]) -> None:
    """One card in each state; the first stays at the outlet, the second is sealed in its holder's hand, the
    last stays in use."""
    held = [services.card_hand_out(clerk, card=card.pk, proof=_ID) for card in cards[1:]]
    active = [services.card_activate(clerk, card=card.pk, proof=_ID) for card in held[1:]]
    lost, formal, locked, ended, electronic, replaced, back = active[:7]
    bank = stage.by(BANK, CLERK)
    for card in (held[0], electronic):  # both of the four combinations that have an active bank application
        services.bank_activate(bank, card=card.pk, proof=_ID)
    services.loss_temporary(clerk, card=lost.pk, proof=Proof.TELEPHONE, why="电话挂失")
    services.loss_formal(clerk, card=formal.pk, proof=_ID, why="遗失")
    services.card_lock(stage.by(READY, SUPERVISOR), card=locked.pk, why="待遇资格核查")
    services.card_cancel(clerk, card=ended.pk, ground=Ground.LEFT, proof=_ID, recovered=True)
    services.card_cancel(clerk, card=back.pk, ground=Ground.RETURNED, proof=_ID, recovered=True)
    _destroyed(stage, ended)
    person = electronic.person
    if person is not None:
        services.electronic_open(clerk, person=person.pk, password=ELECTRONIC, proof=_ID)
    if replaced.person is not None:
        services.loss_formal(clerk, card=replaced.pk, proof=_ID, why="遗失")
        new = NewApplication(
            kind=ApplicationKind.REISSUE,
            reason=Reason.LOST,
            product=PRODUCT,
            population="职工",
            outlet=READY,
            bank=BANK,
            making=Making.INSTANT,
        )
        services.application_take(clerk, person=replaced.person.pk, new=new)


def _destroyed(stage: OfficeStage, ended: Card) -> None:
    """A card and spoiled blanks before two persons, with certificates; other ones wait; blanks counted."""
    issuing, leader = stage.by(READY, "issuing-clerk"), stage.by(READY, "leader")
    stage.agree("cards.card.destroy", Destruction(READY, (ended.code,), "销毁证DEMO-1"), issuing, leader)
    stage.agree("cards.stock.spoil", Blanks(READY, PRODUCT, 5, "报废单DEMO-1"), issuing, leader)
    stage.agree("cards.stock.destroy", Blanks(READY, PRODUCT, 3, "销毁证DEMO-2"), issuing, leader)
    stock = Stock.objects.get(holder__code=READY, product__code=PRODUCT)
    services.stock_count(issuing, organization=READY, product=PRODUCT, counted=stock.stock)


def _list(clerk: Actor, people: Iterator[Person]) -> None:
    """A school's list with a row nobody knows."""
    rows = ["社会保障号码,姓名", "980101199912310010,查无此人"]
    rows += [f"{each.number},{each.name}" for each in islice(people, 3)]
    services.list_take(
        clerk,
        agency=READY,
        applicant=Applicant.SCHOOL,
        sender="沧岚第一中学",
        name="学生名单.csv",
        content="\n".join(rows).encode(),
        new=NewApplication(kind=ApplicationKind.NEW, product=PRODUCT, population="城乡居民", outlet=READY),
    )
