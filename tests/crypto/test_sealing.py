import pytest

from shebaoka.crypto.sealing import Seal, SealError


def test_what_is_sealed_opens_with_passphrase_and_context_only() -> None:
    seal = Seal("open sesame", 4)
    sealed = seal.seal(b"KEY-MATERIAL", b"head")
    assert b"KEY-MATERIAL" not in sealed
    assert seal.seal(b"KEY-MATERIAL", b"head") != sealed
    assert Seal.of(seal.parameters, "open sesame").unseal(sealed, b"head") == b"KEY-MATERIAL"
    altered = sealed[:-1] + bytes((sealed[-1] ^ 1,))
    wrong = Seal.of(seal.parameters, "open Sesame")
    for other, data, context in (
        (seal, sealed, b"heat"),
        (seal, altered, b"head"),
        (seal, b"", b"head"),
        (seal, sealed[:20], b"head"),
        (wrong, sealed, b"head"),
        (Seal("open sesame", 4), sealed, b"head"),
    ):
        with pytest.raises(SealError, match="wrong passphrase, or the file is damaged"):
            other.unseal(data, context)
    assert "sesame" not in repr(seal)


@pytest.mark.parametrize(
    "parameters",
    [
        "",
        "scrypt",
        "scrypt 4",
        "scrypt 4 00",
        "scrypt 4 " + "0g" * 16,
        "scrypt x " + "00" * 16,
        "scrypt 0 " + "00" * 16,
        "scrypt 21 " + "00" * 16,
        "scrypt 4 " + "00" * 16 + " 1",
        "argon2 4 " + "00" * 16,
    ],
)
def test_damaged_or_unreasonable_parameters_are_refused(parameters: str) -> None:
    with pytest.raises(SealError, match="parameters of the passphrase"):
        Seal.of(parameters, "open sesame")
