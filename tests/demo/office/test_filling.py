"""The fillers in this process, over the keys of a small main job: what they leave, who signs in, no secret.

The whole demonstration is in test_filled.py and test_secrets.py."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection, transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from scan.office import OfficeSecrets
from shebaoka.demo.office import accounts
from shebaoka.demo.office.deployment import office_of
from shebaoka.demo.office.fillers import fillers
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.demo.office.telling import roles_of
from shebaoka.office.approval.models import Region
from shebaoka.office.audit.models import Bypass
from shebaoka.office.base import clock
from shebaoka.office.custody.models import Carrier, Ceremony, HandOver, KeyRecord
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.models import Staff, StaffSession, TwoPersonAct
from shebaoka.office.psams.models import BlockList, Psam

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1"),
]
PAGES = ("/desk/", "/desk/me", "/desk/custody/keys", "/desk/custody/carriers", "/desk/audit/")


@dataclass(frozen=True)
class Filled:
    """``told``: the lines of every filler."""

    stage: OfficeStage
    told: list[str]


@pytest.fixture(scope="module")
def filled_here(
    small: OfficeStage, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Filled]:
    """All fillers in one transaction, which is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        told = []
        for filler in fillers():
            small.told.clear()
            filler.fill(small)
            told += small.told
        small.leave()
        accounts.write(office_of(small.demo.folder), list(small.accounts.values()))
        yield Filled(small, told)
        transaction.set_rollback(True)


def test_every_filler_says_what_it_did(filled_here: Filled) -> None:
    assert len(filled_here.told) >= len(fillers())
    assert all(line == line.strip() and len(line) < 110 for line in filled_here.told)


def test_custody_of_two_provinces_is_filled_in(filled_here: Filled) -> None:
    assert {each.organization.code for each in Ceremony.objects.filter(status="held")} >= {
        "000000", "980000", "990000",
    }  # fmt: skip
    for code in ("000000", "980000", "990000", "980100"):
        assert KeyRecord.objects.filter(organization__code=code).count() > 200
    states = set(Carrier.objects.values_list("status", flat=True))
    assert states == {"numbered", "stored", "out", "at-third-party"}
    assert sorted(HandOver.objects.values_list("status", flat=True)) == ["out", "prepared"]
    assert dict(Region.objects.values_list("organization__code", "state")) == {
        "980100": "issuing", "990000": "keys_received", "990100": "ministry_review",
    }  # fmt: skip


def test_one_psam_is_lost_listed_and_an_incident(filled_here: Filled) -> None:
    lost = Psam.objects.get(status="lost")
    assert lost.serial in BlockList.objects.get().content
    incident = Incident.objects.get()
    assert incident.state == "open"
    assert incident.affected.filter(kind="key").exists()
    assert incident.duties.filter(done_at=None, kind="ministry").exists()


def test_different_people_did_it_by_services_and_went_home(filled_here: Filled) -> None:
    assert not Bypass.objects.exists()
    done = TwoPersonAct.objects.filter(decision="done")
    assert done.count() > 100
    assert all(act.maker_id != act.checker_id for act in done)
    assert TwoPersonAct.objects.filter(decision="waiting").count() >= 2
    assert not StaffSession.objects.filter(closed_at=None, ends_at__gt=clock.now()).exists()


@pytest.mark.parametrize("number", ["DEMO-980100-08", "DEMO-98-01"])
def test_the_sign_ins_sign_in_through_the_pages(filled_here: Filled, number: str) -> None:
    account = filled_here.stage.accounts[number]
    client = Client(headers={"accept-language": "en"})
    client.post("/desk/sign-in", {"number": number, "password": account.password})
    home = client.post("/desk/sign-in/code", {"code": account.code(time.time())})
    assert (home.status_code, home.headers["location"]) == (302, "/desk/")
    again = Client()
    again.post("/desk/sign-in", {"number": number, "password": account.password})
    assert again.post("/desk/sign-in/code", {"code": account.code(time.time())}).status_code != 302
    begun = client.post("/desk/session/begin", {"purpose": "查看", "minutes": "60"})
    assert begun.status_code == 302
    assert Psam.objects.get(status="lost").serial in client.get("/desk/psams/").content.decode()


def test_roles_are_told_in_words(filled_here: Filled) -> None:
    told = {number: roles_of(each) for number, each in filled_here.stage.accounts.items()}
    assert told["DEMO-98-01"] == "key custodian"
    assert told["DEMO-980100-09"] == "issuing clerk, policy clerk"
    assert {*told} <= {*Staff.objects.values_list("number", flat=True)}


def test_no_secret_stands_in_a_row_or_on_a_page(filled_here: Filled) -> None:
    stage = filled_here.stage
    known = OfficeSecrets(stage.demo.folder)
    outputs = [*_rows(), ("told", "\n".join(filled_here.told).encode())]
    for number in ("DEMO-N09", "DEMO-N03"):
        client = Client(headers={"accept-language": "en"})
        client.force_login(Staff.objects.get(number=number))
        outputs += [(path, client.get(path).content) for path in PAGES]
    assert len(outputs) > 60
    assert known.leaks(outputs) == []
    account = accounts.find(list(stage.accounts.values()), "demo-n09")
    assert known.leaks([("a page", account.password.encode())]) == [f"a page: password of {account.number}"]


def _rows() -> Iterator[tuple[str, bytes]]:
    """All rows of all tables as text, columns of bytes in hex."""
    names = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name in names:
            with cursor.copy(f'COPY "{name}" TO STDOUT') as lines:
                yield name, b"".join(bytes(line) for line in lines)
