"""What goes wrong with a device is one clear line, and nothing was changed."""

from collections.abc import Callable

import numpy as np
import pytest

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import KeyDefinition, VaultError
from shebaoka.vault.sdf.codes import describe
from shebaoka.vault.sdf.device import Device
from shebaoka.vault.sdf.library import SdfError
from shebaoka.vault.sdf.vault import SdfVault
from shebaoka.vault.software import SoftwareVault
from vault.sdf.bench import Bench
from vault.sdf.stub.build import build
from vault.support import CITY, PROVINCE, root_of

SM4 = Algorithm.SM4
KEY = root_of("SECRETKEY", 16)
DEFINITION = KeyDefinition("UKLOCAL", "update", SM4)
MASTER = SoftwareCipher(SM4, root_of("MASTER", 16))


def one_line(caught: pytest.ExceptionInfo[VaultError]) -> str:
    text = str(caught.value)
    assert "\n" not in text
    assert KEY.hex().upper() not in text
    return text


def refused(task: Callable[[SdfVault], object], vault: SdfVault) -> str:
    """What the device says to the task; empty when it went well."""
    try:
        task(vault)
    except SdfError as error:
        return str(error)
    return ""


def test_libraries_that_are_none(bench: Bench) -> None:
    text = bench.folder / "text.so"
    text.write_text("not a library", encoding="ascii")
    for library, reason in [
        (bench.folder / "absent.so", "there is no such file"),
        (text, "it is no shared library of this machine"),
    ]:
        with pytest.raises(VaultError, match=rf"{library.name}: the SDF library cannot be loaded: {reason}"):
            SdfVault.create(library, bench.path(), CITY)
    assert not bench.path().exists()


def test_a_library_without_a_function_a_vault_needs(bench: Bench) -> None:
    library = build(bench.folder / "libwithout.so", "WITHOUT_MAC")
    with pytest.raises(VaultError, match="lacks SDF_CalculateMAC; a vault needs them"):
        SdfVault.create(library, bench.path(), CITY)
    assert not bench.path().exists()


def test_a_library_without_a_function_for_one_task(bench: Bench) -> None:
    library = build(bench.folder / "libwithout.so", "WITHOUT_IMPORT_KEY", "WITHOUT_SM2")
    with SdfVault.create(library, bench.path(), CITY) as vault:
        born = vault.generate(DEFINITION)
        assert vault.cipher(born).encrypt(bytes(16))[:3].hex().upper() == born.kcv
        with pytest.raises(VaultError, match="lacks SDF_ImportKey and the SM2 functions: keys from outside"):
            vault.import_test_key(KeyDefinition("OTHER", "update", SM4), KEY)
        with pytest.raises(VaultError, match="lacks SDF_ImportKey"):
            vault.generate_from_components(KeyDefinition("OTHER", "update", SM4), [KEY, KEY[::-1]])
        assert vault.handles() == (born,)
        assert "SDF_ImportKey" in vault._device.missing()


