"""Carriers on their way: numbered by the ministry, ordered, sent, counted, stored, used step by step. They
are the simulated ones of the journeys before, with their serial numbers and seals."""

from shebaoka.carriers.identity import Identity
from shebaoka.demo.carriage import Journey
from shebaoka.demo.office.devices import code_of, read_keys
from shebaoka.demo.office.moving import Shelf, distribute, order, pair, store, take_out, use
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.custody.choices import CarrierStatus
from shebaoka.office.custody.models import Carrier
from shebaoka.office.custody.services import Count, Counted, Numbering, movement_step

MINISTRY, PROVINCE, OTHER, CITY = "000000", "980000", "990000", "980100"
KINDS = ("master-control", "mother", "transmission")
_BLANK = 2  # of each kind stay with the ministry


def fill(stage: OfficeStage) -> None:
    """The ministry supplies both provinces, the first one its city; every import is logged step by step."""
    first, second, city = (stage.demo.journey(code) for code in ("98", "99", "980100"))
    _number(stage, first, second, city)
    for journey in (first, second):
        for card in cards(journey):
            store(stage, MINISTRY, card, Shelf.of(card.kind))
        pair(stage, MINISTRY, journey)
    distribute(stage, MINISTRY, PROVINCE, [*cards(first), *cards(city)])
    distribute(stage, MINISTRY, OTHER, cards(second))
    for code, journey in ((PROVINCE, first), (OTHER, second)):
        _imported(stage, code, journey)
    for card in cards(city)[1:]:
        use(stage, PROVINCE, card, "导出地市密钥")
    pair(stage, PROVINCE, city)
    distribute(stage, PROVINCE, CITY, cards(city))
    _imported(stage, CITY, city)
    keys = read_keys(stage, CITY)
    _out(stage, cards(city)[0])
    order(stage, OTHER, ["mother", "transmission"])
    for code in (PROVINCE, OTHER):
        _counted(stage, code)
    moved = Carrier.objects.exclude(status=CarrierStatus.NUMBERED)
    stage.say(f"{moved.count()} carriers sent, counted, stored and used; one is out at {CITY}")
    stage.say(f"{keys:,} keys of {CITY} in the register; an order of {OTHER} waits for the ministry")


def cards(journey: Journey) -> list[Identity]:
    """What the three carriers of a journey say they are: control, mother, transmission."""
    return [card.identity for card in journey.cards]


def _number(stage: OfficeStage, *journeys: Journey) -> None:
    """All carriers of the journeys, and a few blank ones."""
    for kind in KINDS:
        serials = [card.serial for journey in journeys for card in cards(journey) if card.kind == kind]
        serials += [f"{KINDS.index(kind) + 1}00000{number:010}" for number in range(1, 1 + _BLANK)]
        new = Numbering(MINISTRY, kind, tuple(serials), f"演示部发〔{clock.today().year}〕1号")
        makers = stage.by(MINISTRY, "key-administrator"), stage.by(MINISTRY, "key-custodian")
        stage.agree("custody.carrier.number", new, *makers)


def _imported(stage: OfficeStage, code: str, journey: Journey) -> None:
    """Control key first, then mother card and transmission card, which two operators hold."""
    control, mother, transmission = cards(journey)
    use(stage, code, control, "装载主控密钥")
    if code_of(journey.receiver.code) == OTHER:
        return
    use(stage, code, mother, "导入密钥", operator=1)
    use(stage, code, transmission, "导入密钥", operator=2)


def _out(stage: OfficeStage, card: Identity) -> None:
    """A carrier that is out now, its seal opened."""
    take_out(stage, CITY, card, "季度核对密钥校验值")
    movement_step(stage.by(CITY, "key-administrator"), organization=CITY, serial=card.serial, step="seal")


def _counted(stage: OfficeStage, code: str) -> None:
    """A stock-take without differences."""
    there = Carrier.objects.filter(holder__code=code, status=CarrierStatus.STORED).order_by("serial")
    count = Count(code, tuple(Counted(carrier.serial, carrier.seal) for carrier in there))
    stage.agree(
        "custody.stock-take.record",
        count,
        stage.by(code, "key-custodian", 1),
        stage.by(code, "key-custodian", 2),
    )
