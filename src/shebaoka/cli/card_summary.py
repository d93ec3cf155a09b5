"""What a card is, in a few lines."""

from typing import Any

from rich.table import Table

from shebaoka.cli.output import console, pick
from shebaoka.codec.display import Language
from shebaoka.spec.model import Text
from shebaoka.terminal import pin, reading
from shebaoka.terminal.applications import directories
from shebaoka.terminal.errors import TerminalError
from shebaoka.terminal.session import PinState, Session

_HOLDER = 0xEF06
_LABELS = {
    "generation": Text("卡规范", "Generation"),
    "algorithm": Text("算法", "Algorithm"),
    "city_code": Text("发卡地区", "Issuing city"),
    "pin": Text("个人密码", "PIN"),
    "applications": Text("应用", "Applications"),
    "answer_to_reset": Text("复位应答", "Answer to reset"),
    "historical_bytes": Text("历史字节", "Historical bytes"),
}
_ISSUER = Text("发卡机构数据", "Issuer data")
_HOLDER_DATA = Text("持卡人", "Holder")


def summary(session: Session, language: Language) -> dict[str, Any]:
    """Facts that can be had without rights: reset, FCI, issuer data, holder when free, PIN state."""
    facts: dict[str, Any] = {
        "answer_to_reset": session.answer.hex().upper(),
        "historical_bytes": session.historical.hex().upper(),
        "generation": session.layout.id,
        "specification_version": session.version,
        "algorithm": session.algorithm.label,
        "identification_code": session.identity.identification_code,
        "card_number": session.identity.card_number,
        "city_code": session.identity.city_code,
        "issuer_data": _items(session, 0xEF05, language),
    }
    try:
        facts["holder"] = _items(session, _HOLDER, language)
    except TerminalError as error:
        facts["holder_not_read"] = error.line(language)
    state = pin.state(session)
    facts["pin"] = {"set": state.set, "tries_left": state.tries, "locked": state.locked}
    facts["applications"] = [{"id": d.id, "name": pick(d.name, language)} for d in directories(session)]
    return facts


def print_summary(facts: dict[str, Any], language: Language) -> None:
    """The facts as lines for a person; the long ones of the chip last."""
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    rows = {name: str(facts[name]) for name in _LABELS if name in facts}
    rows["pin"] = pick(pin_text(PinState(facts["pin"]["set"], facts["pin"]["tries_left"])), language)
    rows["applications"] = "\n".join(f"{entry['id']} {entry['name']}" for entry in facts["applications"])
    for name in ("generation", "algorithm", "city_code"):
        table.add_row(pick(_LABELS[name], language), rows[name])
    _group(table, pick(_ISSUER, language), facts["issuer_data"])
    _group(table, pick(_HOLDER_DATA, language), facts.get("holder", {}))
    if "holder_not_read" in facts:
        table.add_row(pick(_HOLDER_DATA, language), facts["holder_not_read"])
    for name in ("pin", "applications", "answer_to_reset", "historical_bytes"):
        table.add_row(pick(_LABELS[name], language), rows[name])
    console().print(table)


def pin_text(state: PinState) -> Text:
    """Whether a PIN is needed, as a sentence."""
    if not state.set:
        return Text("未设置个人密码，无需输入。", "This card has no PIN: nothing needs to be entered.")
    if state.locked:
        return Text(
            "已设置个人密码，已锁定：请到参保地经办机构解锁。",
            "A PIN is set and it is locked: unblock it at the agency of the insured place.",
        )
    return Text(
        f"已设置个人密码，还可尝试 {state.tries} 次。", f"A PIN is set; {state.tries} tries are left."
    )


def _group(table: Table, title: str, items: dict[str, str]) -> None:
    """Items that have a value, under a title."""
    if items:
        table.add_row(title)
    for name, value in items.items():
        if value:
            table.add_row(f"  {name}", value)


def _items(session: Session, fid: int, language: Language) -> dict[str, str]:
    found = reading.read_file(session, "SSSE", fid)
    return {pick(item.item.name, language): item.shown(language) for item in found.items()}
