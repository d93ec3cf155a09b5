"""The server side of the virtual reader, against a driver of our own (no pcscd)."""

import functools
import operator
import socket
import time
from collections.abc import Iterator

import pytest

from reader.fake_chip import ATR, ATS, HISTORICAL, FakeChip
from shebaoka.reader.vpcd import atr_for_pcsc, serve


class Driver:
    """Listens like the vpcd driver: length and body in two writes, controls of one byte."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(5)
        self.port = self.listener.getsockname()[1]
        self.card: socket.socket | None = None

    def accept(self) -> None:
        self.card, _ = self.listener.accept()
        self.card.settimeout(5)

    def send(self, body: bytes) -> None:
        assert self.card is not None
        self.card.sendall(len(body).to_bytes(2))
        self.card.sendall(body)

    def ask(self, body: bytes) -> bytes:
        self.send(body)
        assert self.card is not None
        stream = self.card.makefile("rb")
        return stream.read(int.from_bytes(stream.read(2)))

    def close(self) -> None:
        if self.card is not None:
            self.card.close()
        self.listener.close()


@pytest.fixture
def driver() -> Iterator[Driver]:
    made = Driver()
    yield made
    made.close()


def test_controls_and_commands(driver: Driver) -> None:
    chip = FakeChip()
    with serve({driver.port: chip}) as server:
        driver.accept()
        assert server.wait_inserted()
        assert driver.ask(b"\x04") == ATR  # get ATR
        driver.send(b"\x01")  # power on
        assert driver.ask(bytes.fromhex("00B0000010"))[-2:] == b"\x90\x00"
        assert (chip.powered, chip.resets) == (True, 2)
        driver.send(b"\x02")  # reset
        assert driver.ask(b"\x04") == ATR
        assert chip.resets == 3
        driver.send(b"\x00")  # power off
        assert driver.ask(bytes.fromhex("00B0000010")) == b"\x6f\x00"
        assert driver.ask(b"\x04") == ATR  # is the card still there? Asking wakes no chip
        assert (chip.powered, chip.resets) == (False, 3)


def test_asking_for_the_atr_first_leaves_the_chip_without_power(driver: Driver) -> None:
    chip = FakeChip()
    with serve({driver.port: chip}):
        driver.accept()
        assert driver.ask(b"\x04") == ATR
        assert not chip.powered


def test_an_ats_becomes_the_atr_that_readers_make_of_it() -> None:
    atr = atr_for_pcsc(ATS)
    assert atr[:4] == bytes.fromhex("3B8D8001")
    assert atr[4:17] == HISTORICAL
    assert functools.reduce(operator.xor, atr[1:]) == 0
    assert atr_for_pcsc(ATR) == ATR


def test_a_torn_chip_answers_something(driver: Driver) -> None:
    chip = FakeChip()
    with serve({driver.port: chip}):
        driver.accept()
        driver.send(b"\x01")
        chip.tear_at(1)
        assert driver.ask(bytes.fromhex("00320000")) == b"\x6f\x00"


@pytest.mark.skipif(not hasattr(socket, "TCP_QUICKACK"), reason="needs TCP_QUICKACK (Linux)")
def test_answers_do_not_wait_for_delayed_acknowledgements(driver: Driver) -> None:
    with serve({driver.port: FakeChip()}):
        driver.accept()
        driver.send(b"\x01")
        started = time.monotonic()
        for _ in range(50):
            driver.ask(bytes.fromhex("00B0000010"))
        assert time.monotonic() - started < 1  # 50 delayed acknowledgements take 2 s


def test_it_comes_back_when_the_driver_does(driver: Driver) -> None:
    states: list[tuple[int, bool]] = []
    with serve({driver.port: FakeChip()}, on_state=lambda port, there: states.append((port, there))):
        driver.accept()
        assert driver.card is not None
        driver.card.close()
        driver.accept()
        assert driver.ask(b"\x04") == ATR
    assert states == [(driver.port, True), (driver.port, False), (driver.port, True), (driver.port, False)]


def test_stop_while_no_driver_is_there() -> None:
    states: list[tuple[int, bool]] = []
    server = serve({1: FakeChip()}, on_state=lambda port, there: states.append((port, there)))
    time.sleep(0.7)
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 2
    assert not server.wait_inserted(0.01)
    assert states == [(1, False)]  # told once that it waits
