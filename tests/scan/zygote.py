"""A process that has imported the command line and forks for every command, so that hundreds of them can run
as processes of their own. Reads a JSON request a line, answers with the exit status (negative: a signal).

Request: ``arguments``, ``environment`` (on top of its own), ``out`` and ``err`` (files), ``input`` (text),
``folder`` (where it runs), ``kill`` (number of the write to die at, 0 for none), ``count`` (file for the
number of writes, or empty)."""

import atexit
import contextlib
import gc
import importlib
import io
import json
import os
import pkgutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

import typer.main

from shebaoka.cli.main import main
from shebaoka.vault.pkcs11.token import Token

ROOMS = (
    "crypto",
    "paper",
    "journal",
    "vault",
    "chip",
    "card",
    "psam",
    "carriers",
    "terminal",
    "personalization",
    "demo",
    "cli",
)
_PLATFORM = "shebaoka.demo.office"
"""Needs Django and its settings."""


def serve() -> None:
    """Until the input ends."""
    for room in ROOMS:
        package = importlib.import_module(f"shebaoka.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(_PLATFORM):
                importlib.import_module(module.name)
    _warm_up()
    gc.freeze()  # what is there now is no command's: the watch need not look at it
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            run(request)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _warm_up() -> None:
    """What every command would do again: build the tree of commands, import what reads and what shows."""
    importlib.import_module("rich.table")
    typer.main.get_command = cache(typer.main.get_command)
    sys.argv = ["shebaoka", "vault", "show"]
    with contextlib.redirect_stderr(io.StringIO()), contextlib.suppress(SystemExit):
        main()


def run(request: dict[str, Any]) -> None:
    """In the child: the command, then the end of the process."""
    os.environ.update(request["environment"])
    for number, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    source, into = os.pipe()
    os.write(into, request["input"].encode())
    os.close(into)
    os.dup2(source, 0)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.argv = ["shebaoka", *request["arguments"]]
    os.chdir(request["folder"])
    if request["kill"] or request["count"]:
        death = sys.modules["sitecustomize"].arm(request["kill"])  # from tests/scan/watching
        for name in ("copy", "destroy"):
            setattr(Token, name, death.armed(getattr(Token, name)))
    code = 1
    try:
        main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        if request["count"]:
            Path(request["count"]).write_text(str(death.calls))
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


if __name__ == "__main__":
    Path(os.environ["TMPDIR"]).mkdir(exist_ok=True)
    serve()
