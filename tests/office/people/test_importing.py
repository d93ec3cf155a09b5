"""Lists of people: what is good is taken, each other row is told why, all or nothing for a file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from uuid import UUID

import openpyxl
import pytest

from office.country import Country
from office.people.invented import enroll, number
from shebaoka.office.audit.models import Row as AuditRow
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.office.people import hooks
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import Change, Duplicate, Employer, Fact, Guardian, Load, LoadRow, Person
from shebaoka.office.people.services import people_import

HEAD = "社会保障号码,姓名,性别,民族,联系电话,地址,单位代码,单位名称,监护人姓名,监护人证件号码,household.class"
ROWS = (
    f"{number()},张伟,男,汉,13900000000,示例甲市一路1号,91980100MA00000001,示例纺织厂,,,21",
    f"{number(sequence=2)},阿依古丽·买买提,女,维吾尔族,,,91980100MA00000001,示例纺织厂,,,",
    f"{number(sequence=4)},王𠮷,2,01,,,,,,,",
    f"{number(sequence=6)},欧阳䶮,,,,,,,,,",
    "980101490307001,赵老,1,01,,,,,,,",
    f"{number()[:17]}0,错号,男,汉,,,,,,,",
    f"{number(sequence=8)},,女,汉,,,,,,,",
    f"{number(sequence=10)},李😀,女,汉,,,,,,,",
    f"{number(sequence=12)},李\ue000,女,汉,,,,,,,",
    f"{number(sequence=14)},李男,男,汉,,,,,,,",
    f"{number(sequence=16)},李码,女,火星,,,,,,,",
    f"{number(sequence=18)},李户,女,汉,,,,,,,77",
    f"{number(sequence=20)},李短",
    f"{number()},张伟,男,汉,,,,,,,",
    f"{number()},王伟,男,汉,,,,,,,",
)


def listed(folder: Path, rows: Iterable[str] = ROWS, encoding: str = "utf-8") -> Path:
    path = folder / "名册.csv"
    path.write_text("\n".join((HEAD, *rows)) + "\n", encoding)
    return path


def load(country: Country, path: Path, code: str = "980100") -> Load:
    actor = country.actor(code, "people.counter-supervisor")
    return people_import(actor, agency=country.organizations[code], path=path, source=Source.REPLACED)


def test_good_rows_are_taken_and_the_others_told_why(country: Country, tmp_path: Path) -> None:
    made = load(country, listed(tmp_path))
    assert (made.taken, made.known, made.refused) == (6, 1, 8)
    told = {row.row: (row.code, row.column) for row in LoadRow.objects.all()}
    assert [row.row for row in LoadRow.objects.filter(taken=True)] == [11]
    assert told == {
        7: ("people.number-wrong", "number"),
        8: ("people.name-unfit", "name"),
        9: ("people.name-character", "name"),
        10: ("people.name-character", "name"),
        11: ("people.sex-differs", "sex"),
        12: ("people.code-unknown", "nation"),
        13: ("people.fact-unfit", "household.class"),
        14: ("people.row-unreadable", ""),
        15: ("people.number-known", "number"),
        16: ("people.number-of-another", "number"),
    }
    names = set(Person.objects.values_list("name", flat=True))
    assert names == {"张伟", "阿依古丽·买买提", "王𠮷", "欧阳䶮", "赵老", "李男"}
    first = Person.objects.get(number=number())
    assert (first.pinyin, first.nation, first.phone, first.source) == (
        "zhangwei",
        "01",
        "13900000000",
        "replaced",
    )
    assert first.employer == Employer.objects.get()
    assert Fact.objects.get().values == {"class": "21"}
    assert Change.objects.get().load == made
    assert AuditRow.objects.get(act="people.import").subject == f"people.load:{made.pk}"


def test_a_population_in_gb18030_keeps_its_rare_characters(country: Country, tmp_path: Path) -> None:
    load(country, listed(tmp_path, ROWS[2:4], "gb18030"))
    assert set(Person.objects.values_list("name", flat=True)) == {"王𠮷", "欧阳䶮"}


def test_a_workbook_is_read_as_well(country: Country, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["姓名", "公民身份号码", "监护人姓名", "监护人证件号码"])
    sheet.append(["张小", number(birth=date(2020, 5, 1)), "张父", number()])
    sheet.append(["张小二", number(birth=date(2021, 5, 1)), "", ""])
    path = tmp_path / "学校.xlsx"
    book.save(path)
    made = load(country, path)
    assert (made.taken, made.refused) == (1, 1)
    assert Guardian.objects.get().name == "张父"
    assert LoadRow.objects.get().code == "people.guardian-lacking"


def test_the_same_list_again_changes_nothing(country: Country, tmp_path: Path) -> None:
    path = listed(tmp_path, ROWS[:5])
    load(country, path)
    before = list(Person.objects.order_by("pk").values())
    again = load(country, path)
    assert (again.taken, again.known, again.refused) == (0, 5, 0)
    assert list(Person.objects.order_by("pk").values()) == before


def test_near_duplicates_of_a_list_are_found(country: Country, tmp_path: Path) -> None:
    old = enroll(country, "章玮", number=number(sequence=3))
    load(country, listed(tmp_path, ROWS[:1]))
    found = Duplicate.objects.get()
    assert (found.first, found.second.name) == (old, "张伟")
    assert set(found.grounds) == {"sound-and-birth", "near-number"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe\x00broken\x81\x20", "people.list-unreadable"),
        ("姓名,性别\n张伟,男\n".encode(), "people.list-columns"),
        ("姓名,社会保障号码,身份证号\n张伟,1,1\n".encode(), "people.list-columns"),
        (b"", "people.list-columns"),
    ],
)
def test_a_file_that_is_no_list_is_refused(
    country: Country, tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refusal:
        load(country, path)
    assert refusal.value.code in (code, "people.list-unreadable")
    assert not Load.objects.exists()


class Intake:
    """Cards of the replaced system, for this test only."""

    columns = frozenset({"旧卡状态"})
    seen: list[tuple[int, str]]

    def read(self, cards: Sequence[tuple[int, str, Mapping[str, str]]]) -> list[tuple[int, str]]:
        return [(row, texts["旧卡状态"]) for row, _, texts in cards]

    def take(
        self, act: Act, agency: Organization, read: list[tuple[int, str]], lost: Sequence[UUID]
    ) -> Iterable[tuple[int, str, str]]:
        self.seen = read
        return [(row, "people.code-unknown", "旧卡状态") for row, state in self.seen if state == "?"]


def test_cards_in_use_come_with_their_holders(country: Country, tmp_path: Path) -> None:
    intake = Intake()
    hooks.CARDS_IN_USE.append(intake)
    try:
        path = tmp_path / "x.csv"
        path.write_text(
            f"姓名,社会保障号码,旧卡状态\n张伟,{number()},1\n李娜,{number(sequence=2)},?\n", "utf-8"
        )
        made = load(country, path)
    finally:
        hooks.CARDS_IN_USE.remove(intake)
    assert intake.seen == [(2, "1"), (3, "?")]
    assert (made.taken, made.refused) == (2, 0)
    assert LoadRow.objects.get().taken
