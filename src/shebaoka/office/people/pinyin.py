"""Names in pinyin, for searching and for finding near duplicates; never for showing (D-08).

One reading a character: of the surname the one surnames have, else the most common one. Letters only, without
tones; ü is v as in input methods."""

import os
import unicodedata
from functools import cache

LONGEST = 120
_COMPOUND = {"尉迟": "yuchi", "万俟": "moqi", "长孙": "zhangsun", "澹台": "tantai", "单于": "chanyu"}
_SURNAMES = {
    "单": "shan", "仇": "qiu", "区": "ou", "查": "zha", "解": "xie", "朴": "piao", "盖": "ge",
    "乐": "yue", "缪": "miao", "召": "shao", "黑": "he", "秘": "bi", "折": "she", "员": "yun",
    "种": "chong", "繁": "po", "幺": "yao", "洗": "xian", "逄": "pang", "曾": "zeng", "翟": "zhai",
    "覃": "qin", "华": "hua", "任": "ren", "宁": "ning", "尹": "yin", "尉": "wei", "长": "zhang",
    "石": "shi", "重": "chong", "谌": "chen", "那": "na",
}  # fmt: skip


def pinyin(name: str) -> str:
    """``zhangwei`` for 张伟; letters of other scripts stay, in small letters and without marks.

    >>> pinyin("单雄信")
    'shanxiongxin'
    """
    head = _COMPOUND.get(name[:2])
    if head is not None:
        return (head + name[2:].translate(_readings()))[:LONGEST]
    first = _SURNAMES.get(name[:1], name[:1])
    return (first + name[1:]).translate(_readings())[:LONGEST]


@cache
def _readings() -> "_Readings":
    # its dictionary of phrases is large and of no use for names; this is how the package leaves it out
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    return _Readings({code: _plain(text.split(",")[0]) for code, text in pinyin_dict.items()})


class _Readings(dict[int, str]):
    """Characters without a reading: letters plain and small, ideographs as they are, no signs."""

    def __missing__(self, code: int) -> str:
        text = _plain(chr(code).casefold())
        self[code] = text = "".join(character for character in text if character.isalnum())
        return text


def _plain(text: str) -> str:
    text = text.replace("ü", "v").replace("ǚ", "v").replace("ǜ", "v").replace("ǘ", "v").replace("ǖ", "v")
    marked = unicodedata.normalize("NFD", text)
    return "".join(character for character in marked if not unicodedata.combining(character))
