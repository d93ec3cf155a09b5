"""What a ceremony says to the people in the room, in Chinese and English."""

from shebaoka.spec.model import Text

_ROLES = {
    "operator": Text("操作员", "operator"),
    "witness": Text("见证人（安全员）", "witness (security officer)"),
}

STEPS = {
    "approval": Text("审批确认", "Written approval"),
    "participants": Text("参加人员与身份核验", "Participants and identity check"),
    "carriers": Text("领取载体、核对封签", "Carriers and seals"),
    "generation": Text("密钥生成", "Generation"),
    "check-values": Text("宣读并见证校验值", "Check values read aloud and witnessed"),
    "letters": Text("密钥分量函件", "Key component letters"),
    "sample": Text("样卡测试", "Test with a sample card"),
    "return": Text("归还载体、重新加封", "Return of carriers, new seals"),
    "minutes": Text("纪要确认", "Minutes"),
}

_WORDS = {
    "begin": ("第 {step} 步，共 {steps} 步：{title}。开始？", "Step {step} of {steps}: {title}. Begin?"),
    "opening": (
        "{title}（{number}），地点：{place}；共 {keys} 个密钥。任何一步均可中止，中止后不留下任何密钥",
        "{title} ({number}), {place}; {keys} keys. It can be stopped at any step, and then leaves no key",
    ),
    "approval-number": (
        "请{role}读出批件文号并输入",
        "Read the number on the written approval and type it ({role})",
    ),
    "approval-seen": (
        "{role}确认：批件原件已出示，批准人 {approver}，日期 {date}，事由、密钥与人员与脚本一致",
        "The {role} has seen the original, approved by {approver} on {date}; "
        "purpose, keys and persons are those of the script",
    ),
    "person-number": (
        "{role}：{name} 出示证件并在门禁登记簿签名；请输入证件上的工号",
        "{role}: {name} shows an identity document and signs the door register; type the staff number on it",
    ),
    "identities": (
        "见证人确认：在场者仅为上述人员，每人一职，保管人不操作",
        "The witness confirms: nobody else is in the room, everybody has one role, no custodian operates",
    ),
    "carrier-seal": (
        "{role}自保险柜取出 {name}（编号 {serial}），在登记簿签名；请输入封签号",
        "{role} takes {name}, serial {serial}, from the safe and signs its register; type its seal number",
    ),
    "carriers-seen": (
        "见证人确认：封签完好，号码与登记簿一致（共 {count} 件）",
        "The witness confirms: the seals are whole and agree with the registers ({count} items)",
    ),
    "isolated": (
        "见证人确认：工作站与外部网络隔离，录像已开启",
        "The witness confirms: the station is cut off from outside networks, and filmed",
    ),
    "component-check": (
        "{role}：请输入 {key} 第 {number} 分量的校验值（见函件）",
        "{role}: type the check value of component {number} of {key} (from the letter)",
    ),
    "component": (
        "{role}单独在键盘前：输入 {key} 第 {number} 分量，{digits} 个十六进制字符（不显示）",
        "{role}, alone at the keyboard: component {number} of {key}, {digits} hex digits (not shown)",
    ),
    "component-again": (
        "{role}：再次输入 {key} 第 {number} 分量",
        "{role}: component {number} of {key} once more",
    ),
    "component-value": (
        "{role}已输入 {key} 的分量，分量校验值 {kcv}",
        "{role} entered a component of {key}, its check value is {kcv}",
    ),
    "component-wrong": ("{problem}；还可输入 {left} 次", "{problem}; {left} more tries"),
    "differ": ("两次输入不一致", "the two entries differ"),
    "not-hex": ("分量不是十六进制字符", "the component is not in hex digits"),
    "other-value": ("分量与所报校验值不符", "the component does not have the check value named"),
    "wrong-answer": (
        "与脚本不符，应再次核对；还可输入 {left} 次",
        "not what the script says; check it, {left} more tries",
    ),
    "made": ("已生成 {count} 个密钥（尚未保存）", "{count} keys are made (nothing is stored yet)"),
    "check-values": ("密钥校验值", "Key check values"),
    "read-aloud": (
        "操作员宣读以上 {count} 个校验值；确认宣读完毕",
        "The operator reads these {count} check values aloud; confirm when done",
    ),
    "written-down": (
        "{role}确认：听到的校验值与屏幕一致并已记录",
        "{role} confirms: the values heard are those on the screen, and written down",
    ),
    "letter-sealed": (
        "{role}：分量函件 {first} 至 {last} 已打印清晰并封入信封，他人未见",
        "{role}: letters {first} to {last} are printed legibly and sealed; nobody else has seen them",
    ),
    "sample-result": (
        "样卡 {card}：{keys} 个密钥分散后装入并通过认证",
        "Sample card {card}: {keys} keys were diversified, loaded and proved to the card",
    ),
    "sample-seen": (
        "见证人确认：测试结果如上，样卡已销毁或作废",
        "The witness confirms the result; the sample card is voided",
    ),
    "new-seal": (
        "{role}归还 {name}（编号 {serial}）：请输入新封签号",
        "{role} puts {name}, serial {serial}, back into its safe: type the number of its new seal",
    ),
    "seal-again": (
        "须为新封签，不得沿用旧号或重号",
        "it must be a new seal: neither the old number nor one used just now",
    ),
    "returned": (
        "见证人确认：载体已归还，登记簿由保管人签名",
        "The witness confirms: all carriers are back, the registers are signed by the custodians",
    ),
    "agree": (
        "{role} {name} 确认纪要属实，同意保存密钥",
        "{role} {name}: the minutes are true, the keys may be stored",
    ),
    "done": (
        "仪式完成。请将链头哈希抄录于纸质纪要并签名：{head}",
        "Done. Sign this head hash on paper: {head}",
    ),
    "role": ("角色", "role"),
    "key": ("密钥", "key"),
    "version": ("版本", "version"),
    "algorithm": ("算法", "algorithm"),
    "value": ("校验值", "KCV"),
    "source": ("来源", "source"),
    "components": ("分量", "components"),
    "device": ("设备随机数", "device"),
}


def role_name(role: str) -> Text:
    """The name of a role: ``custodian-a`` is 密钥保管人 A."""
    if role.startswith("custodian-"):
        letter = role.removeprefix("custodian-").upper()
        return Text(f"密钥保管人 {letter}", f"key custodian {letter}")
    return _ROLES[role]


def words(what: str, **values: Text | str | int) -> Text:
    """A sentence with its values filled in."""
    zh, en = _WORDS[what]
    return Text(zh.format(**_in(values, "zh")), _capital(en.format(**_in(values, "en"))))


def _in(values: dict[str, Text | str | int], language: str) -> dict[str, str]:
    return {
        name: getattr(value, language) if isinstance(value, Text) else str(value)
        for name, value in values.items()
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
