"""A population of invented people loaded from CSV files, one for each province, by as many processes.

    python bench/people_load.py [people]

Prints JSON lines and keeps them in bench/results/people_load.jsonl: making the files (not counted), loading,
then looking people up at that size by number, with the audit row counted, from ten clients. Yardstick of the
same run: the same rows copied into a plain table without indexes. Needs the extra ``office``; starts a
PostgreSQL of its own in a temporary folder."""

import json
import os
import platform
import random
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "people_load.jsonl"
PROVINCES = ("98", "99")
SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂文辉建国华玉红梅志飞鹏宇浩欣怡子涵梓轩雨泽晨曦思远嘉琪"
)
CLIENTS = 10
SECONDS = 10.0
MINUTES = 15.0  # the half of thirty: their cards come in the other half
LOOKUPS_PER_SECOND = 300
P99_MILLISECONDS = 80.0
_FIRST = date(1940, 1, 1)


def write(path: Path, province: str, count: int) -> None:
    """A list of ``count`` invented people of a province; every number once."""
    from shebaoka.domain.citizen_id import check_digit

    dice = random.Random(province)
    days = (date(2024, 12, 31) - _FIRST).days
    with path.open("w", encoding="utf-8") as file:
        file.write("社会保障号码,姓名,性别,民族,联系电话,常住地址,监护人姓名,监护人证件号码\n")
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
            file.write(f"{whole},{name},{sex},汉,{phone},{address},{guardian}\n")


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


def load(province: str, path: Path) -> dict[str, int]:
    """One process: one list."""
    setup()
    from shebaoka.office.organizations.actor import system
    from shebaoka.office.organizations.choices import Channel
    from shebaoka.office.organizations.models import Organization
    from shebaoka.office.people.choices import Source
    from shebaoka.office.people.services import people_import

    city = Organization.objects.get(code=f"{province}0100")
    made = people_import(system(city, Channel.COMMAND), agency=city, path=path, source=Source.REPLACED)
    return {"taken": made.taken, "known": made.known, "refused": made.refused}


def look_up(numbers: list[str], seconds: float, times: list[float]) -> None:
    """One client: a person by number, her reading noted, again and again."""
    from django.db import connection

    from shebaoka.office.organizations.actor import system
    from shebaoka.office.organizations.models import Organization
    from shebaoka.office.organizations.reading import read_noted
    from shebaoka.office.people.selectors import person_by_number

    actors = {two: system(Organization.objects.get(code=f"{two}0100")) for two in PROVINCES}
    dice = random.Random(threading.get_ident())
    until = time.perf_counter() + seconds
    while (began := time.perf_counter()) < until:
        number = dice.choice(numbers)
        actor = actors[number[:2]]
        found = person_by_number(actor, number)
        read_noted(actor, organization=found.agency, subject=found, purpose="people.counter")
        times.append((time.perf_counter() - began) * 1000)
    connection.close()


def measure(count: int, folder: Path) -> Iterator[dict[str, object]]:
    """The whole run."""
    lists = {two: folder / f"{two}.csv" for two in PROVINCES}
    for two, path in lists.items():
        write(path, two, count // len(PROVINCES))
    began = time.perf_counter()
    with ProcessPoolExecutor(len(PROVINCES), mp_context=get_context("spawn")) as pool:
        made = [each.result() for each in [pool.submit(load, two, path) for two, path in lists.items()]]
    took = time.perf_counter() - began
    taken = sum(each["taken"] for each in made)
    from shebaoka.office.people.models import Duplicate

    yield {
        "what": "people loaded",
        "people": taken,
        "seconds": round(took, 1),
        "per_second": round(taken / took),
        "minutes_for_ten_million": round(took / taken * 10_000_000 / 60, 1),
        "refused": sum(each["refused"] for each in made),
        "duplicates_found": Duplicate.objects.count(),
        "processes": len(PROVINCES),
    }
    yield plain(lists["98"])
    yield lookups(lists)


def plain(path: Path) -> dict[str, object]:
    """The yardstick: the file as it is, copied into a table without index or trigger."""
    from django.db import connection, transaction

    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE people_yardstick (a text, b text, c text, d text, e text, f text, g text, h text)"
        )
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


def lookups(lists: dict[str, Path]) -> dict[str, object]:
    """People by number, the audit row counted, ten clients."""
    numbers = []
    for path in lists.values():
        with path.open(encoding="utf-8") as file:
            next(file)
            numbers += [line[:18] for at, line in enumerate(file) if at % 97 == 0]
    times: list[float] = []
    clients = [threading.Thread(target=look_up, args=(numbers, SECONDS, times)) for _ in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    times.sort()
    return {
        "what": "person by number with audit row",
        "clients": CLIENTS,
        "per_second": round(len(times) / SECONDS),
        "median_ms": round(statistics.median(times), 1),
        "p99_ms": round(times[int(len(times) * 0.99)], 1),
    }


def main() -> int:
    """Exit code 1 when a target is missed. Its argument: how many people."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    environment: dict[str, object] = {
        "bench": "people_load",
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "load_average": os.getloadavg()[0],
        "target_minutes_for_ten_million": MINUTES,
        "target_lookups_per_second": LOOKUPS_PER_SECOND,
        "target_p99_ms": P99_MILLISECONDS,
    }
    with tempfile.TemporaryDirectory() as name:
        os.environ["SHEBAOKA_FOLDER"] = name
        from shebaoka.office.configuration import read_configuration
        from shebaoka.office.server.prepare import migrate, running_database

        configuration = read_configuration()
        with running_database(configuration):
            setup()
            migrate(configuration)
            found()
            results = [environment, *measure(count, Path(name))]
            from django.db import connection

            connection.close()
    lines = [json.dumps(line) for line in results]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n", "utf-8")
    print("\n".join(lines))
    loaded, lookup = results[1], results[-1]
    good = (
        float(str(loaded["minutes_for_ten_million"])) <= MINUTES
        and int(str(lookup["per_second"])) >= LOOKUPS_PER_SECOND
        and float(str(lookup["p99_ms"])) <= P99_MILLISECONDS
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
