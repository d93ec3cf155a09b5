"""Why a ceremony cannot begin or was aborted, in the three languages of the office.

A value is a name, a number or a serial; never a component."""

from shebaoka.spec.model import Text
from shebaoka.vault.ceremony.words import Spoken, in_language

_PROBLEMS = {
    "component-tries": (
        "{key} 的第 {number} 分量 {tries} 次输入有误",
        "component {number} of {key} was entered wrong {tries} times",
        "el componente {number} de {key} se escribió mal {tries} veces",
    ),
    "components-same": (
        "{key}：两个分量相同，每位保管人应使用自己的分量",
        "{key}: two components are the same; each custodian brings one of his own",
        "{key}: dos componentes son iguales; cada custodio trae uno propio",
    ),
    "weak-key": (
        "{key}：各分量合成弱密钥，请另取分量",
        "{key}: the components give a weak key; bring others",
        "{key}: los componentes dan una clave débil; traigan otros",
    ),
    "same-key": (
        "{key} 与 {other} 为同一密钥：每个密钥应有自己的分量",
        "{key} is the same key as {other}: each key has components of its own",
        "{key} es la misma clave que {other}: cada clave tiene sus propios componentes",
    ),
    "not-the-script": (
        "{place} 处输入的内容与脚本不符",
        "what was typed at {place} is not what the script says",
        "lo escrito en {place} no es lo que dice el guion",
    ),
    "no-new-seal": (
        "载体 {serial} 未换新封签",
        "carrier {serial} was not given a new seal",
        "el portador {serial} no recibió un precinto nuevo",
    ),
    "other-body": (
        "脚本属于{script}，密码库属于{vault}",
        "the script is for {script}, the vault belongs to {vault}",
        "el guion es de {script}, el almacén es de {vault}",
    ),
    "letters-nowhere": (
        "脚本要求分量函件：请指明打印位置",
        "the script wants component letters: say where they are to be printed",
        "el guion pide cartas con componentes: indique dónde se imprimen",
    ),
    "key-there": (
        "{body}的密码库中已有 {key}；请从脚本中删除，或生成下一版本",
        "{key} is in the vault of {body} already; take it out of the script or make the next version",
        "{key} ya está en el almacén de {body}; quítela del guion o genere la versión siguiente",
    ),
    "simulated": (
        "{body}的正式密码库不接受模拟样卡（R-55）；请指定读卡器中的样卡，或注明不做测试的理由",
        "the production vault of {body} refuses a simulated sample card (R-55); {other}",
        "el almacén de producción de {body} no admite una tarjeta de muestra simulada (R-55); indique "
        "tarjetas en lectores, o ninguna con el motivo",
    ),
    "no-sample": (
        "无法进行样卡测试：{problem}；请指定读卡器中的样卡，或注明不做测试的理由",
        "no test with a sample card is possible: {problem}; {other}",
        "no se puede probar con una tarjeta de muestra: {problem}; indique tarjetas en lectores, o ninguna "
        "con el motivo",
    ),
    "no-reader": (
        "将生成 {cipher} 密钥：还须有 {cipher} 样卡的读卡器",
        "{cipher} keys are to be made: they need a sample card in a reader too ({option} READER)",
        "se generarán claves {cipher}: necesitan también una tarjeta de muestra en un lector",
    ),
    "interrupted": ("仪式中断", "interrupted", "interrumpida"),
    "not-confirmed": ("未予确认", "not confirmed", "no se confirmó"),
    "program": ("程序出错", "the program failed", "falló el programa"),
}


def problem(what: str, **values: Text | str | int) -> Spoken:
    """A problem with its values filled in; it begins small, as it stands inside sentences too."""
    zh, en, es = _PROBLEMS[what]
    return Spoken(
        zh.format(**in_language(values, "zh")),
        en.format(**in_language(values, "en")),
        es.format(**in_language(values, "es")),
    )
