"""Which part of an access condition is not fulfilled, in words."""

from shebaoka.reader.trace.state import CardState
from shebaoka.spec.conditions import AllOf, AnyOf, Condition, Free, KeyProof, Never, Pin
from shebaoka.spec.model import Text

_SERIAL_COMMA = "; "


def holds(condition: Condition, state: CardState) -> bool:
    """Whether the condition is fulfilled as far as the exchanges show."""
    match condition:
        case Free():
            return True
        case Never():
            return False
        case Pin():
            return state.pin or state.pin_absent
        case KeyProof(name):
            return state.has_proof(name)
        case AnyOf(parts):
            return any(holds(part, state) for part in parts)
        case AllOf(parts):
            return all(holds(part, state) for part in parts)


def missing(condition: Condition, state: CardState) -> list[Text]:
    """Every proof the condition speaks of that is not there."""
    match condition:
        case Pin() if not holds(condition, state):
            return [Text("卡密码（PIN）未验证", "the card PIN is not verified (VERIFY)")]
        case KeyProof(name) if not holds(condition, state):
            return [_not_proven(name, state)]
        case AnyOf(parts) | AllOf(parts):
            return [text for part in parts for text in missing(part, state)]
        case Never():
            return [Text("该文件不允许此操作", "the file never allows it from outside")]
    return []


def explain_condition(condition: Condition, state: CardState) -> Text:
    """``needs PIN or RK1DF01: the card PIN is not verified; RK1DF01 is not authenticated``."""
    gaps = missing(condition, state)
    if isinstance(condition, Never):
        return gaps[0]
    if not gaps:
        return Text(
            f"需要 {condition}，交互中均已满足：卡的规则与所用文件规范不同",
            f"needs {condition}, which these exchanges fulfill: the card's rule differs from this layout",
        )
    zh = _SERIAL_COMMA.join(gap.zh for gap in gaps)
    en = _SERIAL_COMMA.join(gap.en for gap in gaps)
    return Text(f"需要 {condition}：{zh}", f"needs {condition}: {en}")


def _not_proven(name: str, state: CardState) -> Text:
    key = state.key(name)
    hint = f" (EXTERNAL AUTHENTICATE P2={key.identifier:02X})" if key and key.identifier is not None else ""
    return Text(f"密钥 {name} 未鉴别{hint}", f"key {name} is not authenticated{hint}")
