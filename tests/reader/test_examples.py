"""Every example script runs as its head says; those without steering also through PC/SC."""

import re
from pathlib import Path

import pytest

from pcsc.stack import PcscStack
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.reader.in_process import InProcessReader
from shebaoka.reader.script import load_script, parse_script, report, run_script

EXAMPLES = Path(__file__).parents[2] / "examples"
SCRIPTS = sorted((EXAMPLES / "scripts").glob("*.apdu"))
UNSTEERED = [
    path for path in SCRIPTS if not re.search(r"^(psam )?(random|tear|time) ", path.read_text(), re.M)
]


def chip(name: str) -> InProcessReader:
    return InProcessReader(build_fixture(EXAMPLES / "fixtures" / f"{name}.toml"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_example_in_process(path: Path) -> None:
    result = run_script(load_script(path), chip("card-2.0-3des"), chip("psam-3des"))
    assert result.ok, "\n".join(report(result))
    assert result.compared > 5
    assert result.notes == ()


@pytest.mark.parametrize("path", UNSTEERED, ids=lambda path: path.stem)
def test_example_through_pcsc(path: Path, pcsc_stack: PcscStack) -> None:
    result = run_script(load_script(path), pcsc_stack(chip("card-2.0-3des")).card)
    assert result.ok, "\n".join(report(result))


def test_the_examples_can_fail() -> None:
    text = (EXAMPLES / "scripts" / "purchase-3des.apdu").read_text().replace("3D478CE4", "3D478CE5")
    result = run_script(parse_script(text), chip("card-2.0-3des"), chip("psam-3des"))
    assert result.difference is not None
    shown = "\n".join(report(result))
    assert "DEBIT FOR PURCHASE" in shown
    assert "TAC: 3D478CE4" in shown


def test_the_documented_example_runs() -> None:
    page = (EXAMPLES.parent / "docs" / "reference" / "apdu-scripts.md").read_text(encoding="utf-8")
    example = page.split("## Example", 1)[1].split("```", 2)[1]
    assert run_script(parse_script(example), chip("card-2.0-3des")).ok
