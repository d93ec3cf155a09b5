"""A batch of 100,000 cards prepared: approved applications to numbered cards in the register.

    python bench/card_batch.py [cards]

Counted: forming the batch, the list, numbers and contents of every card (encoded, MACs by the vault), and the
cards with their histories in the register. Yardstick of the same run: the same number of rows copied into a
plain table without indexes. Prints JSON lines and keeps them in bench/results/card_batch.jsonl. Needs the
extra ``office``; starts a PostgreSQL of its own in a temporary folder."""

import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Callable

    from shebaoka.vault.model import Vault

RESULTS = Path(__file__).parent / "results" / "card_batch.jsonl"
SECONDS = 120.0
_CODE = "980100"


def setup(folder: Path) -> None:
    """A PostgreSQL with the tables, and Django on it."""
    os.environ |= {"SHEBAOKA_FOLDER": str(folder), "DJANGO_SETTINGS_MODULE": "shebaoka.office.settings"}
    from shebaoka.office import database

    os.environ["DATABASE_URL"] = database.start(folder / "postgres")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def fill(count: int) -> None:
    """A city that issues, and an accepted application of every person."""
    import msgspec

    from shebaoka.domain.citizen_id import check_digit
    from shebaoka.office.approval.models import Case, Region
    from shebaoka.office.approval.plan import Plan, as_data
    from shebaoka.office.base import clock
    from shebaoka.office.base.records import writing
    from shebaoka.office.cards.models import Application, Product
    from shebaoka.office.cards.services import OrderFields
    from shebaoka.office.organizations.models import Organization
    from shebaoka.office.people.models import Person
    from shebaoka.personalization.product import CardProduct

    now, day = clock.now(), clock.today()
    order = OrderFields("face", "2.0", "structure", "chip", "cos", "supplier", "product")
    with writing("bench.fill"):
        root = Organization.objects.create(
            code="000000", region="000000", kind="ministry", name="部", path="000000/"
        )
        province = Organization.objects.create(
            code="980000", region="980000", kind="province", name="省", parent=root, path="000000/980000/"
        )
        city = Organization.objects.create(
            code=_CODE, region=_CODE, kind="city", name="市", parent=province, path="000000/980000/980100/"
        )
        region = Region.objects.create(
            organization=city, state="issuing", issuer_number="9156000002980100", since=now
        )
        plan = Plan(
            face="face", layout="2.0", structure="structure", chip="chip", cos="cos", supplier="supplier",
            product="product", population=("职工",), quantities={str(day.year): count},
        )  # fmt: skip
        Case.objects.create(
            region=region, number=1, kind="registration", stage="approved", plan=as_data(plan),
            digest="0" * 64, decided_at=now,
        )  # fmt: skip
        product = Product.objects.create(
            organization=city, code="SSC", name="卡", order=msgspec.to_builtins(order), photo=False,
            making=msgspec.to_builtins(CardProduct(name="2.0 3DES")),
        )  # fmt: skip
        for start in range(0, count, 5000):
            people, wanted = [], []
            for number in range(start, min(start + 5000, count)):
                born = date(1950, 1, 1) + timedelta(days=number % 18_000)
                head = f"980101{born:%Y%m%d}{number // 18_000 + 1:03d}"
                person = Person(
                    region=_CODE, agency=city, number=head + check_digit(head), number_kind="citizen",
                    document_type="01", document_number=head, name="测试", sex=str(2 - int(head[-1]) % 2),
                    nation="01", birth=born, phone="13900000000", address="示例市一号街一号", source="agency",
                    source_on=day, enrolled_at=now,
                )  # fmt: skip
                people.append(person)
                wanted.append(
                    Application(
                        number=f"B{number:09d}", organization=city, agency=city, outlet=city, person=person,
                        kind="new", applicant="person", proof="identity", channel="job", making="factory",
                        delivery="outlet", product=product, population="职工", fee=0, at=now,
                    )
                )  # fmt: skip
            Person.objects.bulk_create(people, batch_size=1000)
            Application.objects.bulk_create(wanted, batch_size=1000)


