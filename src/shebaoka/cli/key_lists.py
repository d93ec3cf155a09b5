"""Lists of keys as commands take them: ``vault show --json`` in a file, or a vault that is opened."""

import json
from pathlib import Path

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.vaults import open_named
from shebaoka.vault.contents import KeyFact, fact_of
from shebaoka.vault.model import Level

_LARGEST = 64 << 20  # bytes of a list


def key_list(source: Path) -> tuple[KeyFact, ...]:
    """The keys of a body. A list needs no passphrase. Raises UsageProblem for a file that is neither, and
    VaultError."""
    if not _is_list(source):
        return tuple(map(fact_of, open_named(source).handles()))
    try:
        told = json.loads(source.read_bytes())
        code = told["owner"]["code"]
        return tuple(
            KeyFact(
                id=f"{code or 'nation'}:{key['name']}:{key['version']}:{key['algorithm']}",
                owner=str(code),
                level=Level(key["level"]),
                name=str(key["name"]),
                usage=str(key.get("usage", "")),
                version=int(key["version"]),
                algorithm=str(key["algorithm"]),
                parent=str(key["parent"]),
                kcv=str(key["kcv"]),
            )
            for key in told["keys"]
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageProblem(f"{source}: is no list of keys; make one with `vault show --json`") from None


def _is_list(source: Path) -> bool:
    if not source.is_file() or source.stat().st_size > _LARGEST:
        return False
    with source.open("rb") as file:
        return file.read(64).lstrip().startswith(b"{")
