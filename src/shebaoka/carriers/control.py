"""The master control card: a vault receives the control key of its body and can then use the other cards."""

from datetime import datetime
from hmac import compare_digest

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.identity import check_carrier
from shebaoka.carriers.keys import control_definition
from shebaoka.carriers.session import Purpose, use_record, verify_pin
from shebaoka.carriers.wire import Carrier
from shebaoka.crypto.carriage import KEY, PUBLIC, agreed_cipher, agreed_mac
from shebaoka.psam.carrier.state import MASTER_CONTROL, REFERENCE
from shebaoka.reader.base import Reader
from shebaoka.spec import sw
from shebaoka.vault.carried import take_in
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.model import KeyHandle, Vault, VaultError
from shebaoka.vault.records import KeyRecord, key_id

_COMMAND = b"\x80\x88\x00\x00"


def load_control_key(
    vault: Vault, reader: Reader, pin: str, *, kcv: str | None = None, moment: datetime | None = None
) -> KeyHandle:
    """The control key of the vault's body from its master control card; saves the vault last.

    ``kcv``: the check value the custodians were told; a card with another is refused before a use is
    consumed. Raises CarrierError, VaultError; then the vault is as before."""
    carrier = Carrier(reader)
    identity = carrier.known(MASTER_CONTROL, vault.owner)
    check_carrier(vault, identity)
    if kcv is not None and carrier.status.kcv != kcv.upper():
        raise CarrierError(f"{carrier}: check value {carrier.status.kcv}, not {kcv}; keep it for an inquiry")
    if not carrier.status.uses_left:
        raise CarrierError(f"{carrier}: no uses left; ask {identity.issuer} for a new carrier")
    verify_pin(carrier, pin)
    own = X25519PrivateKey.generate()
    public = own.public_key().public_bytes_raw()
    data = public + use_record(moment or datetime.now(), Purpose.CONTROL_KEY, bytes(REFERENCE))
    answer = carrier.send(
        _COMMAND + bytes((len(data),)) + data + b"\x00",
        "GIVE CONTROL KEY",
        {sw.BLOCKED: "no uses left; ask the issuer for a new carrier"},
    )
    other, wrapped, mac = answer[:PUBLIC], answer[PUBLIC : PUBLIC + KEY], answer[PUBLIC + KEY :]
    try:
        agreed = agreed_cipher(own, other, public + other, identity.suite)
        expected = agreed_mac(agreed, _COMMAND + other + wrapped)
    except ValueError:
        raise CarrierError(f"{carrier}: its answer is no control key") from None
    if not compare_digest(mac, expected):
        raise CarrierError(f"{carrier}: its answer was altered on the way")
    definition = control_definition(identity.suite)
    names = (definition.name, definition.version, definition.algorithm)
    record = KeyRecord(
        key_id(vault.owner, *names),
        vault.owner,
        vault.owner.level,
        definition.name,
        definition.usage,
        definition.version,
        definition.algorithm.name,
        definition.scope,
        definition.reach,
        parent=key_id(identity.issuer, *names),
        factor=child_factor(vault.owner).hex().upper(),
        kcv=carrier.status.kcv,
        exportable=definition.exportable,
        test_only=identity.test_only,
        key=agreed.decrypt(wrapped),
    )
    (handle,) = take_in(vault, identity.issuer, (record,))
    save(vault)
    return handle


def save(vault: Vault) -> None:
    """The last step of taking keys in: the vault as a whole, or as it was."""
    try:
        vault.save()
    except VaultError:
        vault.discard()
        raise
