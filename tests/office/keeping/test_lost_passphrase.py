"""The runbook for a lost vault passphrase: the carriers bring the same keys into a new vault."""

from carriers.support import World, exported
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.software import SoftwareVault
from vault.support import PROVINCE


def check_values(own: World) -> dict[tuple[str, int], str]:
    return {(handle.name, handle.version): handle.kcv for handle in own.take_in().handles}


def test_the_carriers_answer_a_lost_vault_passphrase() -> None:
    own = exported(Algorithm.SM4)
    before = check_values(own)
    own.province = SoftwareVault.create(None, "another passphrase", PROVINCE, work=4)
    own.control()
    after = check_values(own)
    assert len(after) > 5
    assert after == before
