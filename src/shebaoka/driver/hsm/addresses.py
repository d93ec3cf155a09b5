"""Key addresses: how the HSM's index of a key is written (terminal interface §5).

No public authority assigns them. Ours has six digits: ``00``, the key's number in a PSAM, and the key
reference on the card (P2 of EXTERNAL AUTHENTICATION); of DPK the version. A profile may give an HSM's own
numbers.
"""

from collections.abc import Mapping

from shebaoka.driver.errors import INPUT, DriverError
from shebaoka.spec.model import KeyEntry
from shebaoka.terminal.settings import DPK


def address_of(key: KeyEntry, own: Mapping[str, str], version: int = 1) -> str:
    """The address of a key; ``own`` are the profile's. Raises DriverError for a key that no HSM has by
    number."""
    if key.name in own:
        return own[key.name]
    if key.psam_id is None or key.identifier is None:
        raise DriverError(INPUT, f"({key.name})")
    reference = version if key.name == DPK else key.identifier
    return f"00{key.psam_id:02X}{reference:02X}"


def key_at(address: str, catalogue: Mapping[str, KeyEntry], own: Mapping[str, str]) -> tuple[KeyEntry, int]:
    """The inverse: the key, and the version (1 unless the address tells it). Raises DriverError -23."""
    named = next((name for name, given in own.items() if given.upper() == address.upper()), None)
    if named is not None and named in catalogue:
        return catalogue[named], 1
    try:
        fill, number, reference = bytes.fromhex(address)
    except ValueError:
        raise DriverError(INPUT, "(key address)") from None
    key = next((key for key in catalogue.values() if key.psam_id == number), None)
    if fill or key is None or key.name in own or (key.name != DPK and key.identifier != reference):
        raise DriverError(INPUT, "(key address)")
    return key, reference if key.name == DPK else 1
