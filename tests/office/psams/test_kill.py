"""Kill -9 of application or database while PSAMs are keyed, issued, lost and destroyed: each act is done or
not done, no half of any, and the chains hold."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from office.robust.conftest import Office, an_office
from shebaoka.office.keeping.chains import prove

pytestmark = pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")
KILLS = 16
ORDER = ["ordered", "received", "keyed", "in-stock", "issued", "active", "lost", "to-destroy", "destroyed"]


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """An office of these tests alone."""
    with an_office() as made:
        yield made


def acted(office: Office, database: bool, seconds: float) -> list[tuple[str, str]]:
    """Acts for a while, then something is killed; gives what was said to be done."""
    with subprocess.Popen(
        [sys.executable, "-m", "office.psams.acting"],
        env=office.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        line = program.stdout.readline()
        assert line == "ready\n", program.stderr.read()
        time.sleep(seconds)
        assert program.poll() is None, program.stderr.read()
        if database:
            office.kill_database()
        else:
            program.kill()
        said = [(word, number) for word, number in map(str.split, program.stdout)]
        assert program.wait(60) != 0
    return said


def everything_holds(office: Office, said: list[tuple[str, str]]) -> None:
    found = dict(office.ask("SELECT serial, status FROM psams_psam"))
    for status, serial in said:
        assert ORDER.index(found[serial]) >= ORDER.index(status), (serial, status, found[serial])
    # the history ends where the PSAM is, and what a status rests on is there, all or nothing
    nothing = {
        "SELECT p.serial FROM psams_psam p WHERE p.status <> 'ordered' AND p.status <>"
        " (SELECT e.after FROM psams_event e WHERE e.psam_id = p.id ORDER BY e.at DESC, e.id DESC LIMIT 1)",
        "SELECT p.serial FROM psams_psam p WHERE p.status IN ('issued', 'active') AND"
        " (SELECT count(*) FROM psams_issue i WHERE i.psam_id = p.id AND i.ended_at IS NULL) <> 1",
        "SELECT p.serial FROM psams_psam p LEFT JOIN psams_loss l ON l.psam_id = p.id"
        " WHERE (p.status = 'lost') <> (l.id IS NOT NULL)",
        "SELECT l.id FROM psams_loss l LEFT JOIN incidents_incident i ON i.number = l.incident"
        " WHERE i.id IS NULL",
        "SELECT p.serial FROM psams_psam p WHERE p.status = 'lost' AND NOT EXISTS (SELECT 1 FROM"
        " psams_blocklist b WHERE position(p.serial IN b.content) > 0)",
        "SELECT p.serial FROM psams_psam p WHERE p.status NOT IN ('ordered', 'received') AND"
        " NOT EXISTS (SELECT 1 FROM psams_psamkey k WHERE k.psam_id = p.id AND k.level = 'city')",
        "SELECT d.number FROM psams_destruction d JOIN psams_destructionline l ON l.destruction_id = d.id"
        " JOIN psams_psam p ON p.id = l.psam_id WHERE (d.done_at IS NOT NULL) <> (p.status = 'destroyed')",
        "SELECT id::text FROM audit_bypass",
        # every issue, loss and destruction stands in the record, and nothing else does
        "SELECT 'issue' FROM psams_issue GROUP BY 1 HAVING count(*) <>"
        " (SELECT count(*) FROM audit_row WHERE act = 'psams.psam.issue')",
        "SELECT 'loss' FROM psams_loss GROUP BY 1 HAVING count(*) <>"
        " (SELECT count(*) FROM audit_row WHERE act = 'psams.loss.report')",
        "SELECT 'end' FROM psams_destruction WHERE done_at IS NOT NULL GROUP BY 1 HAVING count(*) <>"
        " (SELECT count(*) FROM audit_row WHERE act = 'psams.destruction.record')",
    }
    with office.connect() as connection:
        for query in nothing:
            assert connection.execute(query).fetchall() == [], query
        assert prove(connection) > 0


def test_a_psams_life_is_done_or_not_done_act_by_act(office: Office) -> None:
    chance = random.Random()
    said: list[tuple[str, str]] = []
    for number in range(KILLS):
        database = number % 2 == 1
        said += acted(office, database, chance.uniform(0.2, 4))
        if database:
            office.start_database()
        everything_holds(office, said)
    assert {word for word, _serial in said} >= {"keyed", "issued", "lost", "destroyed"}
