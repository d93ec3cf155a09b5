"""``shebaoka card serve`` as other programs see it: card and PSAM, both interfaces, a trace of their talk."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pcsc.stack import READER_NAMES
from shebaoka.chip.store import MemoryStore
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.reader import pcscd
from shebaoka.reader.pcscd import PrivatePcscd

pytestmark = pytest.mark.pcsc

SHEBAOKA = Path(sys.executable).with_name("shebaoka")
FIXTURES = Path(__file__).parents[2] / "examples" / "fixtures"
SELECT_SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"


@pytest.fixture(scope="module")
def daemon() -> Iterator[PrivatePcscd]:
    """A PC/SC stack with empty slots, for processes that fill them."""
    if problem := pcscd.missing() or ("" if shutil.which("opensc-tool") else "opensc-tool is not installed"):
        pytest.skip(problem)
    with PrivatePcscd() as private:
        yield private


def image(name: str, folder: Path) -> Path:
    path = folder / f"{name}.chip"
    store = build_fixture(FIXTURES / f"{name}.toml").store
    assert isinstance(store, MemoryStore)
    store.save(path)
    return path


@contextmanager
def serving(daemon: PrivatePcscd, log: Path, *words: str | Path) -> Iterator[None]:
    """The command in a process of its own, from insertion to Ctrl-C, which it takes as its normal end."""
    port = min(daemon.endpoints.ports)
    with log.open("w") as out:
        command = [SHEBAOKA, "card", "serve", "--port", str(port), *words]
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            wait_until(lambda: log.read_text().count("in the reader") == 2)
            yield
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0, log.read_text()
        finally:
            process.kill()
            process.wait()


def opensc(daemon: PrivatePcscd, slot: int, *commands: str) -> str:
    """What opensc-tool prints as soon as pcscd has noticed the card."""
    sends = [word for command in commands for word in ("-s", command)]
    call = ["opensc-tool", "-r", READER_NAMES[slot], "-a", *sends]
    done = None

    def answered() -> bool:
        nonlocal done
        done = subprocess.run(
            call, env=os.environ | daemon.environment, capture_output=True, text=True, timeout=30, check=False
        )
        return done.returncode == 0

    wait_until(answered)
    assert done is not None
    return str(done.stdout)


def wait_until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_card_and_psam_with_a_trace_of_another_program(daemon: PrivatePcscd, tmp_path: Path) -> None:
    card, psam = image("card-2.0-3des", tmp_path), image("psam-3des", tmp_path)
    log = tmp_path / "log"
    with serving(daemon, log, card, "--psam", psam, "--trace"):
        assert opensc(daemon, 0, SELECT_SSSE, "00B2052C06").count("SW1=0x90, SW2=0x00") == 2
        refused = opensc(daemon, 0, SELECT_SSSE, "00A4040006D15600000501", "0020000003123456", "00B2012C03")
        assert "SW1=0x90" in refused
        assert opensc(daemon, 1, "00B095000E").count("SW1=") == 1
    traced = log.read_text()
    assert "READ RECORD, SSSE Social security system environment / EF05 Issuer data" in traced
    assert "05 Date of issue: 2020-01-01" in traced
    assert "VERIFY" in traced
    assert "123456" not in traced.replace("00810102031234650100000001", "")
    assert "PSAM" in traced
    assert "READ BINARY" in traced


def test_both_interfaces_of_one_card(daemon: PrivatePcscd, tmp_path: Path) -> None:
    card = image("card-2.0-sm4", tmp_path)
    historical = "00:81"
    with serving(daemon, tmp_path / "log", card, "--dual"):
        contact = opensc(daemon, 0, SELECT_SSSE)
        assert contact.lower().startswith("3b:6d:00:00:" + historical)
        radio = opensc(daemon, 1, SELECT_SSSE)
        assert radio.lower().startswith("3b:8d:80:01:" + historical)
        assert contact.count("SW1=0x90") == radio.count("SW1=0x90") == 1
        assert contact.splitlines()[0][12:] == radio.splitlines()[0][12:-3]  # the same historical bytes
        again = opensc(daemon, 0, SELECT_SSSE, "0020000003999999")
        assert "SW1=0x63, SW2=0xC5" in again
        assert "SW1=0x63, SW2=0xC4" in opensc(
            daemon, 1, SELECT_SSSE, "0020000003999999"
        )  # one counter of one chip
