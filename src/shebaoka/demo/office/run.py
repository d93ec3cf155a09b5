"""The main job, then the office: filled while its sign-ins are told, then served until Ctrl-C."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from shebaoka.demo import main
from shebaoka.demo.office import accounts, deployment, readers, trials
from shebaoka.demo.office.preparing import Preparation, preparation
from shebaoka.demo.office.telling import tell_sign_ins, tell_step
from shebaoka.demo.stage import Stage
from shebaoka.office.configuration import Configuration
from shebaoka.office.server.ports import claim, free_port

HOST, PORT = "127.0.0.1", 8000
STOPPED = 130


def run(
    folder: Path,
    people: int,
    *,
    serves: bool = True,
    port: int | None = None,
    program: str = "shebaoka",
    console: Console | None = None,
) -> int:
    """Plays the main job in ``folder``, fills the office there and serves it, on port 8000 or the next free
    one unless ``port`` says which.

    Returns how many proofs failed; then the office is neither filled nor served. Raises PortBusy before
    anything is done, DemoError, InUseError. Ctrl-C leaves with code 130 before the office is served."""
    console = console or Console(highlight=False)
    with _until_stopped():
        where = _port(port, console) if serves else None
        if folder.exists() and (folder / main.MARK).exists():
            console.print(f"{deployment.shown(folder)}: what an earlier demonstration left is removed.")
        main.empty(folder)
        stage = Stage(folder, people, program)
        configuration = deployment.configure(folder)
        with preparation() as prepared:
            failed = main.play(stage, console)
            if not failed:
                fill(configuration, prepared, stage, console)
    if not failed and where is not None:
        serve(configuration, where, console, folder)
    return failed


def fill(configuration: Configuration, prepared: Preparation, demo: Stage, console: Console) -> None:
    """Fills the office that ``configuration`` names, says what came of it and who can sign in."""
    started = time.perf_counter()
    prepared.wait()
    with deployment.ready(configuration):
        from shebaoka.demo.office.fillers import fillers
        from shebaoka.demo.office.stage import OfficeStage

        stage = OfficeStage(demo)
        console.print("\nThe office", style="bold")
        for number, filler in enumerate(fillers(), 1):
            began = time.perf_counter()
            stage.told.clear()
            filler.fill(stage)
            tell_step(console, number, filler.title, time.perf_counter() - began, stage.told)
        stage.leave()
        accounts.write(configuration.path, list(stage.accounts.values()))
        trials.write(configuration.path, stage.trials)
    console.print(f"Filled in {time.perf_counter() - started:.1f} s.")
    tell(configuration, console, demo.program)


def tell(configuration: Configuration, console: Console, program: str) -> None:
    """Who can sign in to the office and to the portal, and how."""
    office = configuration.path
    found = accounts.read(office)
    folder = deployment.shown(office.parent)
    option = "" if folder == str(deployment.DEFAULT) else f" --folder {folder}"
    command = f"{program} demo code {found[0].number}{option}"
    tell_sign_ins(console, found, deployment.shown(office / accounts.FILE), command)
    trials.tell(console, trials.read(office), deployment.shown(office / "files" / "messages"))


def serve(configuration: Configuration, port: int, console: Console, folder: Path) -> None:
    """Serves until Ctrl-C, with a virtual card reader beside. Raises PortBusy."""
    from shebaoka.office.server.serve import serve as run_server

    def ready(url: str) -> None:
        console.print(f"\nThe office is at {url} - Ctrl-C stops it.", soft_wrap=True)

    with readers.reader(folder, port, console):
        run_server(configuration, HOST, port, ready=ready)


def serve_again(folder: Path, port: int | None, program: str) -> None:
    """Serves the office that an earlier demonstration left in ``folder``. Raises AccountError when there is
    none, PortBusy."""
    console = Console(highlight=False)
    accounts.read(deployment.office_of(folder))
    where = _port(port, console)
    configuration = deployment.configure(folder)
    tell(configuration, console, program)
    serve(configuration, where, console, folder)


def _port(wanted: int | None, console: Console) -> int:
    """The port to serve on. Raises PortBusy."""
    if wanted is not None:
        claim(HOST, wanted)
        return wanted
    found = free_port(HOST, PORT)
    if found != PORT:
        console.print(
            f"Port {PORT} is in use: the office will be at http://{HOST}:{found} (--port chooses another)."
        )
    return found


@contextmanager
def _until_stopped() -> Iterator[None]:
    """Within, Ctrl-C and SIGTERM end the program after everything was put away."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        raise SystemExit(STOPPED) from None
    finally:
        signal.signal(signal.SIGTERM, before)
