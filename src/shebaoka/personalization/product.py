"""A card product: what the issuer orders - layout, algorithm, media, chip and maker, validity, limits."""

from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec

from shebaoka.paper.media import Media
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.errors import SpecError
from shebaoka.spec.loading import read_toml

HexVendor = Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f]{10}$")]
HexMaker = Annotated[str, msgspec.Meta(pattern="^[0-9A-Fa-f]{4}$")]
Digits6 = Annotated[str, msgspec.Meta(pattern="^[0-9]{6}$")]
TryLimit = Annotated[int, msgspec.Meta(ge=1, le=15)]


class FaceText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands on every card face of the product: issuing unit (发卡单位) and text of its seal (empty: the
    city's office), name of the cooperating bank (empty: none), service number."""

    issuing_unit: str = ""
    seal: str = ""
    bank: str = ""
    phone: str = "12333"


class CardProduct(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A product (卡产品).

    ``layout``: card layout id; ``annex``: with DF05 and DF06 of V2 appendix B; ``algorithm``: ``3DES`` or
    ``SM4``; ``stripe_until``: last day on which composite cards may be made (the stripe is a transitional
    medium); ``vendor``: T1-T5 of the historical bytes (chip and COS), 5 bytes in hex; ``maker``: T6-T7 (card
    manufacturer), 2 bytes in hex; ``initializer``: region of the initializing institution, default the
    issuing region, and ``initializer_sequence`` its number 0-99 (V2 T12); ``valid_years``: item 06 is the day
    before the anniversary; ``fci_algorithm``: whether the FCI names the algorithm; ``pin_limit``,
    ``key_limit``: tries; ``log_record_length``: 28, or 20 in account-only mode (Part 7 §12);
    ``starting_day``: mmdd of the settlement year."""

    name: str
    layout: str = "2.0"
    annex: bool = False
    algorithm: Annotated[str, msgspec.Meta(pattern="^(3DES|SM4)$")] = "3DES"
    media: Media = Media.CONTACT
    stripe_until: date | None = None
    vendor: HexVendor = "0081010203"
    maker: HexMaker = "1234"
    initializer: Digits6 | None = None
    initializer_sequence: Annotated[int, msgspec.Meta(ge=0, le=99)] = 1
    valid_years: Annotated[int, msgspec.Meta(ge=1, le=50)] = 10
    fci_algorithm: bool = True
    pin_limit: TryLimit = 6
    key_limit: TryLimit = 3
    log_record_length: Annotated[int, msgspec.Meta(ge=20, le=28)] = 28
    starting_day: Annotated[str, msgspec.Meta(pattern="^(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])$")] = "0101"
    face: FaceText = FaceText()

    @property
    def interface(self) -> str:
        """Of the chip: ``dual`` for dual-interface cards, else ``contact``."""
        return "dual" if self.media is Media.DUAL else "contact"

    @property
    def suite(self) -> Algorithm:
        """The key set: ``TDES`` or ``SM4``."""
        return Algorithm.SM4 if self.algorithm == "SM4" else Algorithm.TDES

    def check(self, issued: date) -> None:
        """Raises PersonalizationError when this product may not be made on that day."""
        if self.media is not Media.COMPOSITE:
            if self.stripe_until is not None:
                raise PersonalizationError(
                    f"product {self.name}: only composite cards have a stripe; remove stripe_until"
                )
            return
        if self.stripe_until is None:
            raise PersonalizationError(
                f"product {self.name}: a composite card needs stripe_until, the last day of its stripe"
            )
        if issued > self.stripe_until:
            raise PersonalizationError(
                f"product {self.name}: the hidden stripe ended on {self.stripe_until}, cards of {issued} "
                "carry none; choose media contact or dual"
            )


def read_product(path: Path) -> CardProduct:
    """A product from a TOML file. Raises PersonalizationError naming file, entry and reason."""
    try:
        return msgspec.convert(read_toml(path), CardProduct)
    except msgspec.ValidationError as error:
        raise PersonalizationError(f"{path}: {error}") from None
    except SpecError as error:
        raise PersonalizationError(str(error)) from None
