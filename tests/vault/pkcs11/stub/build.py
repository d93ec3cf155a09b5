"""Compiles the vendor token; says why it cannot."""

import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("vendor_token.c")
_OPENSSL = Path("/usr/include/openssl/evp.h")


def missing() -> str:
    """What keeps the library from being compiled, or an empty string."""
    if shutil.which("gcc") is None:
        return "gcc is not installed (make test-deps)"
    if not _OPENSSL.exists():
        return "libssl-dev is not installed (make test-deps)"
    return ""


def build(target: Path, softhsm: str) -> Path:
    """The shared library over a SoftHSM, compiled with warnings as errors."""
    command = ["gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared", "-o", str(target)]
    command += [f'-DSOFTHSM="{softhsm}"', str(SOURCE), "-lcrypto", "-ldl"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target
