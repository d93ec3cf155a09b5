"""The door of a room: a Unix socket in a folder of this user alone, so that every server process reaches
the one that holds the ceremony. Whoever knocks says as which role; the office has checked that it is so."""

import contextlib
import shutil
import socket
import socketserver
import tempfile
import threading
import time
from pathlib import Path

import msgspec

from shebaoka.office.custody.rooms.sitting import Sitting
from shebaoka.office.custody.rooms.wire import (
    LONGEST,
    Answer,
    Keys,
    Letters,
    Look,
    Reply,
    Request,
    Stop,
)

_PREFIX = "shebaoka-room-"
_SOCKET = "room"
_POLL_SECONDS = 0.2
_WAIT_SECONDS = 240.0  # a card in a reader takes its time
_LINGER_SECONDS = 3600.0
_open: "set[_Server]" = set()


class GoneError(Exception):
    """Nobody is in the room: its process has ended."""


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    sitting: Sitting
    idle: float
    folder: str

    def service_actions(self) -> None:
        """Nobody answers any more: aborted. Over for long: given up."""
        silent = time.monotonic() - self.sitting.touched
        if silent > self.idle and self.sitting.look().question is not None:
            self.sitting.stop(f"nobody answered for {round(self.idle / 60)} minutes")
        if silent > self.idle + _LINGER_SECONDS:
            self.leave()

    def leave(self) -> None:
        """The room is given up, by a thread that is not the one it is served by."""
        shutil.rmtree(self.folder, ignore_errors=True)
        threading.Thread(target=self.shutdown, daemon=True).start()

    def serve(self) -> None:
        """Lets people in until the room is left."""
        with self:
            self.serve_forever(_POLL_SECONDS)
        _open.discard(self)


class _Knock(socketserver.StreamRequestHandler):
    timeout = 30

    def handle(self) -> None:
        server = self.server
        if not isinstance(server, _Server):
            return
        line = self.rfile.readline(LONGEST)
        try:
            request: Request = msgspec.json.decode(line, type=Request)
        except msgspec.MsgspecError:
            return
        reply = _reply(server.sitting, request)
        with contextlib.suppress(OSError):
            self.wfile.write(msgspec.json.encode(reply) + b"\n")
        if isinstance(request, Keys) and reply.state is not None and reply.state.end:
            server.leave()


def open_door(sitting: Sitting, idle: float) -> str:
    """Lets people in; the address of the room. ``idle``: seconds without an answer until it is aborted."""
    folder = tempfile.mkdtemp(prefix=_PREFIX)  # mode 0700
    server = _Server(str(Path(folder) / _SOCKET), _Knock)
    server.sitting, server.idle, server.folder = sitting, idle, folder
    _open.add(server)
    threading.Thread(target=server.serve, name="ceremony", daemon=True).start()
    return f"{socket.gethostname()}:{folder}"


def leave_all() -> None:
    """The rooms of this process are given up; what goes on in them is aborted."""
    for server in list(_open):
        server.sitting.stop("interrupted")
        shutil.rmtree(server.folder, ignore_errors=True)
        server.shutdown()


def tidy(room: str) -> None:
    """Removes what a killed room left in the folder of temporary files."""
    folder = Path(room.partition(":")[2])
    if folder.name.startswith(_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def is_here(room: str) -> bool:
    """Whether the room is on this machine."""
    return room.partition(":")[0] == socket.gethostname()


def knock(room: str, request: Request) -> Reply:
    """Asks the room. Raises GoneError when nobody is there."""
    path = str(Path(room.partition(":")[2]) / _SOCKET)
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(_WAIT_SECONDS)
            line.connect(path)
            line.sendall(msgspec.json.encode(request) + b"\n")
            with line.makefile("rb") as answer:
                told = answer.readline()
        return msgspec.json.decode(told, type=Reply)
    except (OSError, msgspec.MsgspecError):
        raise GoneError from None


def _reply(sitting: Sitting, request: Request) -> Reply:
    match request:
        case Look():
            pass
        case Answer():
            if not sitting.answer(request.question, request.by, request.text):
                return Reply(sitting.look(), "custody.ceremony-moved-on")
        case Stop():
            sitting.stop(request.reason)
        case Letters():
            return Reply(sitting.look(), content=sitting.letters(request.by))
        case Keys():
            return Reply(sitting.look(), content=msgspec.json.encode(sitting.keys()))
    return Reply(sitting.look())
