"""Parameters that province and city decided with the document that says so, and the city's published
application management rules, which follow from them."""

from shebaoka.demo.office.approval import READY, WAITING
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.parameters.models import Publication
from shebaoka.office.parameters.services import NewSetting, Publishing
from shebaoka.spec.parameters import Value

PROVINCE = "980000"
_DECIDED = (
    (PROVINCE, "cards.replacement-workdays", 20, "沧岚人社规〔2026〕3号 第十二条"),
    (PROVINCE, "custody.out-hours", 6, "沧岚社保卡密钥管理制度 第九条"),
    (READY, "cards.replacement-fee", 1600, "雾江发改价〔2026〕21号"),
    (READY, "psams.place-change", "approve", "雾江社保PSAM卡管理制度 第七条"),
    (
        READY,
        "enquiry.agency-address",
        "雾江市青岚区望江路18号一层，周一至周五9:00-17:00",
        "雾江人社公告〔2026〕5号",
    ),
    (
        WAITING,
        "enquiry.agency-address",
        "星屿市澄湾区海桐路6号，周一至周六8:30-16:30",
        "星屿人社公告〔2026〕2号",
    ),
)


def fill(stage: OfficeStage) -> None:
    """Set and published, each by a clerk and a leader of the body."""
    with stage.days_ago(7):
        for code, key, value, place in _DECIDED:
            _decide(stage, code, key, value, place)
    with stage.days_ago(6):
        clerk, leader = stage.by(READY, "policy-clerk"), stage.by(READY, "leader")
        stage.agree("parameters.rules.publish", Publishing(READY, clock.today()), clerk, leader)
    published = Publication.objects.get(organization__code=READY)
    stage.say(f"{len(_DECIDED)} parameters decided; rules of {READY} published, version {published.version}")


def _decide(stage: OfficeStage, code: str, key: str, value: Value, place: str) -> None:
    new = NewSetting(code, key, value, clock.today(), "L", place)
    stage.agree("parameters.setting.set", new, stage.by(code, "policy-clerk"), stage.by(code, "leader"))
