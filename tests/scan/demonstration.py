"""What a demonstration leaves: no key of its vaults, carriers, PSAMs and cards, but in images."""

from collections.abc import Iterable
from pathlib import Path

from scan.known import chip_may_hold, key_of, learn_chip
from scan.secrets import Secrets, seen_in
from shebaoka.demo.hierarchy import PASSPHRASE
from shebaoka.vault.software import SoftwareVault


def leaks(folder: Path, outputs: Iterable[tuple[str, bytes]]) -> list[str]:
    """Keys of the demonstration in ``folder`` that stand in an output that may not hold them."""
    secrets, allowed = learned(folder)
    found, held = list[str](), set[str]()
    for name, content in outputs:
        seen, own = seen_in(secrets, [content]), chip_may_hold(allowed, name, content)
        held |= seen & own
        found += [f"{name}: {secret}" for secret in sorted(seen - own)]
    assert len(held) > 300, "the images were read"
    return found


def learned(folder: Path) -> tuple[Secrets, dict[str, set[str]]]:
    """The keys of a demonstration, and by image those that may stand in it."""
    secrets, allowed = Secrets(), dict[str, set[str]]()
    for path in sorted(folder.rglob("*.vault")):
        vault = SoftwareVault.open(path, PASSPHRASE)
        for handle in vault.handles():
            if not (key := key_of(vault, handle)).startswith(b"TEST_ONLY-"):
                secrets.key(f"{path.name} {handle.id}", key)
    files = [path for path in folder.rglob("*") if path.is_file()]
    images = [path for path in files if path.read_bytes().startswith(b"SHEBAOKA-CHIP 1 ")]
    for path in images:
        learn_chip(secrets, allowed, path)
    assert len(images) > 12
    assert len(secrets) > 500
    return secrets, allowed
