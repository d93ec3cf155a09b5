"""The library imports without a web framework, a printer of cards or a PC/SC library."""

import subprocess
import sys

import pytest

WEB = {"django", "flask", "starlette", "fastapi", "uvicorn", "ninja"}
HEAVY = {"fpdf", "openpyxl", "PIL", "smartcard", "prompt_toolkit", "websockets"}


def modules_after(code: str) -> set[str]:
    """Top-level modules that a fresh interpreter has loaded after ``code``."""
    script = f"import sys\n{code}\nprint(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split("\n")[-2].split())


@pytest.mark.parametrize(
    "room",
    ["spec", "codec", "crypto", "chip.chip", "card.card", "psam.psam", "terminal.terminal", "driver.driver"],
)
def test_a_room_of_the_library_loads_no_web_framework(room: str) -> None:
    loaded = modules_after(f"import shebaoka.{room}")
    assert "shebaoka" in loaded
    assert not loaded & (WEB | HEAVY)


def test_reading_a_card_on_the_command_line_loads_no_web_framework(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("light")
    loaded = modules_after(
        "import contextlib\n"
        "from shebaoka.cli.main import main\n"
        f"for words in (['chip', 'build', 'examples/fixtures/card-2.0-sm4.toml', '-o', '{folder}/card.chip'],"
        f" ['card', 'read', 'SSSE/EF05', '--chip', '{folder}/card.chip']):\n"
        "    sys.argv = ['shebaoka', *words]\n"
        "    with contextlib.suppress(SystemExit):\n"
        "        main()\n"
    )
    assert {"shebaoka", "typer"} <= loaded
    assert not loaded & (WEB | {"fpdf", "openpyxl", "PIL", "smartcard", "websockets"})
