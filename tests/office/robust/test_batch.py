"""Kill -9 of the database server in the middle of a batch: no card lost, none doubled, none keyed twice."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from office.robust.conftest import an_office
from office.robust.making import CARDS
from shebaoka.office.keeping.chains import prove

pytestmark = pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")

ROUNDS = 4


def images(folder: Path) -> int:
    return len(list(folder.glob("batches/*/batch/cards/*.card")))


def test_the_database_is_killed_again_and_again(tmp_path: Path) -> None:
    """The first time while numbers are prepared, then after every third card."""
    with an_office() as office:
        with subprocess.Popen(
            [sys.executable, "-m", "office.robust.making", str(tmp_path)],
            env=office.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
            downs = 0
            for turn in range(ROUNDS):
                program.stdin.write("go\n")
                program.stdin.flush()
                until = time.monotonic() + 20
                while images(tmp_path) < 3 * turn and time.monotonic() < until:
                    time.sleep(0.002)
                office.kill_database()
                said = program.stdout.readline()
                office.start_database()
                downs += said == "down\n"
                if said != "down\n":
                    break
            assert downs >= ROUNDS // 2
            if said == "down\n":
                program.stdin.write("go\n")
                program.stdin.flush()
                said = program.stdout.readline()
            assert said == "made\n"
            assert program.stdout.readline() == "holds\n"
            assert program.wait(30) == 0
        assert images(tmp_path) == CARDS
        assert office.ask("SELECT count(*), count(DISTINCT number) FROM cards_card") == [(CARDS, CARDS)]
        with office.connect() as connection:
            assert prove(connection) > 0
