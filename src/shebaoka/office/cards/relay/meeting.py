"""Where deed and page meet: a Unix socket in a folder of this user alone, named by the channel."""

import contextlib
import os
import socket
import socketserver
import stat
import tempfile
import threading
from hmac import compare_digest
from pathlib import Path
from uuid import UUID

import msgspec

from shebaoka.office.cards.relay.wire import LONGEST, Knock, Order, Told
from shebaoka.reader.base import CardAbsentError

PATIENCE = 30.0
"""Seconds in which a page brings an answer; a card takes less, a page that was closed never comes."""
STAY = 1.0
"""Seconds a page stays for the next order before it comes again."""
MOST = 2
"""Deeds at a time in one server process: each holds one of its threads, and another while its page stays."""
_free = threading.BoundedSemaphore(MOST)


class CrowdedError(Exception):
    """All places of this process are taken."""


class Meeting:
    """The deed's end. ``owner``: a digest of the web session whose page may come."""

    def __init__(self, channel: UUID, owner: str) -> None:
        if not _free.acquire(blocking=False):
            raise CrowdedError
        self._owner = owner
        self._news = threading.Condition()
        self._order = Order("wait")
        self._told: Told | None = None
        self._handed = 0
        self._over = False
        try:
            self._path = _path(channel)
            self._server = _Server(str(self._path), _Handler)
        except OSError:
            _free.release()
            raise
        self._server.meeting = self
        threading.Thread(target=self._server.serve_forever, args=(0.1,), name="card", daemon=True).start()

    def ask(self, order: Order) -> str:
        """The page's answer in hex. Raises CardAbsentError when it brings none in time, or trouble."""
        with self._news:
            self._order = msgspec.structs.replace(order, number=self._order.number + 1)
            self._told = None
            self._news.notify_all()
            self._news.wait_for(self._heard, PATIENCE)
            told = self._heard()
        if told is None:
            raise CardAbsentError("the page with the reader does not answer")
        if told.trouble:
            raise CardAbsentError(" ".join(told.trouble.split())[:200])
        return told.answer

    def _heard(self) -> Told | None:
        return self._told

    def end(self) -> None:
        """Whoever comes is sent away."""
        with self._news:
            self._over = True
            self._news.notify_all()
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)
        _free.release()

    def visited(self, knock: Knock) -> Order:
        """The next order for the page, ``wait`` when there is none yet. An order is handed over once: no
        card is asked twice because an answer got lost on the way."""
        if not compare_digest(knock.owner, self._owner):
            return Order("over")
        told = knock.told
        with self._news:
            if told.number and told.number == self._order.number == self._handed and self._told is None:
                self._told = told
                self._news.notify_all()
            self._news.wait_for(lambda: self._over or self._order.number > self._handed, STAY)
            if self._over or told.number != self._handed:
                return Order("over")
            if self._order.number == self._handed:
                return Order("wait")
            self._handed = self._order.number
            return self._order


def knock(channel: UUID, owner: str, told: Told) -> Order:
    """What the page is to do next. Without a deed, to wait: it has not begun, or is over."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(PATIENCE)
            line.connect(str(_path(channel)))
            line.sendall(msgspec.json.encode(Knock(owner, told)) + b"\n")
            with line.makefile("rb") as answer:
                return msgspec.json.decode(answer.readline(LONGEST), type=Order)
    except (OSError, msgspec.MsgspecError):
        return Order("wait")


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    meeting: Meeting


class _Handler(socketserver.StreamRequestHandler):
    timeout = 10

    def handle(self) -> None:
        server = self.server
        if not isinstance(server, _Server):
            return
        with contextlib.suppress(msgspec.MsgspecError, OSError):
            knock = msgspec.json.decode(self.rfile.readline(LONGEST), type=Knock)
            self.wfile.write(msgspec.json.encode(server.meeting.visited(knock)) + b"\n")


def _path(channel: UUID) -> Path:
    """The socket of a channel. Raises OSError for a folder that is not this user's alone."""
    folder = Path(tempfile.gettempdir()) / f"shebaoka-cards-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{folder}: belongs to somebody else")
    return folder / channel.hex
