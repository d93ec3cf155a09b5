"""``shebaoka spec``."""

import json
from pathlib import Path

from cli.conftest import Shebaoka

EXTENSIONS = Path(__file__).parents[2] / "examples" / "extensions"


def test_show_a_file(shebaoka: Shebaoka) -> None:
    view = json.loads(shebaoka("spec", "show", "DF03/EF07", "--json").out)
    assert [row["tag"] for row in view["rows"]] == ["70", "71", "6E", "6C", "6F", "73"]


def test_show_keys_layout_codes_status_words(shebaoka: Shebaoka) -> None:
    assert len(json.loads(shebaoka("spec", "show", "keys", "--json").out)["rows"]) == 55
    assert "UK1DF01" in shebaoka("spec", "show", "UK1DF01").out
    assert "persona" not in shebaoka("spec", "show", "layout").out
    assert "security" in shebaoka("spec", "show", "6982").out.lower()
    assert json.loads(shebaoka("spec", "show", "codes", "--json").out)["rows"]


def test_shipped_extensions_follow_the_rules(shebaoka: Shebaoka) -> None:
    files = sorted(EXTENSIONS.glob("*.toml"))
    assert len(files) >= 1
    for file in files:
        assert shebaoka("spec", "check", file).code == 0


def test_a_broken_rule_is_named(shebaoka: Shebaoka, tmp_path: Path) -> None:
    source = (EXTENSIONS / "990100-city-services.toml").read_text("utf-8")
    broken = tmp_path / "broken.toml"
    broken.write_text(source.replace('"DF0A"', '"DF08"'), "utf-8")
    outcome = shebaoka("spec", "check", broken)
    assert outcome.code == 2
    assert str(broken) in outcome.err
    assert "DF0A" in outcome.err
