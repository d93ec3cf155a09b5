"""The items of iReadCardBas by name, and the lists of them that drivers give (``data/basic.toml``)."""

import tomllib
from importlib import resources
from typing import Any, Final


def _read() -> dict[str, Any]:
    source = resources.files("shebaoka.driver") / "data" / "basic.toml"
    return tomllib.loads(source.read_text("utf-8"))


FIELDS: Final[dict[str, str]] = _read()["fields"]
"""Name -> where the item comes from: ``EF06/08`` a record of the social environment, or a word."""
LISTS: Final[dict[str, tuple[str, ...]]] = {name: tuple(names) for name, names in _read()["lists"].items()}
"""Name of a list -> names of its items in order."""
