"""The command line as its user calls it: arguments in, exit code and two streams out."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from shebaoka.cli.main import main

FIXTURES = Path(__file__).parents[2] / "examples" / "fixtures"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Shebaoka = Callable[..., Outcome]


@pytest.fixture
def shebaoka(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shebaoka:
    """Call the command in this process; keyword arguments are environment variables."""

    def call(*arguments: str | Path, **environment: str) -> Outcome:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "argv", ["shebaoka", *map(str, arguments)])
            for name, value in environment.items():
                patch.setenv(name, value)
            capsys.readouterr()
            with pytest.raises(SystemExit) as end:
                main()
        streams = capsys.readouterr()
        code = end.value.code
        return Outcome(code if isinstance(code, int) else int(code is not None), streams.out, streams.err)

    return call


@pytest.fixture(params=["3des", "sm4"])
def card(request: pytest.FixtureRequest, tmp_path: Path, shebaoka: Shebaoka) -> Path:
    """A card image of each cipher, with PIN 123456."""
    image = tmp_path / "card.chip"
    assert shebaoka("chip", "build", FIXTURES / f"card-2.0-{request.param}.toml", "-o", image).code == 0
    return image


@pytest.fixture
def psam(card: Path, request: pytest.FixtureRequest, tmp_path: Path, shebaoka: Shebaoka) -> Path:
    """A PSAM image of the same cipher as the card."""
    image = tmp_path / "psam.chip"
    cipher = request.node.callspec.params["card"]
    assert shebaoka("chip", "build", FIXTURES / f"psam-{cipher}.toml", "-o", image).code == 0
    return image
