"""Sub-keys on a mother card between any back ends: sealed under a transport key, taken in, the same keys."""

import pytest

from shebaoka.crypto.factors import province_factor
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.carried import accept_sealed, seal_for
from shebaoka.vault.model import MINISTRY, KeyDefinition, VaultError
from vault.backends.benches import DES, SDF, SM4, SOFTHSM, SOFTWARE, TDES, VENDOR
from vault.backends.conftest import Make
from vault.support import PROVINCE

REFERENCE = bytes(range(1, 9))
PAIRS = [
    (SOFTWARE, SOFTHSM, TDES),
    (SOFTHSM, SOFTWARE, TDES),
    (SOFTHSM, SOFTWARE, DES),
    (SOFTWARE, SDF, SM4),
    (SDF, SOFTWARE, SM4),
    (VENDOR, SDF, SM4),
    (SOFTWARE, VENDOR, SM4),
]


@pytest.fixture(autouse=True)
def pairs_made_before() -> None:
    """Here tokens make their key pairs themselves."""


@pytest.mark.parametrize(("upper", "lower", "algorithm"), PAIRS, ids=str)
def test_carried(make: Make, upper: str, lower: str, algorithm: Algorithm) -> None:
    above, below = make(upper).create(MINISTRY), make(lower).create(PROVINCE)
    suite = SM4 if algorithm is SM4 else TDES
    root = above.generate(
        KeyDefinition("CARRIER-TK", "transport", suite, scope=Scope.NATION, exportable=False)
    )
    key = above.generate(KeyDefinition("UK3DF01", "update", algorithm, scope=Scope.NATION))
    transport = above.cipher(root, REFERENCE)
    sealed = seal_for(above, [key], PROVINCE, transport, REFERENCE)
    (taken,) = accept_sealed(below, sealed, transport)
    data = bytes(range(32))
    assert below.cipher(taken).encrypt(data) == above.cipher(key, province_factor("980000")).encrypt(data)
    with pytest.raises(VaultError, match="do not belong together"):
        accept_sealed(below, sealed, above.cipher(root, bytes(8)))
