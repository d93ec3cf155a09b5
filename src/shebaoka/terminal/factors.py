"""What a terminal knows of a card: identity and diversification factors."""

from dataclasses import dataclass

from shebaoka.crypto.factors import card_factor, city_factor, province_factor
from shebaoka.spec.algorithm import Algorithm


@dataclass(frozen=True, slots=True)
class CardIdentity:
    """Identification code (卡的识别码, 32 hexadecimal digits, item 01) and card number (卡号, item 07)."""

    identification_code: str
    card_number: str

    @property
    def city_code(self) -> str:
        """Six digits of the issuing city: the first three bytes of the identification code."""
        return self.identification_code[:6]

    def __repr__(self) -> str:
        return f"CardIdentity({self.identification_code[:6]}..., {self.card_number[:3]}...)"


@dataclass(frozen=True, slots=True)
class CardFactors:
    """What diversifies a card's keys: cipher, city code (six digits), historical bytes (13), card generation.

    ``generation`` is the key catalogue's: ``1.0``, ``2.0`` or ``3.0``.
    """

    algorithm: Algorithm
    city_code: str
    historical: bytes
    generation: str = "2.0"

    def deepest_first(self, steps: int) -> tuple[bytes, ...]:
        """The factors of the last ``steps`` (1-3) diversifications in wire order: card, city, province
        (Part 9 §9.9.3). Raises ValueError for a city code that is not six digits."""
        chain = (
            card_factor(self.historical),
            city_factor(self.city_code),
            province_factor(self.city_code),
        )
        return chain[:steps]

    def downward(self, steps: int) -> tuple[bytes, ...]:
        """The same factors in the order in which a root is diversified: ... city, card."""
        return self.deepest_first(steps)[::-1]
