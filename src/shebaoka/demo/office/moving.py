"""How carriers are moved: each act by the persons whose it is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shebaoka.carriers.identity import Identity
from shebaoka.demo.carriage import Journey
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.custody.models import Carrier, Dispatch, Order
from shebaoka.office.custody.procedures import steps_of
from shebaoka.office.custody.services import (
    Application,
    ArrivedCarrier,
    BringingBack,
    Pairing,
    Receiving,
    Sending,
    SentCarrier,
    Storing,
    TakingOut,
    movement_step,
)

CUSTODIAN, OPERATOR = "key-custodian", "key-administrator"
OFFICER, LEADER = "security-officer", "leader"


@dataclass(frozen=True)
class Shelf:
    """Where a kind of carrier lies, and which custodians (1 to 3) answer for it: nobody for both halves of a
    pair."""

    place: str
    custodian: int
    deputy: int

    @classmethod
    def of(cls, kind: str) -> "Shelf":
        """The mother card in one safe, the transmission card in another."""
        return {
            "mother": cls("S1", 1, 0),
            "transmission": cls("S2", 2, 3),
            "master-control": cls("S3", 1, 3),
        }[kind]


def store(stage: OfficeStage, code: str, card: Identity, shelf: Shelf, seal: str = "") -> None:
    """A carrier comes into its place; its custodian and another sign."""
    to = Storing(
        code,
        card.serial,
        shelf.place,
        "1",
        stage.number(code, CUSTODIAN, shelf.custodian),
        seal or card.seal,
        stage.number(code, CUSTODIAN, shelf.deputy) if shelf.deputy else "",
    )
    signers = stage.by(code, CUSTODIAN, shelf.custodian), stage.by(code, CUSTODIAN, shelf.deputy or 3)
    stage.agree("custody.carrier.store", to, *signers)


def pair(stage: OfficeStage, code: str, journey: Journey) -> None:
    """Mother card and transmission card of an export, with the keys that are on it."""
    keys = tuple(handle.id for handle in journey.arrived.handles)
    new = Pairing(
        code,
        journey.cards.mother.identity.serial,
        journey.cards.transmission.identity.serial,
        journey.export.reference.hex().upper(),
        f"{journey.receiver.name}密钥 {len(keys)} 个",
        keys,
    )
    stage.agree("custody.carrier.pair", new, stage.by(code, OPERATOR), stage.by(code, CUSTODIAN, 3))


def order(stage: OfficeStage, code: str, kinds: Iterable[str]) -> Order:
    """An application to the body above, approved by its own leader."""
    count = Counter(kinds)
    today = clock.today()
    new = Application(
        organization=code,
        approval=f"演示批〔{today.year}〕{code[:2]}号",
        hsm=f"TEST-ONLY-{code}",
        key_set="3DES、SM4 全部下发密钥",
        purpose="发行社会保障卡",
        master_control=count["master-control"],
        mother=count["mother"],
        transmission=count["transmission"],
        custodian_a=stage.number(code, CUSTODIAN, 1),
        custodian_b=stage.number(code, CUSTODIAN, 2),
        courier=stage.number(code, OFFICER),
        letter=f"介{today.year}-{code}",
        planned_on=today,
        place="上级信息中心",
    )
    stage.agree("custody.order.submit", new, stage.by(code, OPERATOR), stage.by(code, LEADER))
    return Order.objects.filter(organization__code=code).latest("submitted_at", "number")


def distribute(stage: OfficeStage, sender: str, receiver: str, cards: Sequence[Identity]) -> None:
    """Ordered, sent with two couriers of the receiver, counted there and stored."""
    for card in cards:
        if not Carrier.objects.get(serial=card.serial).seal:
            store(stage, sender, card, Shelf.of(card.kind))
    asked = order(stage, receiver, [card.kind for card in cards])
    couriers = stage.number(receiver, OFFICER), stage.number(receiver, OPERATOR)
    sending = Sending(
        organization=sender,
        receiver=receiver,
        order=asked.number,
        document=f"演示发〔{clock.today().year}〕{receiver}号",
        transport="专车，两人押运",
        courier_a=couriers[0],
        courier_b=couriers[1],
        carriers=tuple(SentCarrier(card.serial, couriers[card.kind == "transmission"]) for card in cards),
        place="中心密钥室",
    )
    _sign(stage, sender, "custody.dispatch.send", sending)
    memorandum = Dispatch.objects.get(order=asked).number
    seals = dict(Carrier.objects.filter(serial__in=[c.serial for c in cards]).values_list("serial", "seal"))
    arrived = tuple(
        ArrivedCarrier(
            card.serial,
            True,
            seals[card.serial],
            stage.number(receiver, CUSTODIAN, Shelf.of(card.kind).custodian),
        )
        for card in cards
    )
    _sign(stage, receiver, "custody.dispatch.receive", Receiving(receiver, memorandum, arrived))
    for card in cards:
        store(stage, receiver, card, Shelf.of(card.kind), seals[card.serial])


def take_out(stage: OfficeStage, code: str, card: Identity, purpose: str, operator: int = 1) -> None:
    """A carrier is out: an operator has it, two custodians signed."""
    shelf = Shelf.of(card.kind)
    seal = Carrier.objects.get(serial=card.serial).seal
    out = TakingOut(code, card.serial, purpose, f"演示批〔{clock.today().year}〕{code[:4]}号", 4, seal)
    signers = (stage.by(code, CUSTODIAN, shelf.custodian), stage.by(code, CUSTODIAN, shelf.deputy or 3))
    stage.agree("custody.carrier.take-out", out, stage.by(code, OPERATOR, operator), *signers)


def use(stage: OfficeStage, code: str, card: Identity, purpose: str, operator: int = 0) -> None:
    """Taken out, all steps of its procedure done, brought back under a new seal. Whoever holds the mother
    card never has the transmission card, so that the second operator takes it."""
    nth = operator or (2 if card.kind == "transmission" else 1)
    take_out(stage, code, card, purpose, nth)
    for step in steps_of(card.kind):
        movement_step(stage.by(code, OPERATOR, nth), organization=code, serial=card.serial, step=step.name)
    before = Carrier.objects.get(serial=card.serial).seal
    shelf = Shelf.of(card.kind)
    back = BringingBack(code, card.serial, f"{before}-R")
    signers = (stage.by(code, CUSTODIAN, shelf.custodian), stage.by(code, CUSTODIAN, shelf.deputy or 3))
    stage.agree("custody.carrier.bring-back", back, *signers)


def _sign(stage: OfficeStage, code: str, act: str, payload: Sending | Receiving) -> None:
    """By two custodians."""
    stage.agree(act, payload, stage.by(code, CUSTODIAN, 1), stage.by(code, CUSTODIAN, 2))
