"""Number of the initializing institution (初始化机构编号, item 04), 12 bytes cn (V2 T12)."""

from dataclasses import dataclass

from shebaoka.domain.region import check_region

ISSUER_IDENTIFIER = "9156000002"


class InstitutionError(ValueError):
    """Digits that are no institution number, or parts that do not fit into one."""


@dataclass(frozen=True, slots=True)
class Institution:
    """``issuing_region`` and ``initializing_region`` six digits, ``sequence`` 0-99."""

    issuing_region: str
    initializing_region: str
    sequence: int

    def __post_init__(self) -> None:
        try:
            check_region(self.issuing_region)
            check_region(self.initializing_region)
        except ValueError as error:
            raise InstitutionError(str(error)) from None
        if not 0 <= self.sequence <= 99:
            raise InstitutionError(f"the sequence number {self.sequence} does not fit into two digits")

    @property
    def digits(self) -> str:
        """The 24 digits, as item 04 holds them.

        >>> Institution("110000", "110100", 2).digits
        '915600000211000011010002'
        """
        regions = self.issuing_region + self.initializing_region
        return f"{ISSUER_IDENTIFIER}{regions}{self.sequence:02d}"

    def encode(self) -> bytes:
        """The twelve bytes."""
        return bytes.fromhex(self.digits)


def parse(digits: str) -> Institution:
    """The parts of 24 digits. Raises InstitutionError."""
    if len(digits) != 24 or not (digits.isascii() and digits.isdigit()):
        raise InstitutionError("an institution number has 24 digits")
    if not digits.startswith(ISSUER_IDENTIFIER):
        raise InstitutionError(f"an institution number begins with {ISSUER_IDENTIFIER}, not {digits[:10]}")
    return Institution(digits[10:16], digits[16:22], int(digits[22:]))
