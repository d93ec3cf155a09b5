"""Why a command was refused: the status word together with what the card's state lacked."""

from collections.abc import Callable

from shebaoka.reader.trace.conditions import explain_condition
from shebaoka.reader.trace.state import CardState
from shebaoka.reader.trace.view import View
from shebaoka.spec import sw as words
from shebaoka.spec.commands import command_of
from shebaoka.spec.conditions import KeyProof, Pin, parse_condition
from shebaoka.spec.model import Text

_READ, _UPDATE = (0xB0, 0xB2), (0xD6, 0xDC)
_PIN_COMMANDS = (0x20, 0x5E)


def explain(state: CardState, view: View, sw: int) -> Text | None:
    """An explanation of status word ``sw`` for a command sent in ``state`` (before its effect); None when the
    meaning of the status word says everything."""
    if sw >> 4 == 0x63C:
        return _tries(state, view, sw & 0x0F)
    rule = _RULES.get(sw)
    return rule(state, view) if rule else None


def access_condition(state: CardState, view: View) -> str | None:
    """The condition the current layout puts on a read or update of the file concerned."""
    _, file = state.file(view)
    if file is None:
        return None
    if view.ins in _READ:
        return file.read
    return file.write if view.ins in _UPDATE else None


def _tries(state: CardState, view: View, left: int) -> Text:
    if view.ins == 0x20 and not view.data:
        return Text(f"已设密码，还可尝试 {left} 次", f"a PIN is set, {left} tries are left")
    if view.ins in _PIN_COMMANDS:
        return Text(f"密码错误，还可尝试 {left} 次", f"wrong PIN, {left} tries are left")
    if view.ins == 0x82:
        key = _key_tried(state, view)
        return Text(
            f"{key.zh} 鉴别失败，还可尝试 {left} 次",
            f"authentication of {key.en} failed, {left} tries are left",
        )
    return Text(f"失败，还可尝试 {left} 次", f"failed, {left} tries are left")


def _security(state: CardState, view: View) -> Text | None:
    condition = access_condition(state, view)
    if condition is not None:
        return explain_condition(parse_condition(condition), state)
    if view.ins in (0x26, 0x28) or (view.ins == 0x56 and view.p1 == 0x01):
        return explain_condition(Pin(), state)
    entry = command_of(view.cla, view.ins, view.p1, state.kind)
    if entry is not None and entry.is_issuer:
        place = state.directory
        return Text(
            f"{place} 的主控密钥未鉴别",
            f"the master key of {place} is not authenticated (AUTHENTICATE MASTER)",
        )
    wanted = _BY_COMMAND.get((view.cla, view.ins))
    if wanted is None:
        return None
    key = "BK" if wanted == "LK" and state.directory not in ("DF03", "DF04") else wanted
    return explain_condition(KeyProof(f"{key}{state.directory}" if key == "LK" else key), state)


# Control keys of the commands that have no file (Part 7 §13, Part 5 §7.7). LK stands for the LK of the DF.
_BY_COMMAND = {(0x84, 0x24): "PUK", (0x84, 0x16): "BK", (0x84, 0x1E): "LK", (0xB0, 0x56): "DSK"}


def _locked(state: CardState, view: View) -> Text:
    if view.ins in _PIN_COMMANDS:
        return Text(
            "密码已锁定，须用 PUK 解锁（密码修改/解锁）",
            "the PIN is locked; PIN CHANGE/UNBLOCK after PUK releases it",
        )
    key = _key_tried(state, view)
    return Text(f"{key.zh} 已锁定，无法恢复", f"{key.en} is locked; no command of the standard releases it")


def _no_challenge(state: CardState, _view: View) -> Text:
    if state.challenge is not None:
        return Text("随机数存在但不可用于此命令", "a challenge is there, but not one for this command")
    if state.challenge_used_by is not None:
        number = state.challenge_used_by
        return Text(
            f"随机数已被第 {number} 条命令用去",
            f"the challenge was used up by command {number}; fetch a new one",
        )
    return Text(
        "复位或选择应用后未取随机数", "no challenge was fetched since reset or selection (GET CHALLENGE)"
    )


def _no_file(state: CardState, _view: View) -> Text:
    return Text(
        f"{state.directory} 中未选择文件",
        f"no file is selected in {state.directory}: SELECT one or give an SFI",
    )


def _not_found(state: CardState, view: View) -> Text | None:
    if view.ins != 0xA4:
        fid, _ = state.file(view)
        return (
            None
            if fid is None
            else Text(f"{state.directory} 中没有 {fid:04X}", f"{state.directory} has no {fid:04X}")
        )
    wanted = view.data.hex().upper()
    return Text(f"{state.directory} 下没有 {wanted}", f"there is no {wanted} from {state.directory}")


def _no_key(state: CardState, view: View) -> Text | None:
    if view.ins != 0x82:
        return None
    scope = state.directory if view.p2 & 0x80 else "SSSE"
    return Text(
        f"{scope} 中没有密钥 {view.p2:02X}", f"{scope} has no key {view.p2:02X} (or not this version)"
    )


def _state(state: CardState, view: View) -> Text | None:
    if view.ins in (0x2A, 0x2C):
        return Text(
            "未先执行相应的初始化命令", "the matching INITIALIZE command did not come directly before"
        )
    if (view.cla, view.ins) == (0x80, 0xFA):
        return Text(
            "没有临时密钥：先执行通用 DES 计算初始化", "no temporary key: DELIVERY SESSION KEY comes first"
        )
    if (view.cla, view.ins) == (0x80, 0x72):
        return Text("未先执行消费初始化", "INITIALIZE SAM FOR PURCHASE comes first")
    return None


def _key_tried(state: CardState, view: View) -> Text:
    """The key that an authentication, or PIN CHANGE/UNBLOCK, failed on."""
    if view.cla == 0x80:
        return Text(f"{state.directory} 的主控密钥", f"the master key of {state.directory}")
    name = "PUK" if view.ins == 0x24 else state.key_name(view.p2) or f"{view.p2:02X}"
    return Text(f"密钥 {name}", f"key {name}")


_RULES: dict[int, Callable[[CardState, View], Text | None]] = {
    words.SECURITY: _security,
    words.BLOCKED: _locked,
    words.REFERENCE_DATA: _no_challenge,
    words.NO_CURRENT_EF: _no_file,
    words.FILE_NOT_FOUND: _not_found,
    words.KEY_NOT_FOUND: _no_key,
    words.INVALID_STATE: _state,
}
