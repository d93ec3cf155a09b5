"""Reference page of the key catalogue."""

from collections.abc import Sequence

from shebaoka.spec.keys import key_catalogue, psam_master_keys
from shebaoka.spec.layouts import GENERATIONS
from shebaoka.spec.model import KeyEntry
from shebaoka.spec.reference.markdown import both, page, table

_COLUMNS = ("key", "use", "id", "bytes", "versions", "scope", "PSAM", "controls", "source")


def keys_page() -> str:
    """Keys of every generation, of the annex and of the PSAM."""
    introduction = (
        "`id`: P2 of EXTERNAL AUTHENTICATION (hexadecimal); the key index for DLK and DPK. `bytes`: under an "
        "8-byte cipher; every key has 16 under SM4. `versions`: how many a card holds. `PSAM`: type and "
        "identifier; the usage byte adds the steps of diversification left (2x city, 4x province, 6x nation)."
    )
    blocks = []
    for generation in GENERATIONS:
        keys = key_catalogue(generation)
        blocks += [f"## Generation {generation}: {len(keys)} keys", _table(keys)]
    annex = [key for key in key_catalogue("2.0", annex=True) if key.directory in {"DF05", "DF06"}]
    psam = table(
        ("key", "use", "id", "place", "scope", "controls", "source"),
        [
            (
                key.name,
                both(key.use),
                _hex(key.identifier),
                key.directory,
                key.scope or "–",
                ", ".join(key.controls),
                key.source,
            )
            for key in psam_master_keys()
        ],
    )
    return page(
        "Key catalogue",
        introduction,
        *blocks,
        "## Annex applications",
        _table(annex),
        "## Keys of the PSAM itself",
        psam,
    )


def _table(keys: Sequence[KeyEntry]) -> str:
    return table(_COLUMNS, [_key_row(key) for key in keys])


def _key_row(key: KeyEntry) -> tuple[str, ...]:
    psam = f"{key.psam_type} / {_hex(key.psam_id)}" if key.psam_type is not None else "–"
    return (
        key.name,
        both(key.use),
        _hex(key.identifier),
        str(key.length),
        str(key.versions),
        str(key.scope),
        psam,
        ", ".join(key.controls),
        key.source,
    )


def _hex(number: int | None) -> str:
    return "–" if number is None else f"{number:02X}"
