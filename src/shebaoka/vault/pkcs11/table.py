"""Which mechanism numbers a token uses: tables in TOML, shipped or a site's own."""

from pathlib import Path

import msgspec

from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml
from shebaoka.vault.model import VaultError

TABLES = Path(__file__).parent / "tables"


class CipherNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A block cipher: key type, ECB; and, where the token has them, key generation, derivation by
    ``..._ECB_ENCRYPT_DATA`` and wrapping in ECB."""

    key_type: int
    ecb: int
    generate: int | None = None
    derive: int | None = None
    wrap: int | None = None


class AesNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The AES key wrap of RFC 3394."""

    key_type: int
    wrap: int


class RsaNumbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """RSA-OAEP; ``hash`` is 0x220 (SHA-1) or 0x250 (SHA-256), ``mask`` 1 or 2 with it; ``bits`` of keys."""

    generate: int
    wrap: int
    hash: int
    mask: int
    bits: int = 3072


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The numbers of one kind of token; a missing section means it has no such thing."""

    name: str
    tdes: CipherNumbers | None = None
    sm4: CipherNumbers | None = None
    aes: AesNumbers | None = None
    rsa: RsaNumbers | None = None

    def cipher(self, algorithm: Algorithm) -> CipherNumbers:
        """The numbers of an algorithm; single DES is held as 3DES. Raises VaultError."""
        numbers = self.sm4 if algorithm is Algorithm.SM4 else self.tdes
        if numbers is None or algorithm is Algorithm.SSF33:
            raise VaultError(f"the mechanism table {self.name} has no numbers for {algorithm.label}")
        return numbers

    def limited(self, present: frozenset[int]) -> "Table":
        """The part of the table that a token with these mechanisms has."""
        return Table(
            self.name,
            _cipher(self.tdes, present),
            _cipher(self.sm4, present),
            self.aes if self.aes and self.aes.wrap in present else None,
            self.rsa if self.rsa and {self.rsa.wrap, self.rsa.generate} <= present else None,
        )

    def lacking(self, present: frozenset[int]) -> list[str]:
        """What the table names and the token lacks: ``sm4 ecb (0x80000029)``."""
        wanted = {
            f"{section} {field}": number
            for section in ("tdes", "sm4", "aes", "rsa")
            for field in ("generate", "ecb", "derive", "wrap")
            if (number := getattr(getattr(self, section), field, None)) is not None
        }
        return [f"{what} (0x{number:X})" for what, number in wanted.items() if number not in present]

    @property
    def algorithms(self) -> frozenset[Algorithm]:
        """What a token of this table computes with."""
        found = {Algorithm.TDES, Algorithm.DES} if self.tdes else set()
        return frozenset(found | ({Algorithm.SM4} if self.sm4 else set()))

    @property
    def strict(self) -> bool:
        """Whether keys can be derived and wrapped without leaving the token."""
        ciphers = [numbers for numbers in (self.tdes, self.sm4) if numbers]
        wraps = self.aes is not None or all(numbers.wrap is not None for numbers in ciphers)
        return wraps and bool(ciphers) and all(numbers.derive is not None for numbers in ciphers)


def read_table(name: str, folder: Path = Path()) -> Table:
    """A shipped table by name (``standard``), or a TOML file, relative to ``folder``. Raises VaultError."""
    path = folder / name if name.endswith(".toml") else TABLES / f"{name}.toml"
    try:
        return msgspec.convert(read_toml(path), Table)
    except SpecError as error:
        known = ", ".join(sorted(found.stem for found in TABLES.glob("*.toml")))
        raise VaultError(f"mechanism table {name}: {error}; shipped tables: {known}") from None
    except msgspec.ValidationError as error:
        raise VaultError(f"mechanism table {path}: {error}") from None


def _cipher(numbers: CipherNumbers | None, present: frozenset[int]) -> CipherNumbers | None:
    if numbers is None or numbers.ecb not in present:
        return None
    return CipherNumbers(
        numbers.key_type,
        numbers.ecb,
        numbers.generate if numbers.generate in present else None,
        numbers.derive if numbers.derive in present else None,
        numbers.wrap if numbers.wrap in present else None,
    )
