"""The chains in the database: the journal's own records, which nobody changes, one chain from many hands."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import Error, connection, transaction

from office.audit.rows import add
from office.conftest import NOW
from office.country import Country
from shebaoka.journal.verify import verify
from shebaoka.office.audit.bypasses import bypass_enter
from shebaoka.office.audit.checkpoints import checkpoint_take
from shebaoka.office.audit.models import Bypass, Chain, Row
from shebaoka.office.audit.services import append
from shebaoka.office.audit.truncation import written_by_services


def lines(chain: str) -> list[bytes]:
    rows = Row.objects.filter(chain=chain).order_by("sequence")
    return [line.encode() for line in rows.values_list("line", flat=True)]


@pytest.mark.django_db
def test_what_the_database_appends_is_what_the_journal_verifies() -> None:
    entries = add("980100", 5)
    verified = verify(lines("980100"))
    assert [(r.sequence, r.hash) for r in verified.records] == [(e.sequence, e.hash) for e in entries]
    assert verified.records[2].data["note"] == "收讫，“封签”完好"
    assert verified.records[2].at.microsecond == 2
    assert Chain.objects.get(code="980100").hash == verified.head


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_write_one_chain() -> None:
    def hand(_: int) -> None:
        try:
            for _ in range(10):
                add("980100", 2)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(hand, range(8)))
    assert len(verify(lines("980100")).records) == 160


@pytest.mark.django_db
def test_an_act_that_fails_leaves_no_row_and_no_gap() -> None:
    add("980100")
    with transaction.atomic():
        add("980100")
        transaction.set_rollback(True)
    add("980100")
    assert [record.sequence for record in verify(lines("980100")).records] == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_row_without_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError):
        append("980100", "x", at=NOW, persons={"actor": "system"})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_row SET line = ''",
        "DELETE FROM audit_row",
        "TRUNCATE audit_row",
        "TRUNCATE audit_chain CASCADE",
        "UPDATE audit_chain SET sequence = 1",
        "DELETE FROM audit_chain",
        "UPDATE audit_checkpoint SET signature = ''",
        "TRUNCATE audit_checkpoint",
        "DELETE FROM audit_bypass",
        "UPDATE audit_bypass SET login = 'nobody'",
        "TRUNCATE audit_bypass",
    ],
)
def test_the_record_is_never_changed_or_removed(country: Country, statement: str) -> None:
    add("980100", 3)
    checkpoint_take()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organizations_organization SET name = '改名' WHERE code = '980100'")
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert len(verify(lines("980100")).records) == 3
    assert Bypass.objects.count() == 1


def test_every_table_of_the_services_is_watched_against_truncation(country: Country) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'noted_truncation'")
        watched = {table for (table,) in cursor.fetchall()}
        assert watched == written_by_services() & set(connection.introspection.table_names(cursor))
        assert "organizations_staff" in watched
        cursor.execute("TRUNCATE organizations_passkey")
    noted = Bypass.objects.get()
    assert (noted.relation, noted.operation) == ("organizations_passkey", "TRUNCATE")


def test_writes_past_the_services_enter_the_ministrys_chain_once(country: Country) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organizations_organization SET name = '改名' WHERE code LIKE '98%'")
    assert bypass_enter() == 2
    assert bypass_enter() == 0
    (record,) = verify(lines("000000")).records
    assert record.act == "audit.bypass"
    assert [note["operation"] for note in record.data["notes"]] == ["UPDATE", "UPDATE"]
    assert "改名" not in str(record.data)
    assert set(Bypass.objects.values_list("entered", flat=True)) == {1}
