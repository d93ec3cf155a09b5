"""A population of invented people with a card each, loaded from CSV files, one for each province.

    PYTHONPATH=. python bench/people_load.py [people [folder]]

Prints JSON lines and keeps them in bench/results/people_load.jsonl: making the files (not counted), loading
as ``shebaoka people load`` does; then at that size, from ten clients, people by number and by card with the
audit row counted, and searches of the desk. Yardstick of the same run: the same rows copied into a plain
table without indexes. Needs the extra ``office``; starts a PostgreSQL of its own in a temporary folder, or in
``folder``, which is kept: when it holds the population already, only the questions are asked again."""

import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

from bench.support import asking

RESULTS = Path(__file__).parent / "results" / "people_load.jsonl"
PROVINCES = ("98", "99")
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建国华玉红梅志飞鹏宇浩欣怡子涵梓轩雨泽晨曦思远嘉琪"
)
MINUTES = 30.0
_FIRST = date(1940, 1, 1)


def write(path: Path, province: str, count: int) -> None:
    """A list of ``count`` invented people of a province, each with a card in use; every number once."""
    from shebaoka.domain.card_number import card_number
    from shebaoka.domain.citizen_id import check_digit

    dice = random.Random(province)
    days = (date(2024, 12, 31) - _FIRST).days
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "社会保障号码,姓名,性别,民族,联系电话,常住地址,监护人姓名,监护人证件号码,"
            "卡号,卡识别码,复位信息,卡状态,发卡日期,卡有效期\n"
        )
        for number in range(count):
            born = _FIRST + timedelta(days=number % days)
            turn = number // days
            head = f"{province}01{turn // 999 + 1:02d}{born:%Y%m%d}{turn % 999 + 1:03d}"
            whole = head + check_digit(head)
            name = "".join((dice.choice(SURNAMES), *dice.choices(GIVEN, k=1 + (dice.random() < 0.8))))
            phone = f"1990{number % 10_000_000:07d}" if dice.random() < 0.9 else ""
            guardian = f"{name[0]}父,{whole}" if born.year > 2008 else ","
            sex = "男" if int(head[-1]) % 2 else "女"
            address = f"示例市第{number % 997}路{number % 89}号"
            card = (
                f"{card_number(f'A{number:07d}')},{province}0100D156000005{number + 1:08d}FFFFFFFF,"
                f"3B6D00000081{province}0100{number + 1:016d},正常,20200102,20300101"
            )
            file.write(f"{whole},{name},{sex},汉,{phone},{address},{guardian},{card}\n")


def setup() -> None:
    import django

    os.environ["DJANGO_SETTINGS_MODULE"] = "shebaoka.office.settings"
    django.setup()


def found() -> None:
    """Two provinces with a city each."""
    from shebaoka.office.base.records import writing
    from shebaoka.office.organizations.models import Organization

    with writing("bench.found"):
        root = Organization.objects.create(
            code="000000", region="000000", kind="ministry", name="部", path="000000/"
        )
        for two in PROVINCES:
            province = Organization.objects.create(
                code=f"{two}0000", region=f"{two}0000", kind="province", name=two, parent=root,
                path=f"000000/{two}0000/",
            )  # fmt: skip
            Organization.objects.create(
                code=f"{two}0100", region=f"{two}0100", kind="city", name=f"{two}01", parent=province,
                path=f"000000/{two}0000/{two}0100/",
            )  # fmt: skip


def products() -> None:
    """What the cards of the two cities are."""
    import msgspec

    from shebaoka.office.base.records import writing
    from shebaoka.office.cards.models import Product
    from shebaoka.office.cards.services import OrderFields
    from shebaoka.office.organizations.models import Organization
    from shebaoka.personalization.product import CardProduct

    order = OrderFields("face", "2.0", "structure", "chip", "cos", "supplier", "product")
    with writing("bench.products"):
        for two in PROVINCES:
            Product.objects.create(
                organization=Organization.objects.get(code=f"{two}0100"), code="SSC", name="卡", photo=False,
                order=msgspec.to_builtins(order), making=msgspec.to_builtins(CardProduct(name="2.0 3DES")),
            )  # fmt: skip


