"""Key pairs of tokens without the wait: a few, made once, go into the token as if it had made them."""

from functools import cache
from itertools import count

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateNumbers, generate_private_key

from shebaoka.vault.pkcs11.codes import CKA, CKK, CKO
from shebaoka.vault.pkcs11.library import Attributes
from shebaoka.vault.pkcs11.token import Token

_PRIVATE_EXPONENT = 0x123  # CKA_PRIVATE_EXPONENT; the primes and what follows from them come after it
_ROUND = 4  # enough for every receiver of one test to have its own
_turn = count()


@cache
def _numbers(bits: int, _place: int) -> RSAPrivateNumbers:
    return generate_private_key(65537, bits).private_numbers()


def made_before(token: Token, mechanism: int, public: Attributes, private: Attributes) -> tuple[int, int]:
    """In place of :meth:`Token.generate_pair`; ``mechanism`` is not asked."""
    bits = public[CKA.MODULUS_BITS]
    assert isinstance(bits, int)
    numbers = _numbers(bits, next(_turn) % _ROUND)
    both: Attributes = {
        CKA.KEY_TYPE: CKK.RSA,
        CKA.MODULUS: _bytes(numbers.public_numbers.n),
        CKA.PUBLIC_EXPONENT: _bytes(numbers.public_numbers.e),
    }
    secret = (numbers.d, numbers.p, numbers.q, numbers.dmp1, numbers.dmq1, numbers.iqmp)
    parts = {_PRIVATE_EXPONENT + place: _bytes(value) for place, value in enumerate(secret)}
    asked = {name: value for name, value in public.items() if name is not CKA.MODULUS_BITS}
    return (
        token.create({**asked, **both, CKA.CLASS: CKO.PUBLIC_KEY}),
        token.create({**private, **both, **parts, CKA.CLASS: CKO.PRIVATE_KEY}),
    )


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8)
