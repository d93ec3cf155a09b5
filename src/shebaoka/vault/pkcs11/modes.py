"""In which mode each operation of a token vault works."""

import msgspec

from shebaoka.vault.model import Mode


class Modes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``ciphers``: sub-keys, session keys and TAC keys; ``cards``: card keys for chips; ``hand_over``:
    sub-keys for the body below; ``psam``: keys into PSAMs, which only batch can do."""

    ciphers: Mode = Mode.BATCH
    cards: Mode = Mode.BATCH
    hand_over: Mode = Mode.BATCH
    psam: Mode = Mode.BATCH

    @classmethod
    def all(cls, mode: Mode) -> "Modes":
        """One mode for everything a token can do in it."""
        return cls(mode, mode, mode, Mode.BATCH)
