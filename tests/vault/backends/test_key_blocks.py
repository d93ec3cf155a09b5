"""TR-31 key blocks of every back end: sub-keys leave it and enter the vault below; what is strict refuses."""

import pytest

from shebaoka.crypto.factors import province_factor
from shebaoka.crypto.tr31.protection import AesKey
from shebaoka.vault.key_blocks import export_block, import_block
from shebaoka.vault.model import MINISTRY, HierarchyError, VaultError
from shebaoka.vault.software import SoftwareVault
from vault.backends.conftest import Case
from vault.support import OTHER_PROVINCE, PROVINCE, root_of

UNDER = AesKey(root_of("AES-KBPK", 32))
DATA = bytes(range(32))


@pytest.fixture(autouse=True)
def pairs_made_before() -> None:
    """Here tokens make their key pairs themselves."""


def test_sub_keys_through_blocks(case: Case) -> None:
    upper, lower = case.vault(MINISTRY), case.vault(PROVINCE)
    root = upper.generate(case.definition("UK1DF01"))
    if case.strict:
        with pytest.raises(VaultError):
            export_block(upper, root, UNDER, PROVINCE)
        assert upper.handles() == (root,)
        return
    block = export_block(upper, root, UNDER, PROVINCE)
    taken = import_block(lower, block, UNDER)
    assert (taken.parent, taken.owner) == (root.id, PROVINCE)
    assert lower.cipher(taken).encrypt(DATA) == upper.cipher(root, province_factor("980000")).encrypt(DATA)
    assert import_block(lower, block, UNDER) == taken
    twin = SoftwareVault.create(None, "", PROVINCE)
    assert import_block(twin, block, UNDER) == taken
    stranger = SoftwareVault.create(None, "", OTHER_PROVINCE)
    with pytest.raises(HierarchyError, match="R-24"):
        import_block(stranger, block, UNDER)
    assert stranger.handles() == ()


def test_a_root_enters_every_back_end(case: Case) -> None:
    software, vault = SoftwareVault.create(None, "", MINISTRY), case.vault(MINISTRY)
    root = software.generate(case.definition("UK1DF01"))
    block = export_block(software, root, UNDER)
    taken = import_block(vault, block, UNDER)
    assert taken == root
    assert vault.cipher(taken).encrypt(DATA) == software.cipher(root).encrypt(DATA)
