"""The whole demonstration as a user starts it, and its office as it is served; a smaller one is in
test_filling.py."""

import os
import re
import stat
from typing import Any

import pytest

from demo.office.running import Served
from demo.office.visitor import Visitor
from shebaoka.demo.office import accounts

pytestmark = pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")
LOST, HOSPITAL = "00000000980100000002", "980100-H01"


def printed(told: str) -> dict[str, str]:
    """Passwords by number, from the table."""
    table = told.split("Demonstration sign-ins")[1].split("The second factor")[0]
    return dict(re.findall(r"^ (DEMO-\S+) +(\S{14}) ", table, re.MULTILINE))


def counted(served: Served, table: str, column: str) -> dict[Any, int]:
    """Rows by what stands in a column."""
    with served.demonstration.connect() as connection:
        query = f"SELECT {column}, count(*) FROM {table} GROUP BY 1"  # noqa: S608 - names of ours
        return dict(connection.execute(query.encode()).fetchall())


def test_two_provinces_have_their_custody_filled_in(served: Served) -> None:
    ask = served.demonstration.ask
    assert counted(served, "custody_ceremony", "status") == {"held": 3}
    keys = dict(ask("SELECT o.code, count(*) FROM custody_keyrecord k JOIN organizations_organization o"
                    " ON o.id = k.organization_id GROUP BY 1"))  # fmt: skip
    assert keys.keys() == {"000000", "980000", "990000", "980100"}
    assert min(keys.values()) > 200
    assert counted(served, "custody_hsm", "status") == {"in-use": 5}
    carriers = counted(served, "custody_carrier", "status")
    assert carriers == {"numbered": 6, "stored": 6, "at-third-party": 2, "out": 1}
    assert counted(served, "custody_dispatch", "received_at IS NULL") == {False: 3}
    assert counted(served, "custody_movement", "in_at IS NULL") == {True: 1, False: 9}
    assert counted(served, "custody_handover", "status") == {"out": 1, "prepared": 1}  # one lacks documents
    assert counted(served, "approval_region", "state") == {
        "issuing": 1, "ministry_review": 1, "keys_received": 1,
    }  # fmt: skip


def test_one_psam_is_lost_refused_by_the_list_and_an_open_incident(served: Served) -> None:
    ask = served.demonstration.ask
    assert ask("SELECT serial FROM psams_psam WHERE status = 'lost'") == [(LOST,)]
    assert counted(served, "psams_psam", "status") == {"active": 1, "lost": 1, "issued": 1, "in-stock": 3}
    ((listed,),) = ask("SELECT content FROM psams_blocklist")
    assert LOST in listed
    assert ask("SELECT state, subject_name FROM incidents_incident") == [("open", f"PSAM {LOST}")]
    affected = dict(ask("SELECT kind, count(*) FROM incidents_affected GROUP BY 1"))
    assert affected.keys() == {"psam", "key"}
    assert (affected["psam"], affected["key"] > 100) == (1, True)
    due = ask("SELECT kind FROM incidents_duty WHERE done_at IS NULL AND required")
    assert ("ministry",) in due
    assert ("superior",) not in due


def test_it_was_filled_by_services_alone_and_by_different_people(served: Served) -> None:
    ask = served.demonstration.ask
    assert ask("SELECT relation FROM audit_bypass") == []
    assert ask("SELECT 1 FROM organizations_twopersonact WHERE maker_id = checker_id") == []
    assert len(ask("SELECT 1 FROM organizations_twopersonact WHERE decision = 'waiting'")) >= 2


def test_the_printed_sign_ins_sign_in_through_the_pages_with_the_printed_code(served: Served) -> None:
    passwords = printed(served.told)
    assert len(passwords) >= 15
    folder = str(served.demonstration.folder)
    for number, finds in (
        ("DEMO-980100-08", {"/desk/psams/": LOST, "/desk/custody/": "雾江市"}),
        ("DEMO-98-01", {"/desk/custody/carriers": "9800000000000002", "/desk/incidents/": "SJ-980100"}),
    ):
        code = served.demonstration.run("code", number, "-o", folder)
        assert code.returncode == 0, code.stderr
        visitor = Visitor(served.url)
        home = visitor.sign_in(number, passwords[number], code.stdout.strip())
        assert (home.status, home.path) == (200, "/desk/"), home.text
        assert visitor.post("/desk/session/begin", purpose="查看", minutes="60").status == 200
        for path, text in finds.items():
            page = visitor.get(path)
            assert page.status == 200
            assert text in page.text, path


def test_a_code_works_once_and_only_for_its_person(served: Served) -> None:
    passwords, folder = printed(served.told), str(served.demonstration.folder)
    code = served.demonstration.run("code", "demo-n07", "-o", folder).stdout.strip()
    assert Visitor(served.url).sign_in("DEMO-N07", passwords["DEMO-N07"], code).path == "/desk/"
    assert Visitor(served.url).sign_in("DEMO-N07", passwords["DEMO-N07"], code).path != "/desk/"
    other = served.demonstration.run("code", "DEMO-N77", "-o", folder)
    assert other.returncode == 2
    assert other.stderr.startswith("shebaoka: DEMO-N77: not among the sign-ins of the demonstration")


def test_sign_ins_are_its_users_alone_and_their_addresses_are_printed(served: Served) -> None:
    file = served.demonstration.office / accounts.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for account in accounts.read(served.demonstration.office):
        assert account.uri in served.told
        assert account.secret not in repr(account)
        assert account.password not in repr(account)


def test_the_folder_is_not_taken_from_under_a_served_office(served: Served) -> None:
    folder = served.demonstration.folder
    done = served.demonstration.run("-o", str(folder), "--no-serve")
    assert done.returncode == 2
    assert f"{folder}: the office there is being served" in done.stderr
    assert (folder / "report.html").exists()
    assert Visitor(served.url).get("/health/ready").status == 200
