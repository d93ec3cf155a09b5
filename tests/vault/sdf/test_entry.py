"""Keys from outside in a device without SDF_ImportKey: sealed to its SM2 key pair, opened nowhere else."""

from pathlib import Path

import pytest

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.cipher import check_value
from shebaoka.vault.hierarchy import hand_down
from shebaoka.vault.model import KeyDefinition, VaultError
from shebaoka.vault.sdf.library import SdfError
from shebaoka.vault.sdf.store import read
from shebaoka.vault.sdf.vault import SdfVault
from shebaoka.vault.software import SoftwareVault
from vault.sdf.bench import Bench
from vault.support import CITY, PROVINCE, root_of

SM4 = Algorithm.SM4
KEY = root_of("SECRETKEY", 16)
DEFINITION = KeyDefinition("UKLOCAL", "update", SM4)
MASTER = SoftwareCipher(SM4, root_of("MASTER", 16))


@pytest.fixture
def standard(bench: Bench, standard_library: Path) -> Bench:
    bench.library = standard_library
    return bench


def test_a_key_from_outside_is_sealed_to_the_device(standard: Bench) -> None:
    vault = standard.create()
    handle = vault.import_test_key(DEFINITION, KEY)
    assert handle.kcv == check_value(SM4, KEY)
    assert vault.cipher(handle).encrypt(KEY) == SoftwareCipher(SM4, KEY).encrypt(KEY)
    vault.save()
    _, content = read(standard.path())
    assert [key.form for key in content.keys] == ["sm2"]
    assert KEY not in standard.path().read_bytes()
    again = standard.open()
    assert again.cipher(handle).encrypt(KEY) == SoftwareCipher(SM4, KEY).encrypt(KEY)
    assert again.wrap_for_chip(handle, [bytes(8)], MASTER)
    with pytest.raises(
        VaultError, match=r"UKLOCAL v1 SM4 of .* is sealed to the device and does not leave it"
    ):
        again.wrap_for_chip(handle, [], MASTER)


def test_sub_keys_are_received(standard: Bench) -> None:
    province = SoftwareVault.create(None, "", PROVINCE)
    root = province.import_test_key(KeyDefinition("UK1DF01", "update", SM4), KEY)
    city = standard.create()
    (handle,) = hand_down(province, city)
    assert city.cipher(handle).encrypt(KEY) == province.cipher(root, b"980100sx").encrypt(KEY)


def test_a_function_that_is_there_and_refuses(bench: Bench) -> None:
    bench.faults("SDF_ImportKey 01000002")
    vault = bench.create()
    handle = vault.import_test_key(DEFINITION, KEY)
    assert vault.cipher(handle).encrypt(KEY) == SoftwareCipher(SM4, KEY).encrypt(KEY)
    assert (bench.device / "sm2-1.pem").exists()
    vault.close()
    bench.faults("SDF_ImportKey 01000003")
    with pytest.raises(SdfError, match="SDF_ImportKey: SDR_COMMFAIL"):
        bench.create(name="other")
    assert not bench.path("other").exists()


def test_the_right_to_the_key_pair(standard: Bench) -> None:
    standard.password("open sesame")
    vault = standard.create(password="open sesame")
    handle = vault.import_test_key(DEFINITION, KEY)
    vault.save()
    vault.close()
    standard.faults("SDF_GetPrivateKeyAccessRight 01000018")
    with pytest.raises(SdfError, match="SDF_GetPrivateKeyAccessRight: SDR_PRKRERR"):
        standard.open(password="open sesame")
    standard.faults()
    assert standard.open(password="open sesame").cipher(handle).encrypt(KEY)


def test_what_the_device_refuses_changes_nothing(standard: Bench) -> None:
    vault = standard.create()
    with SdfVault.create(standard.library, standard.path("other"), CITY, pair=17) as other:
        with pytest.raises(SdfError, match="SDF_ExportEncPublicKey_ECC: SDR_KEYNOTEXIST"):
            other.import_test_key(DEFINITION, KEY)
        assert other.handles() == ()
    for function in ("ExportEncPublicKey_ECC", "ExternalEncrypt_ECC", "ImportKeyWithISK_ECC"):
        standard.faults(f"SDF_{function} 0100000B")
        with pytest.raises(SdfError, match=f"SDF_{function}: SDR_PKOPERR"):
            vault.import_test_key(DEFINITION, KEY)
        assert vault.handles() == ()
