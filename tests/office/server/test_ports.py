"""Ports: a busy one is told before anything is started."""

import socket
from collections.abc import Iterator

import pytest

from shebaoka.office.configuration import ConfigurationError
from shebaoka.office.server.ports import PortBusy, claim, free_port


@pytest.fixture
def busy() -> Iterator[int]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as the web server listens
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_busy_port_is_named(busy: int) -> None:
    with pytest.raises(PortBusy, match=f"port {busy} of 127.0.0.1 is in use.*--port"):
        claim("127.0.0.1", busy)


def test_the_next_free_one_is_found(busy: int) -> None:
    found = free_port("127.0.0.1", busy)
    assert busy < found < busy + 20
    claim("127.0.0.1", found)


def test_none_free_is_told(busy: int) -> None:
    with pytest.raises(PortBusy):
        free_port("127.0.0.1", busy, tries=1)


def test_an_address_of_somebody_else_is_told() -> None:
    with pytest.raises(ConfigurationError, match="cannot be listened on"):
        claim("203.0.113.7", 8000)
