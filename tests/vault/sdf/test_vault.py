"""The SDF back end on the stub device: SM4 as published, the same results as the software vault."""

import copy
import pickle
import stat
import traceback

import numpy as np
import pytest

from shebaoka.crypto.ciphers import SoftwareCipher, UnsupportedAlgorithmError
from shebaoka.crypto.formulas import cbc_mac_block, session_key
from shebaoka.crypto.tr31.protection import AesKey
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.block_usages import KEY_BLOCK_PROTECTION
from shebaoka.vault.cipher import check_value
from shebaoka.vault.hierarchy import child_factor, hand_down, set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.key_blocks import export_block, import_block
from shebaoka.vault.model import MINISTRY, HierarchyError, KeyDefinition, KeyHandle, Mode, Vault, VaultError
from shebaoka.vault.sdf.vault import SdfVault
from shebaoka.vault.software import SoftwareVault
from vault.sdf.bench import Bench
from vault.support import CITY, ENTRIES, PROVINCE, root_of

SM4 = Algorithm.SM4
KEY = root_of("SECRETKEY", 16)
DEFINITION = KeyDefinition("UKLOCAL", "update", SM4)
FACTOR = bytes.fromhex("0123456789ABCDEF")
MASTER = SoftwareCipher(SM4, root_of("MASTER", 16))


def psam_loading(vault: Vault, handle: KeyHandle) -> bytes:
    header = bytes.fromhex("84D40013")
    return vault.psam_loading(handle, 0x26, 0x83, master=MASTER, challenge=bytes(8), header=header)


def twins(bench: Bench) -> tuple[SdfVault, SoftwareVault]:
    """The same test key in the device and in software."""
    pair = (bench.create(), SoftwareVault.create(None, "", CITY))
    for vault in pair:
        vault.import_test_key(DEFINITION, KEY)
    return pair


def test_sm4_as_published(bench: Bench) -> None:
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")  # GB/T 32907, appendix A
    vault = bench.create()
    cipher = vault.cipher(vault.import_test_key(DEFINITION, key))
    block = bytes.fromhex("681EDF34D206965E86B3E94F536E4246")
    assert cipher.encrypt(key) == block
    assert cipher.decrypt(block) == key
    assert cipher.encrypt(key * 5000) == block * 5000  # more than a packet
    assert cipher.encrypt(b"") == b""
    with pytest.raises(ValueError, match="15 bytes are not whole blocks"):
        cipher.encrypt(key[:15])
    with pytest.raises(ValueError, match="halves"):
        cipher.halves()
    with pytest.raises(ValueError, match="halves"):
        cipher.fold()


def test_the_same_results_as_in_software(bench: Bench) -> None:
    device, software = twins(bench)
    ours, theirs = device.handles()[0], software.handles()[0]
    assert ours == theirs
    for factors in ([FACTOR], [FACTOR, bytes(8)], []):
        wrapped = device.wrap_for_chip(ours, factors, MASTER)
        assert wrapped == software.wrap_for_chip(theirs, factors, MASTER)
        left, right = device.cipher(ours, *factors), software.cipher(theirs, *factors)
        assert left.encrypt(KEY) == right.encrypt(KEY)
        assert cbc_mac_block(session_key(left, FACTOR), KEY) == cbc_mac_block(session_key(right, FACTOR), KEY)
    many = np.random.default_rng(1).integers(0, 256, (3000, 8), np.uint8)
    blocks = device.card_key_blocks([ours, ours], many, device.cipher(ours))
    assert np.array_equal(blocks, software.card_key_blocks([theirs, theirs], many, software.cipher(theirs)))
    assert psam_loading(device, ours) == psam_loading(software, theirs)


def test_a_hierarchy_in_devices(bench: Bench) -> None:
    ministry, province, city = (bench.create(body, body.level.value) for body in (MINISTRY, PROVINCE, CITY))
    set_up_ministry(ministry, ENTRIES, SM4)
    set_up_province(province, ENTRIES, SM4)
    set_up_city(city, ENTRIES, SM4, ["MF"])
    hand_down(ministry, province)
    hand_down(province, city)
    root, sub = ministry.find("UK3DF01", 2, SM4), city.find("UK3DF01", 2, SM4)
    assert sub.parent == province.find("UK3DF01", 2, SM4).id
    steps = (child_factor(PROVINCE), child_factor(CITY), FACTOR)
    card_key = ministry.cipher(root, *steps)
    assert city.cipher(sub, FACTOR).encrypt(KEY) == card_key.encrypt(KEY)
    assert city.wrap_for_chip(sub, [FACTOR], MASTER) == ministry.wrap_for_chip(root, steps, MASTER)
    city.save()
    again = bench.open("city")
    assert again.handles() == city.handles()
    assert again.cipher(sub, FACTOR).encrypt(KEY) == card_key.encrypt(KEY)


