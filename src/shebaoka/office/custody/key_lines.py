"""Keys as a vault describes them: names and check values, never keys (R-24, R-52)."""

import msgspec

from shebaoka.vault.model import KeyHandle, Vault
from shebaoka.vault.states import KeyState


class KeyLine(msgspec.Struct, frozen=True):
    """A key as a vault describes it. ``level``: nation, province, city; ``scope``: whose body makes the
    root, empty where a list does not say."""

    id: str
    level: str
    name: str
    version: int
    algorithm: str
    kcv: str
    parent: str
    exportable: bool
    test_only: bool
    usage: str = ""
    scope: str = ""
    factor: str = ""
    state: str = KeyState.ACTIVE.value


def line_of(handle: KeyHandle, state: KeyState) -> KeyLine:
    """A key handle as a line."""
    return KeyLine(
        id=handle.id,
        level=str(handle.level),
        name=handle.name,
        version=handle.version,
        algorithm=handle.algorithm.label,
        kcv=handle.kcv,
        parent=handle.parent,
        exportable=handle.exportable,
        test_only=handle.test_only,
        usage=handle.usage,
        scope=str(handle.scope),
        factor=handle.factor,
        state=state.value,
    )


def lines_of(vault: Vault) -> list[KeyLine]:
    """All keys of an opened vault."""
    return [line_of(handle, vault.state(handle)) for handle in vault.handles()]
