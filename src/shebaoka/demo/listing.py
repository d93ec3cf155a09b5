"""The list of people as an office sends it: a CSV with a column per item, and its mapping to the card."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from shebaoka.demo.people import Person
from shebaoka.paper.photo import chip_photo
from shebaoka.paper.portrait import draw_portrait
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import CardLayout, DirectoryLayout, FileLayout, Structure

_OWN = (  # columns that are no single item of the layout
    ("姓名", "name"),
    ("照片", "SSSE.EF08"),
    ("初始卡密码", "pin"),
    ("个人账户余额", "medical.balance"),
)
_SKIPPED_FILES = {("SSSE", 0xEF07)}  # fingerprints are not invented
_ASSIGNED = {("SSSE", 0xEF05, tag) for tag in (1, 3, 4, 5, 6, 7)}  # filled by the issuer's system
_NAME_TAGS = {("SSSE", 0xEF06, 0x09), ("SSSE", 0xEF06, 0x4E)}


@dataclass(frozen=True)
class ListColumn:
    """A column: its Chinese heading and the place on the card (``DF01.EF15.40[2].57``)."""

    heading: str
    target: str


@cache
def columns(generation: str = "2.0") -> tuple[ListColumn, ...]:
    """All columns of the list, in the order of the card, headings unique."""
    found = [ListColumn(*own) for own in _OWN]
    found += [
        ListColumn(heading, target)
        for directory, file in _files(card_layout(generation))
        for heading, target in _file_columns(directory, file)
    ]
    headings = [column.heading for column in found]
    return tuple(
        column
        if headings.count(column.heading) == 1
        else ListColumn(f"{column.heading}（{column.target}）", column.target)
        for column in found
    )


def write_list(people: Iterable[Person], path: Path, encoding: str = "utf-8") -> int:
    """Write the CSV, ``utf-8`` or ``gbk``; returns the number of rows. Characters that GBK lacks are then
    written in the four-byte form of GB 18030, as Chinese systems do."""
    used = columns()
    codec = "gb18030" if encoding.lower() == "gbk" else encoding
    count = 0
    with path.open("w", encoding=codec, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.heading for column in used])
        for person in people:
            writer.writerow([person.values.get(column.target, "") for column in used])
            count += 1
    return count


def write_mapping(path: Path, title: str = "演示名单") -> None:
    """Write the mapping file of :func:`write_list`'s columns, as personalization reads it."""
    lines = [f'title = "{title}"', "", "[columns]"]
    lines += [f'"{column.heading}" = "{column.target}"' for column in columns()]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def write_photos(people: Iterable[Person], folder: Path) -> int:
    """Draw the chip photos that the list names, at most 4096 bytes each, below ``folder``."""
    count = 0
    for person in people:
        path = folder / person.values["SSSE.EF08"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(chip_portrait(*person.look))
        count += 1
    return count


@cache
def chip_portrait(seed: int, sex: str, age: int) -> bytes:
    """The drawn portrait of a look as JPEG for EF08; kept, because many people share a look."""
    return chip_photo(draw_portrait(seed, sex, age))


def _files(layout: CardLayout) -> Iterator[tuple[DirectoryLayout, FileLayout]]:
    for directory in layout.directories:
        for file in directory.files:
            if (directory.id, file.fid) not in _SKIPPED_FILES:
                yield directory, file


def _file_columns(directory: DirectoryLayout, file: FileLayout) -> Iterator[tuple[str, str]]:
    base = f"{directory.id}.{file.id}"
    if file.structure is Structure.CYCLIC:
        if file.write == "never":
            return
        title = file.name.zh.removesuffix("文件").removesuffix("信息")
        for record in range(1, min(file.records, 4) + 1):
            for number, item in enumerate(file.items, 1):
                yield f"{title}{record}-{item.name.zh}", f"{base}[{record}].{number:02X}"
        return
    if file.structure is Structure.TRANSPARENT:
        return
    for item in file.items:
        place = (directory.id, file.fid, item.tag)
        if place in _ASSIGNED or place in _NAME_TAGS:
            continue
        for occurrence in range(1, item.count + 1):
            suffix = f"[{occurrence}]" if item.count > 1 else ""
            ordinal = str(occurrence) if item.count > 1 else ""
            target = f"{base}.{item.tag:02X}{suffix}"
            if not item.children:
                yield f"{item.name.zh}{ordinal}", target
            for child in item.children:
                yield f"{item.name.zh}{ordinal}-{child.name.zh}", f"{target}.{child.tag:02X}"
