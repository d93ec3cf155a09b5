"""The pages of the driver are fresh, its examples run, the schema describes what is sent."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from driver.service import House, serving
from shebaoka.driver.reference import reference_pages, write_reference
from shebaoka.driver.service.gate import PROGRAM, Gate
from shebaoka.driver.service.messages import schema
from shebaoka.driver.service.problems import problems
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import vault

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.mark.parametrize("name", reference_pages())
def test_the_reference_is_fresh(name: str, tmp_path: Path) -> None:
    assert (DOCS / "reference" / name).read_text("utf-8") == reference_pages()[name], "run: make docs"
    assert {path.name for path in write_reference(tmp_path)} == set(reference_pages())


def test_the_python_of_the_guide_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"```python\n(.*?)```", (DOCS / "guide" / "driver.md").read_text("utf-8"), re.DOTALL)
    assert len(blocks) == 3
    names: dict[str, object] = {"keys": VaultKeys(vault())}
    for block in blocks:
        exec(compile(block, "docs/guide/driver.md", "exec"), names)  # noqa: S102 - the guide's own example
    assert names["card_info"] == "650100D15600000500000001FFFFFFFF|A00000011|"


def test_the_page_of_the_service_names_every_refusal_and_request() -> None:
    text = (DOCS / "reference" / "reader-service.md").read_text("utf-8")
    for problem in problems():
        assert f"`{problem}`" in text
    for name, message in schema()["$defs"].items():
        kind = message["properties"].get("service", {}).get("enum")
        if kind and not name.endswith("Reply"):
            assert f'"service": "{kind[0]}"' in text, name


def fits(value: Any, shape: dict[str, Any], defs: dict[str, Any]) -> bool:
    """Whether ``value`` keeps the part of JSON Schema that the messages use."""
    if "$ref" in shape:
        return fits(value, defs[shape["$ref"].rpartition("/")[2]], defs)
    if "enum" in shape:
        return value in shape["enum"]
    kinds: dict[str, type | tuple[type, ...]] = {
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
        "array": list,
        "object": dict,
    }
    named = shape["type"] if isinstance(shape["type"], list) else [shape["type"]]
    if not any(isinstance(value, kinds[kind]) for kind in named):
        return False
    if isinstance(value, list):
        return all(fits(one, shape["items"], defs) for one in value)
    if isinstance(value, dict):
        known = shape["properties"]
        return (
            set(shape["required"]) <= set(value)
            and (shape.get("additionalProperties", True) or set(value) <= set(known))
            and all(fits(one, known[name], defs) for name, one in value.items() if name in known)
        )
    return "pattern" not in shape or re.search(shape["pattern"], value) is not None


def test_the_schema_describes_what_is_sent(house: House) -> None:
    whole = schema()
    defs = whole["$defs"]
    assert len(whole["oneOf"]) == len(defs) - 1  # a reader's state is a part of a message
    requests: list[dict[str, object]] = [
        {"service": "hello", "token": "", "language": "es"},
        {"service": "readers"},
        {"service": "insert", "reader": "demonstration"},
        {"service": "insert", "reader": "none"},
        {"service": "release"},
        {"service": "pair-begin"},
        {"function": "iReadCardBas", "iType": 3, "id": 4},
        {"function": "iReadCard", "iType": "x"},
        {"function": "iVerifyPIN", "iType": 1},
        {"service": "cancel"},
        {"service": "unpair"},
    ]
    with house.page() as page:
        for request in requests:
            for message in (request, page.ask(request)):
                found = [ref for ref in whole["oneOf"] if fits(message, ref, defs)]
                assert len(found) == 1, (message, found)
    assert not any(fits({"service": "hello", "token": 5}, ref, defs) for ref in whole["oneOf"])


def test_the_example_program_is_paired_and_reads(cards: Path) -> None:
    script = [sys.executable, str(ROOT / "examples" / "driver" / "read_card.py")]
    with serving(cards, gate=Gate(programs=True)) as house:
        house.readers.virtual[0].insert("")
        words = [*script, "--port", str(house.port), "--token-file", str(cards / "token")]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            assert program.stdout.read(4) == "Code"
            out, _ = program.communicate(house.shown[0], timeout=60)
        assert out.endswith("测试, card A00000011, valid until 20300101\n")
        assert [pairing.origin for pairing in house.pairings.all()] == [PROGRAM]
        again = subprocess.run(words, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
        assert again.stdout == "测试, card A00000011, valid until 20300101\n"
        assert (cards / "token").stat().st_mode & 0o777 == 0o600
