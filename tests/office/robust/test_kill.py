"""Kill -9 of the application or the database during any act: it is done or not done, and the chains hold."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from office.robust.conftest import Office
from shebaoka.office.keeping.chains import prove

ACT = "organizations.organization.add"
KILLED = ["application", "database"] if os.environ.get("SHEBAOKA_LONG") else ["application"]


def act(office: Office, until: Callable[["subprocess.Popen[str]"], None]) -> list[str]:
    """Acts until ``until`` has killed something; gives the acts that were said to be done."""
    with subprocess.Popen(
        [sys.executable, "-m", "office.robust.acting"],
        env=office.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
        said = [program.stdout.readline().strip() for _ in range(3)]
        time.sleep(random.Random().uniform(0, 0.05))
        until(program)
        said += [line.strip() for line in program.stdout]
        assert program.wait(60) != 0
    return said


def everything_holds(office: Office, said: list[str], kills: int) -> None:
    """What was said to be done is there; of the rest at most one act a kill; no half of any; every chain."""
    made = {
        code for (code,) in office.ask("SELECT code FROM organizations_organization WHERE kind = 'hospital'")
    }
    assert set(said) <= made
    assert len(made) - len(said) <= kills
    recorded = office.ask("SELECT line FROM audit_row WHERE act = %s", ACT)
    assert len(recorded) == len(made)
    assert all(sum(f'"{code}"' in line for (line,) in recorded) == 1 for code in made)
    acts = dict(office.ask("SELECT decision, count(*) FROM organizations_twopersonact GROUP BY decision"))
    assert acts["done"] == len(made)
    proposals = office.ask("SELECT 1 FROM audit_row WHERE act = %s", f"{ACT}.propose")
    assert len(proposals) == sum(acts.values())
    assert sum(acts.values()) - acts["done"] <= kills
    assert office.ask("SELECT count(*) FROM audit_bypass") == [(0,)]
    with office.connect() as connection:
        assert prove(connection) == len(recorded) + len(proposals)


def test_the_server_as_shipped_is_durable(office: Office) -> None:
    for setting in ("fsync", "full_page_writes", "synchronous_commit", "autovacuum"):
        assert office.ask("SELECT current_setting(%s)", setting) == [("on",)], setting


@pytest.mark.parametrize(
    "what", ["application", "database"] if os.environ.get("SHEBAOKA_LONG") else ["application"]
)
def test_an_act_is_done_or_not_done(office: Office, what: str, said: list[str], kills: list[str]) -> None:
    def kill(program: "subprocess.Popen[str]") -> None:
        if what == "database":
            office.kill_database()
        else:
            program.kill()

    said += act(office, kill)
    kills.append(what)
    if what == "database":
        office.start_database()
    everything_holds(office, said, len(kills))


@pytest.fixture(scope="module")
def said(office: Office) -> list[str]:
    """Acts said to be done so far, and those that were there before."""
    return [
        code for (code,) in office.ask("SELECT code FROM organizations_organization WHERE kind = 'hospital'")
    ]


@pytest.fixture(scope="module")
def kills(office: Office) -> list[str]:
    """Kills so far, and acts that an earlier one left half way, waiting for their second person."""
    return [
        str(act)
        for (act,) in office.ask("SELECT id FROM organizations_twopersonact WHERE decision = 'waiting'")
    ]
