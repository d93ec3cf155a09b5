"""The certificate of a destruction (销毁证明): what was destroyed, how many, before whom (R-16)."""

from collections.abc import Sequence

from shebaoka.domain.card_number import to_print
from shebaoka.domain.card_states import machine
from shebaoka.office.base import clock
from shebaoka.office.cards.models import Card
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.transcript import Grid

_WHAT = {"cards.card.destroy": "收回及报废的卡片", "cards.stock.destroy": "报废的空白卡"}


def destruction_pdf(act: TwoPersonAct, cards: Sequence[Card]) -> bytes:
    """Of cards with the list of their numbers, of blanks with their quantity. No holder is named."""
    payload = act.payload
    quantity = len(cards) if act.act == "cards.card.destroy" else int(payload["quantity"])
    time = (act.decided_at or act.made_at).astimezone(clock.CHINA)
    facts = [
        ("销毁物品", _WHAT[act.act]),
        ("数量", f"{quantity} 张"),
        ("销毁证明编号", str(payload.get("certificate") or payload.get("document", ""))),
        ("销毁时间", f"{time:%Y-%m-%d %H:%M}"),
        ("所属机构", f"{act.organization.name}（{act.organization.code}）"),
    ]
    if "product" in payload:
        facts.insert(1, ("卡产品", str(payload["product"])))
    witnesses = [("经办人", act.maker.name)]
    witnesses += [("监销人", each.name) for each in (act.checker, act.second_checker) if each is not None]
    sections = [Section("销毁内容", facts=tuple(facts))]
    if cards:
        rows = tuple(
            (str(row), to_print(card.number), card.code, machine("social").states[card.social].zh)
            for row, card in enumerate(cards, 1)
        )
        grid = Grid(("序号", "卡号", "卡识别码", "状态"), rows, (12, 30, 84, 30))
        sections.append(Section("卡片清单", grid=grid))
    sections.append(
        Section(
            "监销",
            text=("上列物品已在下列人员监督下全部销毁，数量核对无误，不可恢复。",),
            signatures=tuple(witnesses),
        )
    )
    paper = FormPaper(
        title="社会保障卡销毁证明",
        number=str(payload.get("certificate") or payload.get("document", "")),
        body=act.organization.name,
        sections=tuple(sections),
        foot=f"SHA-256 {act.digest[:32]}",
    )
    return form_pdf(paper)
