"""Card identification code (卡的识别码, item 01), 16 bytes: city code 3, application identifier 5, serial 4,
authentication code 4 (V2 §8.1.1.1).

The text does not say how the authentication code is computed: it is opaque, ``FFFFFFFF`` or the first four
bytes of an issuer's MAC over the first twelve bytes (decision K84).
"""

from collections.abc import Callable
from dataclasses import dataclass

from shebaoka.domain.region import check_region

APPLICATION_IDENTIFIER = bytes.fromhex("D156000005")
NO_AUTHENTICATION = b"\xff" * 4


class IdentificationCodeError(ValueError):
    """Bytes that are no identification code, or parts that do not fit into one."""


@dataclass(frozen=True, slots=True)
class IdentificationCode:
    """``city_code`` six digits, ``serial`` eight digits unique in the city, ``authentication`` four bytes."""

    city_code: str
    serial: str
    authentication: bytes = NO_AUTHENTICATION

    def __post_init__(self) -> None:
        try:
            check_region(self.city_code)
        except ValueError as error:
            raise IdentificationCodeError(str(error)) from None
        if len(self.serial) != 8 or not (self.serial.isascii() and self.serial.isdigit()):
            raise IdentificationCodeError("the serial of an identification code has eight digits")
        if len(self.authentication) != 4:
            raise IdentificationCodeError(
                f"the authentication code has 4 bytes, not {len(self.authentication)}"
            )

    @property
    def issue_code(self) -> bytes:
        """The first twelve bytes (发行码), which name the card."""
        return bytes.fromhex(self.city_code) + APPLICATION_IDENTIFIER + bytes.fromhex(self.serial)

    def encode(self) -> bytes:
        """The sixteen bytes."""
        return self.issue_code + self.authentication


def build(
    city_code: str, serial: int, authenticate: Callable[[bytes], bytes] | None = None
) -> IdentificationCode:
    """The code of a new card. ``serial``: 0-99999999; ``authenticate``: the issuer's MAC over the 12 bytes,
    of which four are taken, or None for ``FFFFFFFF``. Raises IdentificationCodeError."""
    if not 0 <= serial <= 99_999_999:
        raise IdentificationCodeError(f"the serial {serial} does not fit into eight digits")
    code = IdentificationCode(city_code, f"{serial:08d}")
    if authenticate is None:
        return code
    return IdentificationCode(city_code, code.serial, authenticate(code.issue_code)[:4])


def parse(data: bytes) -> IdentificationCode:
    """The parts of sixteen bytes. Raises IdentificationCodeError."""
    if len(data) != 16:
        raise IdentificationCodeError(f"an identification code has 16 bytes, not {len(data)}")
    if data[3:8] != APPLICATION_IDENTIFIER:
        raise IdentificationCodeError(
            f"bytes 4-8 of the identification code are {data[3:8].hex().upper()}, not D156000005"
        )
    return IdentificationCode(data[:3].hex(), data[8:12].hex(), data[12:])