def test_no_device(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHEBAOKA_SDF_STUB", str(bench.folder / "absent"))
    with pytest.raises(SdfError, match=r"SDF_OpenDevice: SDR_OPENDEVICE \(01000005\): the device cannot"):
        bench.create()
    assert not bench.path().exists()


def test_passwords(bench: Bench) -> None:
    bench.password("open sesame")
    with pytest.raises(SdfError, match=r"SDR_PARDENY .*give the password of the key"):
        bench.create()
    with pytest.raises(SdfError, match=r"SDR_PRKRERR .*check its password") as caught:
        bench.create(password="open simsim")
    assert "simsim" not in one_line(caught)
    assert not bench.path().exists()
    vault = bench.create(password="open sesame")
    vault.import_test_key(DEFINITION, KEY)
    vault.save()
    before = bench.path().read_bytes()
    with pytest.raises(SdfError, match="SDR_PRKRERR"):
        bench.open(password="other")
    assert bench.path().read_bytes() == before
    assert bench.open(password="open sesame").handles() == vault.handles()


def test_no_key_encryption_key(bench: Bench) -> None:
    for number in (2, 0, 17):
        with pytest.raises(SdfError, match="SDF_GenerateKeyWithKEK: SDR_KEYNOTEXIST"):
            bench.create(kek=number)
    assert not bench.path().exists()
    bench.key_encryption_key(2)
    assert bench.create(kek=2).handles() == ()


def test_another_device(bench: Bench) -> None:
    vault = bench.create()
    vault.import_test_key(DEFINITION, KEY)
    vault.save()
    vault.close()
    bench.key_encryption_key(1, "of another device")
    with pytest.raises(VaultError, match=r"SDR_KEYERR|belong to another device"):
        bench.open()


def test_a_changed_file(bench: Bench) -> None:
    vault = bench.create()
    vault.import_test_key(DEFINITION, KEY)
    vault.save()
    path = bench.path()
    good = path.read_bytes()
    for place in range(0, len(good), 7):
        path.write_bytes(good[:place] + bytes((good[place] ^ 1,)) + good[place + 1 :])
        with pytest.raises(VaultError):
            bench.open()
    for content, reason in [
        (b"", "not the file of an SDF vault"),
        (good[:-1], "the file is damaged"),
        (good.replace(b'"test_only":true', b'"test_only":false'), "was changed"),
        (good[:15] + b"\xff" * 32 + good[47:], "was changed"),
    ]:
        path.write_bytes(content)
        with pytest.raises(VaultError, match=rf"city\.sdf: .*{reason}"):
            bench.open()
        assert path.read_bytes() == content
    path.unlink()
    with pytest.raises(VaultError, match=r"city\.sdf: cannot be read: No such file"):
        bench.open()


def test_the_device_fails_at_every_call(bench: Bench) -> None:
    """Each function fails once, in each of the vault's tasks: one line, the same keys, the same file."""
    vault = bench.create()
    vault.import_test_key(DEFINITION, KEY)
    vault.save()
    vault.close()
    province = SoftwareVault.create(None, "", PROVINCE)
    province.import_test_key(KeyDefinition("UK1DF01", "update", SM4), KEY)
    handles, before = vault.handles(), bench.path().read_bytes()
    many = np.zeros((10, 8), np.uint8)

    def take_over(opened: SdfVault) -> None:
        factor = b"980100sx"
        opened.take_over(province.hand_over(province.handles(), CITY, factor, opened.reception()))

    tasks: dict[str, Callable[[SdfVault], object]] = {
        "generate": lambda opened: opened.generate(KeyDefinition("NEW", "update", SM4)),
        "components": lambda opened: opened.generate_from_components(
            KeyDefinition("NEW", "update", SM4), [KEY, KEY[::-1]]
        ),
        "take over": take_over,
        "save": lambda opened: opened.save(),
        "compute": lambda opened: opened.cipher(handles[0]).encrypt(KEY),
        "wrap": lambda opened: opened.wrap_for_chip(handles[0], [bytes(8)], MASTER),
        "cards": lambda opened: opened.card_key_blocks(handles, many, MASTER),
    }
    functions = ("GenerateKeyWithKEK", "ImportKeyWithKEK", "ImportKey", "Encrypt", "Decrypt", "CalculateMAC")
    failed = set()
    for name, task in tasks.items():
        for function in functions:
            opened = bench.open()
            bench.faults(f"SDF_{function} 01000003")
            refusal = refused(task, opened)
            bench.faults()
            opened.close()
            if refusal:
                failed.add((name, function))
                assert f"SDF_{function}: SDR_COMMFAIL (01000003): no connection" in refusal
                assert opened.handles() == handles
            assert bench.path().read_bytes() == before
    assert {name for name, _ in failed} == set(tasks)
    assert {function for _, function in failed} >= {"GenerateKeyWithKEK", "Encrypt", "Decrypt", "ImportKey"}


def test_a_lost_session(bench: Bench) -> None:
    vault = bench.create()
    cipher = vault.cipher(vault.import_test_key(DEFINITION, KEY))
    bench.faults("SDF_Encrypt 01000004 2")
    assert cipher.encrypt(KEY)
    with pytest.raises(SdfError, match=r"SDR_HARDFAIL \(01000004\).*open the vault again"):
        cipher.encrypt(KEY)
    bench.faults()
    vault.close()
    vault.close()
    with pytest.raises(VaultError, match="session with the device was closed; open the vault again"):
        cipher.encrypt(KEY)


def test_sessions_are_given_back(bench: Bench) -> None:
    bench.create().close()
    for _ in range(20):
        bench.open().close()
    bench.faults("SDF_GetDeviceInfo 01000001")
    for _ in range(20):
        with pytest.raises(SdfError, match=r"SDR_UNKNOWERR \(01000001\)"):
            bench.open()
    bench.faults()
    assert bench.open().handles() == ()


def test_codes() -> None:
    assert describe(0x0100001D) == "SDR_INARGERR (0100001D): an input argument is wrong"
    assert describe(0x01020304).startswith("01020304: a code of the vendor")


def test_packets(bench: Bench) -> None:
    for packet in (0, 8, 24):
        with pytest.raises(VaultError, match="whole blocks of 16 bytes"):
            Device(bench.library, 1, packet=packet)
    device = Device(bench.library, 1, packet=1 << 17)
    try:
        key = device.new_key()
        assert device.encrypt(key, bytes(65536))
        with pytest.raises(SdfError, match="SDR_INARGERR"):
            device.encrypt(key, bytes(65552))
    finally:
        device.close()
    small = Device(bench.library, 1, packet=32)
    try:
        key = small.new_key()
        assert small.encrypt(key, bytes(160)) == small.encrypt(key, bytes(16)) * 10
        with pytest.raises(VaultError, match="48 bytes are more than the device takes in one call"):
            small.encrypt_cbc(key, bytes(16), bytes(48))
    finally:
        small.close()


def test_the_device_says_what_it_is(bench: Bench) -> None:
    device = Device(bench.library, 1)
    try:
        assert bytes(device.info().name).rstrip(b"\0") == b"SDF stub"
        assert device.missing() == ()
    finally:
        device.close()