def load(lists: dict[str, Path]) -> list[dict[str, int]]:
    """The lists, as ``shebaoka people load`` takes them."""
    from shebaoka.office.organizations.actor import system
    from shebaoka.office.organizations.choices import Channel
    from shebaoka.office.organizations.models import Organization
    from shebaoka.office.people.choices import Source
    from shebaoka.office.people.importing.filling import population
    from shebaoka.office.people.services import people_import

    made = []
    with population():
        for two, path in lists.items():
            city = Organization.objects.get(code=f"{two}0100")
            actor = system(city, Channel.COMMAND)
            one = people_import(actor, agency=city, path=path, source=Source.REPLACED, closed=True)
            made.append({"taken": one.taken, "known": one.known, "refused": one.refused})
    return made


def measure(count: int, folder: Path) -> Iterator[dict[str, object]]:
    """The whole run."""
    from shebaoka.office.cards.models import Card
    from shebaoka.office.organizations.models import Organization
    from shebaoka.office.people.models import Duplicate, Person

    lists = {two: folder / f"{two}.csv" for two in PROVINCES}
    if not Person.objects.exists():
        if not Organization.objects.exists():  # a load that was killed left nothing else
            found()
            products()
        for two, path in lists.items():
            write(path, two, count // len(PROVINCES))
        began = time.perf_counter()
        made = load(lists)
        took = time.perf_counter() - began
        taken = sum(each["taken"] for each in made)
        yield {
            "what": "people and cards loaded",
            "people": taken,
            "cards": Card.objects.count(),
            "seconds": round(took, 1),
            "per_second": round(taken / took),
            "minutes_for_ten_million": round(took / taken * 10_000_000 / 60, 1),
            "refused": sum(each["refused"] for each in made),
            "duplicates_found": Duplicate.objects.count(),
            "met": took / taken * 10_000_000 <= MINUTES * 60,
        }
        yield plain(lists["98"])
    yield from asking.measure(lists)


def plain(path: Path) -> dict[str, object]:
    """The yardstick: the file as it is, copied into a table without index or trigger."""
    from django.db import connection, transaction

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE people_yardstick (" + ", ".join(f"c{n} text" for n in range(14)) + ")")
        with (
            cursor.copy("COPY people_yardstick FROM STDIN (FORMAT csv, HEADER)") as copy,
            path.open("rb") as file,
        ):
            while block := file.read(1 << 20):
                copy.write(block)
        rows = cursor.rowcount
        cursor.execute("DROP TABLE people_yardstick")
    took = time.perf_counter() - began
    return {
        "what": "yardstick: plain copy",
        "rows": rows,
        "seconds": round(took, 2),
        "per_second": round(rows / took),
    }


def main() -> int:
    """Exit code 1 when a target is missed. Arguments: how many people, a folder that is kept."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    environment: dict[str, object] = {
        "bench": "people_load",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "target_minutes_for_ten_million": MINUTES,
    }
    with ExitStack() as stack:
        name = sys.argv[2] if len(sys.argv) > 2 else stack.enter_context(tempfile.TemporaryDirectory())
        Path(name).mkdir(parents=True, exist_ok=True)
        os.environ["SHEBAOKA_FOLDER"] = name
        from shebaoka.office.configuration import read_configuration
        from shebaoka.office.server.prepare import migrate, running_database

        configuration = read_configuration()
        with running_database(configuration):
            setup()
            migrate(configuration)
            results = [environment]
            for line in measure(count, Path(name)):
                results.append(line)
                print(json.dumps(line), flush=True)
            from django.db import connection

            connection.close()
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("".join(json.dumps(line) + "\n" for line in results), "utf-8")
    return 0 if all(line.get("met", True) for line in results) else 1


if __name__ == "__main__":
    sys.exit(main())
