"""No library, no service: one line that says what to do. Each in a process of its own."""

import os
import subprocess
import sys

import pytest

_LIST = "from shebaoka.reader.pcsc import list_readers\ntry:\n    list_readers()\n"
_CATCH = "except Exception as error:\n    print(type(error).__name__, error)\n"


def said(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_without_pyscard() -> None:
    hide = "import sys\nsys.modules['smartcard'] = None\n"
    assert said(hide + _LIST + _CATCH).startswith("ReaderNotFoundError PC/SC needs pyscard: pip install")


@pytest.mark.pcsc
@pytest.mark.usefixtures("pcsc_stack")
def test_without_a_daemon() -> None:
    text = said(_LIST + _CATCH, PCSCLITE_CSOCK_NAME="/nonexistent/pcscd.comm")
    assert text.startswith("ReaderNotFoundError no PC/SC service answers: start pcscd")
    assert text.count("\n") == 1
