"""PSAMs of the city: applied for, received, keyed, issued to a hospital and used. The first two are the ones
the steps before made; one waits for its keeper, one for a second person's agreement."""

from datetime import date

from shebaoka.demo.office.pictures import psam_picture
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.psams import services
from shebaoka.office.psams.choices import Algorithm, Form, KeyLevel, Network, PlaceKind, Purpose, Source
from shebaoka.office.psams.conditions import accepted_digest
from shebaoka.office.psams.models import Order, Psam
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
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.psam_keys import PsamKeys

MINISTRY, CITY, HOSPITAL, PLACE = "000000", "980100", "980100-H01", "W1"
QUANTITY = 6
_LEVELS = (KeyLevel.NATION, KeyLevel.PROVINCE, KeyLevel.CITY)
_SUITES = (Algorithm.TDES, Algorithm.SM4)


def fill(stage: OfficeStage) -> None:
    """In use: the first two; not accepted yet: the third; waiting for its second person: the fourth."""
    _supplied(stage)
    _keyed(stage)
    _places(stage)
    for number in (1, 2, 3):
        _issue(stage, number, stage.by(CITY, "security-officer"))
    for number in (1, 2):
        _in_use(stage, number)
    _issue(stage, 4)
    _proposed(stage)
    stage.say(f"{QUANTITY} PSAMs of {CITY}: two in use at {HOSPITAL}, one to be accepted, three in stock")


def _proposed(stage: OfficeStage) -> None:
    """A filing that waits for the ministry's leader."""
    year = clock.today().year
    vendor = NewVendor("澄屿芯片有限公司", f"演示备〔{year}〕018号", clock.today())
    stage.agree("psams.vendor.file", vendor, stage.by(MINISTRY, "reviewer"))


def serial(number: int) -> str:
    """The serial number of the city's ``number``-th PSAM, as those in the register are ordered."""
    return Psam.objects.filter(owner__code=CITY).order_by("terminal")[number - 1].serial


def _supplied(stage: OfficeStage) -> None:
    """A filed vendor; an order of the city, granted and sent by the ministry, counted by the city."""
    year = clock.today().year
    filing, reviewer = f"演示备〔{year}〕017号", stage.by(MINISTRY, "reviewer")
    vendor = NewVendor("沧岚卡片科技有限公司", filing, date(year, 1, 1))
    leader, keeper = stage.by(MINISTRY, "leader"), stage.by(CITY, "psam-keeper")
    stage.agree("psams.vendor.file", vendor, reviewer, leader)
    use = "定点医院收费窗口和经办窗口"
    asked = Application(
        CITY, QUANTITY, _LEVELS, _SUITES, filing, Purpose.PURCHASE, use, "机要", keeper.number
    )
    stage.agree("psams.order.apply", asked, keeper, stage.by(CITY, "leader"))
    order = Order.objects.get(organization__code=CITY)
    stage.agree("psams.order.decide", OrderDecision(order.number, True, "同意"), reviewer, leader)
    ends = date(2099, 12, 31)  # as the applications on the chips
    listed = HandOverList(
        order.number, "TEST-ONLY-B01", "SC-1", "示例COS 1.0", date(2020, 1, 1), ends, _numbers(stage), 1
    )
    stage.agree(
        "psams.order.send", listed, stage.by(MINISTRY, "psam-keeper"), stage.by(MINISTRY, "key-administrator")
    )
    order.refresh_from_db()
    serials = tuple(order.psams.order_by("serial").values_list("serial", flat=True))
    receipt = Receipt(CITY, order.number, order.document, serials)
    stage.agree("psams.order.receive", receipt, keeper, stage.by(CITY, "security-officer"))


def _numbers(stage: OfficeStage) -> tuple[Sent, ...]:
    """Serial and terminal number of the two made, as they say themselves, and of some that follow."""
    made = stage.demo.psams["98"]
    told = [PsamKeys(InProcessReader(psam.chip)).info() for psam in (made.full, made.local)]
    sent = [Sent(info.serial, info.terminal) for info in told]
    serials, terminals = sent[0].serial[:-6], sent[0].terminal[:-6]
    more = (f"{number:06}" for number in range(len(sent) + 1, QUANTITY + 1))
    return (*sent, *(Sent(serials + number, terminals + number) for number in more))


def _keyed(stage: OfficeStage) -> None:
    """Province and city loaded their keys before two persons; then each PSAM is described and put away."""
    serials = tuple(serial(number) for number in range(1, QUANTITY + 1))
    keys = tuple(LoadedKey(level, suite, 1) for level in _LEVELS[1:] for suite in _SUITES)
    loading = Loading(CITY, serials, keys, "TEST_ONLY 装载记录 1号")
    stage.agree("psams.psam.key", loading, stage.by(CITY, "key-administrator"), stage.by(CITY, "psam-keeper"))
    for number, each in enumerate(serials, 1):
        services.psam_stock(
            stage.by(CITY, "psam-keeper"),
            serial=each,
            printed=f"TEST-{number:04}",
            form=Form.PLUG_IN,
            seal=f"F-{number:04}",
            picture=psam_picture(f"TEST-{number:04}"),
        )


def _places(stage: OfficeStage) -> None:
    """The hospital's agreement and its window with terminals."""
    year = clock.today().year
    city, hospital = stage.organization(CITY), stage.organization(HOSPITAL)
    services.agreement_record(
        stage.by(CITY, "security-officer"),
        body=city,
        unit=hospital,
        number=f"雾江医保协〔{year}〕101号",
        since=date(year, 1, 1),
        until=date(year + 1, 12, 31),
    )
    services.place_record(
        stage.by(CITY, "psam-keeper"),
        body=city,
        unit=hospital,
        code=PLACE,
        kind=PlaceKind.HOSPITAL,
        name="门诊收费窗口",
        address="雾江市临江路1号",
        attended=True,
        camera=True,
        network=Network.DEDICATED,
        terminals=5,
    )


def _issue(stage: OfficeStage, number: int, *checkers: Actor) -> None:
    keeper = stage.number(HOSPITAL, "psam-keeper", 1)
    new = NewIssue(CITY, serial(number), HOSPITAL, PLACE, keeper, Purpose.PURCHASE)
    stage.agree("psams.psam.issue", new, stage.by(CITY, "psam-keeper"), *checkers)


def _in_use(stage: OfficeStage, number: int) -> None:
    """Its keeper signs for it; its counters activate it and go on."""
    keeper = stage.by(HOSPITAL, "psam-keeper", 1)
    digest = accepted_digest(stage.organization(CITY))
    issue = services.psam_accept(keeper, serial=serial(number), conditions=digest)
    for first, last in ((1, 40), (41, 97)):
        counters = Counters(issue.psam.terminal, HOSPITAL, PLACE, first, last)
        services.use_log(keeper, serial=serial(number), counters=counters, source=Source.REPORT)
