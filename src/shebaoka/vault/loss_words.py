"""What an exposure says to people, in Chinese and English."""

from collections.abc import Mapping

from shebaoka.spec.model import Text
from shebaoka.vault.exposure import Cause, Effect, Hold

CAUSES: Mapping[Cause, Text] = {
    Cause.MOTHER: Text(
        "母卡内密钥由同批传输密钥卡中的密钥加密：传输密钥卡未丢失，则密钥不可读。"
        "立即核对传输密钥卡，注销并销毁之；不得再按同一批次导出；传输密钥卡下落不明的，按两卡同时丢失处理。",
        "The keys on it are sealed under the key on its transmission card: not readable while that one is "
        "safe. Account for the transmission card now, erase it, and never repeat this export; if it cannot "
        "be found, treat both as lost.",
    ),
    Cause.PAIR: Text(
        "母卡与其传输密钥卡同时丢失：按密钥已泄露处理。"
        "停用下列密钥版本，启用下一版本，换发下级载体、PSAM 与卡。",
        "Mother card and transmission card are both lost: take the keys as known. Suspend these versions, "
        "activate the next, and replace the carriers, PSAMs and cards below.",
    ),
    Cause.TRANSMISSION: Text(
        "传输密钥卡不含层级密钥，单独丢失不暴露任何密钥；但其母卡只剩口令与主控密钥保护，"
        "且该批导入通信如被录下即可解密。注销并销毁其母卡，重新导出。",
        "It holds no key of the hierarchy, so that alone it exposes none. But only PIN and control key still "
        "guard its mother card, and a recording of that import could be read. Erase the mother card and "
        "export anew.",
    ),
    Cause.MASTER_CONTROL: Text(
        "主控密钥卡只含主控密钥，受口令保护，不含应用密钥，不影响任何社保卡。持有者得到口令后可与本级及下级的母卡、"
        "传输密钥卡会话：停用这些载体，更换主控密钥后重新签发。",
        "It gives out the control key, behind its PIN; no application key and no citizen's card is affected. "
        "With the PIN its holder could open sessions with the mother and transmission cards of the body and "
        "those below: take them out of use, and issue new ones under a new control key.",
    ),
    Cause.PSAM: Text(
        "PSAM 不给出密钥，但无口令保护：持有者可用下列密钥对卡运算，直至密钥更换。"
        "登记挂失，由主机拒绝其终端号；找回后擦除并销毁。",
        "It gives no key away, but no PIN guards it: whoever holds it can compute with these keys until they "
        "are changed. Report it, let the hosts refuse its terminal number; if it is found, wipe and destroy "
        "it.",
    ),
    Cause.HSM: Text(
        "加密机（密钥库）内全部密钥受其口令或访问控制保护；由其导出的母卡、签发的载体亦受影响。"
        "确认设备未被打开之前，按可能泄露处理。",
        "All its keys are behind its PIN or passphrase; the mother cards it exported and the carriers it "
        "issued are affected too. Until the device is known to be intact, prepare to replace them.",
    ),
    Cause.KEY: Text(
        "密钥已泄露：停用该版本，启用下一版本，并更换由其分散的全部密钥。",
        "The key is known: suspend this version, activate the next, and replace every key diversified from "
        "it.",
    ),
    Cause.EMPTY: Text(
        "该卡已擦除或未写入密钥：不暴露任何密钥。", "It was erased or never filled: no key is exposed."
    ),
}

HOLDS: Mapping[Hold, Text] = {
    Hold.SEALED: Text("受保护", "sealed"),
    Hold.USABLE: Text("可使用", "usable"),
    Hold.KNOWN: Text("已知", "known"),
}

EFFECTS: Mapping[Effect, Text] = {
    Effect.HOLDS: Text("含有暴露的密钥", "holds exposed keys"),
    Effect.PAIR: Text("与丢失的卡成对：注销", "the other half of a lost pair: erase it"),
    Effect.CONTROL: Text("其主控密钥已暴露", "its control key is exposed"),
    Effect.TRANSPORT: Text("其传输密钥可由暴露的根密钥分散得到", "an exposed root gives its transport key"),
    Effect.ISSUER: Text(
        "其发行方密钥已暴露：可被擦除或改写", "its issuer key is exposed: it can be rewritten"
    ),
}
