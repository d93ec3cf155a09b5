"""What a ceremony says to the people in the room, in Chinese and English; its pages have Spanish too."""

from collections.abc import Mapping

from shebaoka.spec.model import Text
from shebaoka.vault.ceremony import words_es


class Spoken(Text, frozen=True):
    """A text of a ceremony, in Spanish as well."""

    es: str = ""


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
    "component-size": (
        "分量应为 {digits} 位十六进制字符，输入了 {typed} 位",
        "the component has {typed} hex digits and needs {digits}",
    ),
    "component-repeated": (
        "分量各字节相同，应随机抽取",
        "the component is one byte repeated; draw it at random",
    ),
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
    "sample-insert": (
        "操作员将 {cipher} 空白样卡放入读卡器 {reader}；其中原有内容将被清除。确认已放入",
        "The operator puts the blank {cipher} sample card into {reader}; what is on it is erased. Confirm",
    ),
    "sample-card": (
        "样卡测试：密钥分散后装入样卡并通过认证，样卡已清除",
        "Keys were diversified, loaded into sample cards and proved; the cards are erased again",
    ),
    "sample-simulated": (
        "模拟样卡（非真实卡片）：密钥分散后装入并通过认证",
        "SIMULATED sample cards, no real chip: keys were diversified, loaded and proved",
    ),
    "sample-none": ("未做样卡测试，理由：{reason}", "No sample card was tested, because: {reason}"),
    "sample-number": ("卡号", "card"),
    "sample-keys": ("密钥数", "keys"),
    "seen-card": (
        "见证人确认：测试结果如上，样卡已清除，并将销毁或作废",
        "The witness confirms the result; the sample cards are erased and will be voided",
    ),
    "seen-simulated": (
        "见证人确认：测试结果如上，仅用模拟样卡",
        "The witness confirms the result; the sample card was simulated",
    ),
    "seen-none": (
        "见证人确认：未做样卡测试，理由如上",
        "The witness confirms that no sample card was tested, for the reason given",
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


def role_name(role: str) -> Spoken:
    """The name of a role: ``custodian-a`` is 密钥保管人 A."""
    if role.startswith("custodian-"):
        letter = role.removeprefix("custodian-").upper()
        spanish = words_es.ROLES["custodian"].format(letter=letter)
        return Spoken(f"密钥保管人 {letter}", f"key custodian {letter}", spanish)
    return Spoken(_ROLES[role].zh, _ROLES[role].en, words_es.ROLES[role])


def step_name(step: str) -> Spoken:
    """The name of a step."""
    return Spoken(STEPS[step].zh, STEPS[step].en, words_es.STEPS[step])


def words(what: str, **values: Text | str | int) -> Spoken:
    """A sentence with its values filled in."""
    zh, en = _WORDS[what]
    return Spoken(
        zh.format(**in_language(values, "zh")),
        _capital(en.format(**in_language(values, "en"))),
        _capital(words_es.WORDS[what].format(**in_language(values, "es"))),
    )


def in_language(values: Mapping[str, Text | str | int], language: str) -> dict[str, str]:
    """Values of a sentence in one of its languages."""
    return {
        name: getattr(value, language, value.en) if isinstance(value, Text) else str(value)
        for name, value in values.items()
    }


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


PAPER = {
    "completed": Text("已完成：{keys} 个密钥已存入密码库", "Completed: {keys} keys are in the vault"),
    "aborted": Text(
        "于第 {step} 步（{title}）中止：{reason}；未保存任何密钥",
        "Aborted at step {step} ({title}): {reason}; no key was stored",
    ),
    "open": Text("记录在第 {step} 步（{title}）中断，尚未结案", "The record stops at step {step} ({title})"),
    "test": Text("测试 · 不得用于生产", "TEST ONLY"),
    "number": Text("仪式编号", "Number"),
    "body": Text("所属机构", "Body"),
    "purpose": Text("事由", "Purpose"),
    "place": Text("地点", "Place"),
    "time": Text("时间", "Time"),
    "zone": Text("（北京时间）", "(UTC+8)"),
    "script": Text("脚本摘要", "Script (SHA-256)"),
    "persons": Text("参加人员", "Participants"),
    "role": Text("角色", "Role"),
    "name": Text("姓名", "Name"),
    "staff-number": Text("工号", "Staff no."),
    "unit": Text("单位", "Unit"),
    "entered": Text("到场时间", "Entered"),
    "steps": Text("步骤", "Steps"),
    "approval": Text("批件文号", "Approval"),
    "approver": Text("批准人、日期", "Approved by, on"),
    "witnessed": Text("见证人确认", "Witnessed"),
    "identities": Text(
        "{count} 人身份已核验，每人一职，无其他人在场",
        "{count} persons identified, one role each, nobody else present",
    ),
    "carriers": Text(
        "封签完好，号码与登记簿一致；工作站隔离，全程录像",
        "Seals whole and as registered; station isolated and filmed",
    ),
    "return": Text(
        "载体已归还并重新加封，登记簿由保管人签名", "Carriers back under new seals; registers signed"
    ),
    "carrier": Text("载体", "Carrier"),
    "serial": Text("编号", "Serial"),
    "keeper": Text("保管人", "Custodian"),
    "seal": Text("封签号", "Seal"),
    "made": Text("生成", "Made"),
    "keys-made": Text("{keys} 个密钥，校验值见下表", "{keys} keys, check values below"),
    "read-by": Text("宣读", "Read aloud by"),
    "confirmed-by": Text("确认", "Confirmed by"),
    "first": Text("首件", "First"),
    "last": Text("末件", "Last"),
    "count": Text("件数", "Letters"),
    "sample": Text("样卡", "Sample card"),
    "sample-card": Text(
        "{cipher} {card}：{keys} 个密钥分散、装入、认证通过，卡片已清除",
        "{cipher} {card}: {keys} keys diversified, loaded and proved; erased",
    ),
    "sample-simulated": Text(
        "模拟样卡（非真实卡片）{cipher} {card}：{keys} 个密钥分散、装入、认证通过",
        "SIMULATED, no real chip, {cipher} {card}: {keys} keys diversified, loaded and proved",
    ),
    "sample-none": Text("未做测试，理由：{reason}", "not tested, because: {reason}"),
    "keys": Text("密钥校验值", "Key check values"),
    "no": Text("序号", "No."),
    "key": Text("密钥", "Key"),
    "version": Text("版本", "Version"),
    "algorithm": Text("算法", "Cipher"),
    "source": Text("来源", "Source"),
    "components": Text("分量", "components"),
    "device": Text("设备", "device"),
    "part": Text("分量 {letter}", "Part {letter}"),
    "value": Text("校验值", "KCV"),
    "head": Text("链头哈希（SHA-256）", "Head hash (SHA-256)"),
    "head-note": Text(
        "本哈希代表全部 {records} 条记录。请与屏幕逐字核对后签名；"
        "核验：shebaoka keys verify 记录文件 --head 哈希",
        "This hash stands for all {records} records. Compare it with the screen before you sign; later it "
        "proves the file: shebaoka keys verify FILE --head HASH",
    ),
    "signatures": Text("签名", "Signatures"),
    "signature": Text("签名", "signature"),
    "date": Text("日期", "date"),
    "pages": Text("第 {page} 页　共 {pages} 页", "page {page} of {pages}"),
    "comma": Text("、", ", "),
}
