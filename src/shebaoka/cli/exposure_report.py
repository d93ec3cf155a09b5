"""An exposure as tables for people and as JSON for programs."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shebaoka.cli.output import pick, print_table
from shebaoka.codec.display import Language
from shebaoka.personalization.exposure import Tally
from shebaoka.spec.model import Text
from shebaoka.vault.exposure import Exposed, Exposure, Hold
from shebaoka.vault.loss_words import CAUSES, EFFECTS, HOLDS
from shebaoka.vault.model import Body, Level

_SHOWN = 6  # bodies named in a row

_TITLES = {
    "lost": Text("丢失", "lost"),
    "keys": Text("受影响的密钥", "keys exposed"),
    "none": Text("未暴露任何密钥", "no key is exposed"),
    "others": Text("受影响的其他载体与 PSAM", "other carriers and PSAMs affected"),
    "cards": Text("社保卡", "cards"),
    "written": Text("受影响的卡已写入 {output}", "affected cards: {output}"),
    "guessed": Text(
        "无 keys.json 与 batch.json，按算法与版本推定", "no keys.json or batch.json: by cipher and version"
    ),
    "disagree": Text("各清单校验值不一致", "lists disagree"),
    "not-listed": Text(
        "未提供清单的下级单位同样受影响：凡由以上密钥分散者，均在其内。",
        "Bodies below whose lists were not given are affected alike: all that comes from these keys.",
    ),
}
_COLUMNS = {
    "keys": (
        Text("密钥", "key"),
        Text("版本", "version"),
        Text("算法", "cipher"),
        Text("状况", "hold"),
        Text("单位", "bodies"),
    ),
    "others": (Text("载体", "card"), Text("原因", "why")),
    "cards": (
        Text("回盘文件", "return file"),
        Text("制卡", "made"),
        Text("受影响", "affected"),
        Text("状况", "hold"),
        Text("说明", "remark"),
    ),
}


def print_report(found: Exposure, tallies: Sequence[Tally], output: Path | None, language: Language) -> None:
    """Tables for a person."""
    for loss in found.losses:
        print(f"{_title('lost', language)}: {loss.what}")
        print(f"  {pick(CAUSES[loss.cause], language)}")
    if found.keys:
        _table("keys", _key_rows(found.keys, language), language)
        if any(exposed.key.level is not Level.CITY for exposed in found.keys):
            print(_title("not-listed", language))
    else:
        print(_title("none", language))
    if found.cards:
        rows = [
            (str(touched.contents), "; ".join(pick(EFFECTS[effect], language) for effect in touched.effects))
            for touched in found.cards
        ]
        _table("others", rows, language)
    if tallies:
        _table("cards", [_tally_row(tally, language) for tally in tallies], language)
    if output is not None:
        print(_title("written", language).format(output=output))
    for line in found.disagreements:
        print(f"{_title('disagree', language)}: {line}")


def as_data(found: Exposure, tallies: Sequence[Tally], output: Path | None) -> dict[str, Any]:
    """The same for a program, every key by itself."""
    return {
        "lost": [
            {"cause": str(loss.cause), "what": loss.what, "hold": _hold(loss.hold), "keys": len(loss.keys)}
            for loss in found.losses
        ],
        "keys": [
            {
                "id": exposed.key.id,
                "owner": exposed.key.owner,
                "level": str(exposed.key.level),
                "name": exposed.key.name,
                "version": exposed.key.version,
                "algorithm": exposed.key.algorithm,
                "kcv": exposed.key.kcv,
                "hold": _hold(exposed.hold),
                "source": exposed.source,
            }
            for exposed in found.keys
        ],
        "cards": [
            {
                "card": str(touched.contents.card),
                "serial": touched.contents.serial,
                "receiver": _body(touched.contents.receiver),
                "effects": [str(effect) for effect in touched.effects],
            }
            for touched in found.cards
        ],
        "batches": [
            {
                "file": str(tally.file),
                "made": tally.made,
                "affected": tally.affected,
                "hold": _hold(tally.hold),
                "exact": tally.exact,
            }
            for tally in tallies
        ],
        "output": str(output) if output is not None else None,
        "disagreements": list(found.disagreements),
    }


def _key_rows(keys: Sequence[Exposed], language: Language) -> list[tuple[str, ...]]:
    """A row for each name, version, cipher and hold, with the bodies that have the key."""
    rows: dict[tuple[str, int, str, Hold], list[str]] = {}
    for exposed in keys:
        key = exposed.key
        owner = key.owner or pick(Text("部", "ministry"), language)
        rows.setdefault((key.name, key.version, key.algorithm, exposed.hold), []).append(owner)
    return [
        (name, str(version), algorithm, pick(HOLDS[hold], language), _some(owners))
        for (name, version, algorithm, hold), owners in rows.items()
    ]


def _tally_row(tally: Tally, language: Language) -> tuple[str, ...]:
    hold = "" if tally.hold is None else pick(HOLDS[tally.hold], language)
    remark = "" if tally.exact else _title("guessed", language)
    return str(tally.file), str(tally.made), str(tally.affected), hold, remark


def _some(owners: Sequence[str]) -> str:
    shown = " ".join(owners[:_SHOWN])
    return shown if len(owners) <= _SHOWN else f"{shown} … ({len(owners)})"


def _table(name: str, rows: Sequence[Sequence[str]], language: Language) -> None:
    print_table(_title(name, language), [pick(text, language) for text in _COLUMNS[name]], rows)


def _title(name: str, language: Language) -> str:
    return pick(_TITLES[name], language)


def _hold(hold: Hold | None) -> str | None:
    return None if hold is None else hold.name.lower()


def _body(body: Body) -> dict[str, str]:
    return {"level": str(body.level), "code": body.code, "name": body.name}