def approve(pk: UUID) -> None:
    """The approval of two persons, whose signatures take no time, is left to its tests."""
    from shebaoka.office.base import clock
    from shebaoka.office.base.records import writing
    from shebaoka.office.cards.models import Batch
    from shebaoka.office.cards.services.batches import order_of, reserve

    batch = Batch.objects.select_related("organization", "product").get(pk=pk)
    order = order_of(batch)
    reserve(batch, order)
    with writing("bench.approve"):
        Batch.objects.filter(pk=pk).update(
            status="approved", order=order.digest, approved_at=clock.now(), issued_on=clock.today()
        )


def plain(count: int) -> float:
    """Seconds for as many rows copied into a table without indexes."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE plain (a text, b text, c int, d date)")
        began = time.perf_counter()
        with cursor.copy("COPY plain FROM STDIN") as copy:
            for number in range(count):
                copy.write_row((f"A{number:08d}", "0" * 32, number, date(2026, 1, 1)))
        return time.perf_counter() - began


def measure(count: int) -> Iterator[dict[str, object]]:
    """The whole run."""
    from shebaoka.office.cards import services
    from shebaoka.office.cards.models import Batch, Card, Event
    from shebaoka.office.cards.production import run
    from shebaoka.office.cards.production.keys import GIVEN
    from shebaoka.office.organizations.actor import system
    from shebaoka.office.organizations.models import Organization

    GIVEN[_CODE] = city_vault()
    actor = system(Organization.objects.get(code=_CODE))
    began = time.perf_counter()
    batch = services.batch_form(actor, organization=_CODE, product="SSC", outlet=_CODE, site="01")
    formed = time.perf_counter() - began
    approve(batch.pk)
    began = time.perf_counter()
    run.prepare(batch.pk)
    prepared = time.perf_counter() - began
    found = Batch.objects.get(pk=batch.pk)
    assert found.prepared_at is not None, found.trouble
    assert Card.objects.count() == Event.objects.count() == count
    took = formed + prepared
    yield {
        "what": "batch prepared",
        "cards": count,
        "seconds": round(took, 1),
        "formed_seconds": round(formed, 1),
        "per_second": round(count / took),
        "plain_copy_seconds": round(plain(count), 2),
        "target_seconds": SECONDS,
        "met": took <= SECONDS * count / 100_000,
    }


def city_vault() -> "Callable[[], Vault]":
    """A city's vault with all its keys, in memory."""
    from shebaoka.spec.keys import key_catalogue
    from shebaoka.vault.catalogue import SUITES
    from shebaoka.vault.hierarchy import hand_down, set_up_city, set_up_ministry, set_up_province
    from shebaoka.vault.model import MINISTRY, Body, Level
    from shebaoka.vault.software import SoftwareVault

    bodies = (MINISTRY, Body(Level.PROVINCE, "98", "示例甲省"), Body(Level.CITY, _CODE, "示例甲市"))
    ministry, province, city = (SoftwareVault.create(None, "", body) for body in bodies)
    for suite in SUITES:
        set_up_ministry(ministry, key_catalogue(), suite)
        set_up_province(province, key_catalogue(), suite)
        set_up_city(city, key_catalogue(), suite)
    hand_down(ministry, province)
    hand_down(province, city)
    return lambda: city


def main() -> int:
    """Runs, prints and keeps; 1 when the target was missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory(prefix="shebaoka-bench-") as name:
        folder = Path(name)
        setup(folder)
        fill(count)
        head: dict[str, object] = {
            "bench": "card_batch",
            "python": platform.python_version(),
            "machine": platform.machine(),
            "cores": os.cpu_count(),
        }
        lines: list[dict[str, object]] = [head, *measure(count)]
        from shebaoka.office import database

        database.stop(folder / "postgres")
    text = "".join(json.dumps(line) + "\n" for line in lines)
    print(text, end="")
    RESULTS.write_text(text, "utf-8")
    return 0 if lines[-1]["met"] else 1


if __name__ == "__main__":
    sys.exit(main())
