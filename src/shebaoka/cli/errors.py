"""One clear line for a person: what, where, what to do; exit code 2; nothing changed."""

import os
import sys
from typing import NoReturn

EXIT_BAD_INPUT = 2


class UsageProblem(ValueError):  # noqa: N818 - it is what the user reads, not a defect
    """Something the user can mend on the command line: a missing option, an unknown name."""


def fail(error: Exception) -> NoReturn:
    """Print ``shebaoka: message`` on the error stream and leave with code 2.

    With ``SHEBAOKA_DEBUG=1`` the error goes on with its traceback.
    """
    if os.environ.get("SHEBAOKA_DEBUG") == "1":
        raise error
    print(f"shebaoka: {describe(error)}", file=sys.stderr)
    raise SystemExit(EXIT_BAD_INPUT)


def describe(error: Exception) -> str:
    """The one line of an expected error; file errors in plain words."""
    if isinstance(error, OSError) and isinstance(error.filename, str | bytes | os.PathLike):
        name = os.fsdecode(error.filename)
        match error:
            case FileNotFoundError():
                return f"{name}: no such file"
            case PermissionError():
                return f"{name}: not allowed; check the permissions of the file"
            case IsADirectoryError():
                return f"{name}: is a folder; a file is needed"
            case FileExistsError():
                return f"{name}: exists already; choose another name"
            case _:
                return f"{name}: {error.strerror or 'cannot be used'}"
    return " ".join(str(error).split()) or type(error).__name__
