"""Key packages that somebody made who knows the reception: all of it is checked, nothing is stored."""

from typing import Any

import msgspec
import pytest

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Body, KeyDefinition, Level, VaultError
from shebaoka.vault.records import KeyRecord
from shebaoka.vault.software import SoftwareVault
from shebaoka.vault.transfer import Package, check_package, seal_package

PROVINCE = Body(Level.PROVINCE, "98", "示例甲省")
CITY = Body(Level.CITY, "980100", "示例甲市")
KEY = bytes(range(16))


def record(**changes: Any) -> KeyRecord:
    """A sub-key of the province for the city, as the province would make it."""
    vault = SoftwareVault.create(None, "", PROVINCE)
    handle = vault.import_test_key(KeyDefinition("UK1DF01", "external", Algorithm.SM4), KEY)
    return msgspec.structs.replace(vault._sub_key(handle, CITY, b"98010001"), **changes)


def test_the_record_is_good_as_it_is() -> None:
    check_package(Package(PROVINCE, CITY, (record(),)), CITY)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "980100:STK:1:SM4"},
        {"name": "STK"},
        {"version": 2},
        {"parent": ""},
        {"parent": "99:UK1DF01:1:SM4"},
        {"kcv": "000000"},
        {"key": bytes(15)},
        {"key": b""},
        {"algorithm": "SSF33"},
        {"algorithm": "ROT13"},
        {"owner": PROVINCE},
        {"level": Level.CARD},
    ],
)
def test_a_record_that_does_not_hold_together_is_refused(changes: dict[str, Any]) -> None:
    vault = SoftwareVault.create(None, "", CITY)
    package = seal_package(Package(PROVINCE, CITY, (record(), record(**changes))), vault.reception())
    with pytest.raises(VaultError) as refusal:
        vault.take_over(package)
    assert vault.handles() == ()
    assert KEY.hex() not in str(refusal.value).lower()


@pytest.mark.parametrize("reception", [b"", bytes(31), bytes(32), b"\x01" + bytes(31)])
def test_a_reception_that_makes_a_key_anybody_knows_is_refused(reception: bytes) -> None:
    with pytest.raises(VaultError):
        seal_package(Package(PROVINCE, CITY, (record(),)), reception)
    vault = SoftwareVault.create(None, "", CITY)
    vault.reception()
    with pytest.raises(VaultError):
        vault.take_over(reception.ljust(32, b"\0") + bytes(60))
