"""SoftHSM for one test process: its own configuration and tokens, made before the library is loaded."""

import os
import shutil
import subprocess
from pathlib import Path

LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
TOKENS = ("suite", "other", "vendor", "pins", "full")
PIN = "4711"
CONFIGURATION = "shebaoka-tests-softhsm2.conf"


def library() -> str:
    """Path of the library, empty when it is not installed."""
    return next((path for path in LIBRARIES if Path(path).exists()), "")


def missing() -> str:
    """Why SoftHSM cannot be used, empty when it can."""
    if not library() or shutil.which("softhsm2-util") is None:
        return "softhsm2 is not installed (make test-deps)"
    return ""


def prepare(folder: Path) -> None:
    """Configuration and tokens in ``folder``; this process uses them from now on. Done once in a process."""
    if os.environ.get("SOFTHSM2_CONF", "").endswith(CONFIGURATION):
        return
    tokens = folder / "tokens"
    tokens.mkdir()
    configuration = folder / CONFIGURATION
    configuration.write_text(
        f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n", "utf-8"
    )
    os.environ["SOFTHSM2_CONF"] = str(configuration)
    for label in TOKENS:
        words = ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "47114711"]
        subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)