def test_key_blocks(bench: Bench) -> None:
    """Sub-keys and brought keys leave and come as TR-31 blocks, roots born inside do not."""
    ministry, province = bench.create(MINISTRY, "nation"), bench.create(PROVINCE, "province")
    root = ministry.generate(KeyDefinition("IRK", "internal-authentication", SM4, scope=Scope.NATION))
    under = AesKey(root_of("AES", 16))
    received = import_block(province, export_block(ministry, root, under, PROVINCE), under)
    assert received.parent == root.id
    factor = child_factor(PROVINCE)
    assert province.cipher(received).encrypt(KEY) == ministry.cipher(root, factor).encrypt(KEY)
    with pytest.raises(VaultError, match="born in the device and does not leave it"):
        export_block(ministry, root, under)
    twin = SoftwareVault.create(None, "", PROVINCE)
    assert import_block(twin, export_block(province, received, under), under) == received
    kbpk = KeyDefinition("KBPK", KEY_BLOCK_PROTECTION, SM4, scope=Scope.NATION, exportable=False)
    block = export_block(ministry, root, ministry.generate(kbpk), PROVINCE)
    assert block[0] == "4"


def test_more_keys_than_the_device_has_room_for(bench: Bench) -> None:
    vault = bench.create()
    keys = {
        number: vault.import_test_key(KeyDefinition(f"K{number}", "update", SM4), root_of(str(number), 16))
        for number in range(40)
    } | {number: vault.generate(KeyDefinition(f"K{number}", "update", SM4)) for number in range(40, 80)}
    ciphers = {number: vault.cipher(handle) for number, handle in keys.items()}
    for _ in range(2):
        for number, cipher in ciphers.items():
            assert cipher.encrypt(bytes(16))[:3].hex().upper() == keys[number].kcv


def test_born_inside_and_brought(bench: Bench) -> None:
    vault = bench.create()
    born = vault.generate(DEFINITION)
    parts = [vault.random(16), vault.random(16), vault.random(16)]
    brought = vault.generate_from_components(KeyDefinition("UKCEREMONY", "update", SM4), parts)
    key = bytes(a ^ b ^ c for a, b, c in zip(*parts, strict=True))
    assert brought.kcv == check_value(SM4, key)
    assert brought.test_only
    vault.save()
    raw = bench.path().read_bytes()
    for secret in (key, *parts):
        for form in (secret, secret.hex().encode(), secret.hex().upper().encode()):
            assert form not in raw
    assert psam_loading(vault, brought)
    with pytest.raises(VaultError, match="born in the device and does not leave it"):
        psam_loading(vault, born)
    with pytest.raises(VaultError, match="born in the device and does not leave it"):
        vault.wrap_for_chip(born, [], MASTER)


def test_what_the_device_does_not_hold(bench: Bench) -> None:
    vault = bench.create()
    assert vault.algorithms == {SM4}
    assert vault.modes == {Mode.BATCH}
    with pytest.raises(UnsupportedAlgorithmError, match="the device does not compute 3DES"):
        vault.generate(KeyDefinition("A", "update", Algorithm.TDES))
    with pytest.raises(HierarchyError, match="only the ministry makes it"):
        vault.generate(KeyDefinition("STK", "maintenance", SM4, scope=Scope.NATION))
    with pytest.raises(VaultError, match="16 bytes, not 8"):
        vault.import_test_key(DEFINITION, KEY[:8])
    with pytest.raises(VaultError, match="factor has 8 bytes, not 4"):
        vault.wrap_for_chip(vault.import_test_key(DEFINITION, KEY), [bytes(4)], MASTER)
    assert [handle.name for handle in vault.handles()] == ["UKLOCAL"]


def test_save_discard_and_the_file(bench: Bench) -> None:
    vault = bench.create()
    kept = vault.import_test_key(DEFINITION, KEY)
    vault.save()
    path = bench.path()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    dropped = vault.generate(KeyDefinition("ANOTHER", "update", SM4))
    vault.discard()
    assert vault.handles() == (kept,)
    with pytest.raises(VaultError, match="is not in the vault"):
        vault.cipher(dropped)
    other = bench.open()
    other.generate(KeyDefinition("OTHERS", "update", SM4))
    other.save()
    before = path.read_bytes()
    vault.generate(KeyDefinition("MINE", "update", SM4))
    with pytest.raises(VaultError, match="was changed by another process"):
        vault.save()
    assert path.read_bytes() == before
    with pytest.raises(VaultError, match="exists already"):
        bench.create()
    assert path.read_bytes() == before
    assert sorted(p.name for p in bench.folder.iterdir()) == ["city.sdf", "device"]


def test_nothing_shows_a_key(bench: Bench) -> None:
    vault = bench.create()
    handle = vault.import_test_key(DEFINITION, KEY)
    cipher = vault.cipher(handle)
    shown = [repr(vault), repr(cipher), repr(cipher.derive(bytes(16), SM4)), repr(vars(vault))]
    for secret in (vault, cipher, vault._device):
        for leak in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                leak(secret)
    with pytest.raises(VaultError) as caught:
        vault.import_test_key(DEFINITION, KEY)
    shown.append("".join(traceback.format_exception(caught.value)))
    for text in shown:
        for form in (KEY.hex(), KEY.hex().upper(), repr(KEY), "SECRETKEY\\xa5"):
            assert form not in text
