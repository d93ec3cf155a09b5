import pytest

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.model import MINISTRY, KeyDefinition, Level, VaultError
from shebaoka.vault.psam import usage_byte
from shebaoka.vault.software import SoftwareVault
from vault.support import root_of

CHALLENGE = bytes.fromhex("41424344")
CREATED = {
    Algorithm.TDES: "84D4001124818A19E7C73EE2C9B6AE849624BDDF883B8A8D75041D87CB06C63BA5472A5C7E0EAA1328",
    Algorithm.SM4: "84D400112426FC1A17A1185CF79EFDFE0F0A1B87811C9EC9FCE58CF98FAA48D564007A67032C94B52F",
}
CHANGED = {
    Algorithm.TDES: "84D401111CBBF854CBFF061EF397DC34F50D39EF1C4387ACEE1F37517C30B95D56",
    Algorithm.SM4: "84D4011124CAC5CED686473BC54D1E0628C61C9168E60440E8B6434687BE9FF7CB2EEC144C52DF4642",
}


@pytest.mark.parametrize("suite", [Algorithm.TDES, Algorithm.SM4])
def test_loading_commands_are_the_known_ones(suite: Algorithm) -> None:
    vault = SoftwareVault.create(None, "", MINISTRY)
    master, key = (
        vault.import_test_key(KeyDefinition(name, "x", suite, scope=Scope.NATION), root_of(name, 16))
        for name in ("ADF-MK", "UK3DF01")
    )
    for mode, expected in ((0, CREATED[suite]), (1, CHANGED[suite])):
        command = vault.psam_loading(
            key,
            0x27,
            0x24,
            master=vault.cipher(master),
            challenge=CHALLENGE,
            header=bytes((0x84, 0xD4, mode, 0x11)),
        )
        assert command.hex().upper() == expected
    with pytest.raises(VaultError, match="CREATE KEY or CHANGE KEY only"):
        vault.psam_loading(
            key, 0x27, 0x24, master=vault.cipher(master), challenge=CHALLENGE, header=b"\x00\xd6\x00\x00"
        )


def test_usage_bytes() -> None:
    levels = (Level.NATION, Level.PROVINCE, Level.CITY)
    assert [usage_byte(level, 7) for level in levels] == [0x67, 0x47, 0x27]
    with pytest.raises(VaultError, match="0-31"):
        usage_byte(Level.CITY, 32)
