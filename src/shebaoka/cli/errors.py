"""One clear line for a person: what, where, what to do; the same as JSON for a program that asked for it."""

import json
import os
import sys
from pathlib import Path
from typing import Any, NoReturn

REFUSED = 1
BAD_INPUT = 2


class UsageProblem(ValueError):  # noqa: N818 - it is what the user reads, not a defect
    """Something the user can mend on the command line: a missing option, an unknown name."""


def fail(error: Exception) -> NoReturn:
    """Print ``shebaoka: message`` on the error stream and leave: with code 1 when the card said no, else 2.

    After ``--json`` the standard output gets one JSON document too; after ``-l zh`` a terminal's message is
    Chinese. With ``SHEBAOKA_DEBUG=1`` the error goes on with its traceback.
    """
    if os.environ.get("SHEBAOKA_DEBUG") == "1":
        raise error
    message = describe(error, _language_asked())
    code = REFUSED if _card_refuses(error) else BAD_INPUT
    if "--json" in sys.argv:
        print(json.dumps({"error": as_data(error, message)}, ensure_ascii=False, indent=2))
    print(f"shebaoka: {message}", file=sys.stderr)
    raise SystemExit(code)


def describe(error: Exception, language: str = "en") -> str:
    """The one line of an expected error; file errors in plain words."""
    from shebaoka.terminal.errors import TerminalError

    if isinstance(error, TerminalError):
        return error.line(language)
    if isinstance(error, OSError) and isinstance(error.filename, str | bytes | os.PathLike):
        name = os.fsdecode(error.filename)
        match error:
            case FileNotFoundError():
                folder = Path(name).parent
                return f"{name}: no such file" if folder.is_dir() else f"{folder}: no such folder"
            case PermissionError():
                return f"{name}: not allowed; check the permissions of the file"
            case IsADirectoryError():
                return f"{name}: is a folder; a file is needed"
            case FileExistsError():
                return f"{name}: exists already; choose another name"
            case _:
                return f"{name}: {error.strerror or 'cannot be used'}"
    return " ".join(str(error).split()) or type(error).__name__


def as_data(error: Exception, message: str) -> dict[str, Any]:
    """The error for a program: ``message``, and where known ``id``, ``status_word``, ``tries_left``."""
    known = {
        "id": getattr(error, "id", None),
        "status_word": f"{error.sw:04X}" if hasattr(error, "sw") else None,
        "tries_left": getattr(error, "tries_left", None),
    }
    return {"message": message} | {name: value for name, value in known.items() if value is not None}


def _card_refuses(error: Exception) -> bool:
    from shebaoka.terminal.errors import CardRefusedError, PinLockedError, StatusWordError, WrongPinError

    return isinstance(error, CardRefusedError | PinLockedError | StatusWordError | WrongPinError)


def _language_asked() -> str:
    """The language of the call. It is looked up where the user wrote it: options may not have been parsed."""
    words = sys.argv
    for flag in ("-l", "--language"):
        if flag in words[:-1] and words[words.index(flag) + 1] == "zh":
            return "zh"
    return "zh" if {"-lzh", "--language=zh"} & set(words) else "en"
