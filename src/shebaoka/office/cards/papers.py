"""Receipts: what was done about a card, when and where, for its holder (L-06)."""

from django.utils import translation

from shebaoka.domain.card_number import to_print
from shebaoka.domain.card_states import machine
from shebaoka.office.base import clock
from shebaoka.office.cards.models import Application, Card, Event
from shebaoka.paper.form import FormPaper, Section, form_pdf

_ACTS = {
    "hand-out": "领卡",
    "activate": "启用社会保障应用",
    "activate-bank": "金融应用激活登记",
    "lose-temporarily": "临时挂失",
    "lose-formally": "正式挂失",
    "release": "解除挂失",
    "release-formal": "解除正式挂失",
    "lock": "锁定",
    "unlock": "解锁",
    "cancel": "注销",
    "recover": "收回",
}
_CHANNELS = {"desk": "柜面", "portal": "网上", "api": "接口", "command": "后台", "job": "系统"}


def receipt_pdf(card: Card, event: Event) -> bytes:
    """The receipt of a step of a card's life (业务回执)."""
    time = event.at.astimezone(clock.CHINA)
    facts = (
        ("业务", "、".join(_ACTS.get(each, each) for each in event.act.split("+") if each) or event.why),
        ("持卡人", masked(card.person.name) if card.person is not None else "　"),
        ("社会保障号码", number_masked(card.person.number) if card.person is not None else "　"),
        ("卡号", to_print(card.number)),
        ("办理时间", f"{time:%Y-%m-%d %H:%M:%S}"),
        ("办理机构", event.body.name),
        ("办理渠道", _CHANNELS.get(event.channel, event.channel)),
        ("社会保障应用", machine("social").states[event.social].zh),
        ("金融应用", machine("bank").states[event.bank].zh),
    )
    text = []
    if "lose" in event.act:
        text.append("自上述办理时间起，本卡社会保障应用停止使用。银行账户须另向银行挂失。")
    if card.lost_until is not None and event.act == "lose-temporarily":
        text.append(
            f"临时挂失至{card.lost_until.astimezone(clock.CHINA):%Y-%m-%d %H:%M}，到期按本地规定处理。"
        )
    paper = FormPaper(
        title="社会保障卡业务回执",
        number=f"{card.number}-{event.step:04d}",
        body=event.body.name,
        sections=(
            Section("办理内容", facts=facts, text=tuple(text)),
            Section("签字", signatures=(("持卡人或代办人", ""), ("经办人", ""))),
        ),
    )
    return form_pdf(paper)


def application_pdf(application: Application) -> bytes:
    """The receipt of an application (受理回执), with what it costs and where the card will be."""
    time = application.at.astimezone(clock.CHINA)
    with translation.override("zh-hans"):
        kind, reason = application.get_kind_display(), application.get_reason_display()
        making, delivery = application.get_making_display(), application.get_delivery_display()
        proof, channel = application.get_proof_display(), _CHANNELS.get(application.channel, "")
    facts = [
        ("申请编号", application.number),
        ("业务", f"{kind}（{reason}）"),
        ("申请人", masked(application.person.name)),
        ("社会保障号码", number_masked(application.person.number)),
        ("卡产品", application.product.name),
        ("服务银行", application.bank.name if application.bank is not None else "无"),
        ("制卡方式", making),
        ("领卡方式", delivery),
        ("领卡网点", application.outlet.name),
        ("费用", f"{application.fee / 100:.2f} 元"),
        ("受理时间", f"{time:%Y-%m-%d %H:%M:%S}"),
        ("受理机构", application.agency.name),
        ("办理渠道", channel),
        ("身份核验", proof),
    ]
    if application.agent_name:
        facts.append(("代办人", masked(application.agent_name)))
    paper = FormPaper(
        title="社会保障卡申领受理回执",
        number=application.number,
        body=application.agency.name,
        sections=(
            Section("受理内容", facts=tuple(facts), text=("请凭本回执和有效身份证件领卡。",)),
            Section("签字", signatures=(("申请人或代办人", ""), ("经办人", ""))),
        ),
    )
    return form_pdf(paper)


def masked(name: str) -> str:
    """A name with its first character hidden."""
    return f"*{name[1:]}"


def number_masked(number: str) -> str:
    """A social security number with its middle hidden."""
    return f"{number[:4]}{'*' * max(len(number) - 8, 0)}{number[-4:]}"
