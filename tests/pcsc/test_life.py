"""Card processes and daemons come and go."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pcsc.stack import PcscStack, open_when_present
from reader.fake_chip import ATR, FakeChip
from shebaoka.reader.base import ReaderError
from shebaoka.reader.pcscd import PrivatePcscd
from shebaoka.reader.vpcd import serve

pytestmark = pytest.mark.pcsc

_TESTS = Path(__file__).parents[1]
_CARD_PROCESS = """
import sys
from reader.fake_chip import FakeChip
from shebaoka.reader.vpcd import serve
serve({int(sys.argv[1]): FakeChip()}).wait()
"""


def card_process(port: int) -> "subprocess.Popen[bytes]":
    environment = os.environ | {"PYTHONPATH": str(_TESTS)}
    return subprocess.Popen([sys.executable, "-c", _CARD_PROCESS, str(port)], env=environment)


def test_a_killed_card_process_can_come_back(pcsc_stack: PcscStack) -> None:
    pcsc_stack.put(FakeChip())
    with pcsc_stack.emptied(0) as port:
        first = card_process(port)
        try:
            reader = open_when_present(0)
            assert reader.reset() == ATR
            first.send_signal(signal.SIGKILL)
            first.wait()
            with pytest.raises(ReaderError):
                reader.transmit(bytes.fromhex("0084000008"))
            second = card_process(port)
            try:
                assert reset_when_present(reader.reset) == ATR
                assert len(reader.transmit(bytes.fromhex("0084000008"))) == 10
            finally:
                reader.close()
                second.kill()
                second.wait()
        finally:
            first.kill()
            first.wait()


def reset_when_present(reset: Callable[[], bytes]) -> bytes:
    deadline = time.monotonic() + 10
    while True:
        try:
            return reset()
        except ReaderError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_a_chip_survives_a_restart_of_the_daemon(pcsc_stack: PcscStack) -> None:
    with PrivatePcscd() as daemon, serve({daemon.endpoints.ports[0]: FakeChip()}) as server:
        assert server.wait_inserted()
        assert atr_by_opensc(daemon) == ATR.hex(":")
        daemon.stop()
        daemon.start()
        assert server.wait_inserted()
        assert atr_by_opensc(daemon) == ATR.hex(":")


def atr_by_opensc(daemon: PrivatePcscd) -> str:
    """The ATR, as soon as the daemon has noticed the card."""
    command = ["opensc-tool", "-r", "0", "-a"]
    deadline = time.monotonic() + 10
    while True:
        done = subprocess.run(
            command,
            env=os.environ | daemon.environment,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        if done.returncode == 0 or time.monotonic() > deadline:
            return done.stdout.strip() or done.stderr
        time.sleep(0.05)
