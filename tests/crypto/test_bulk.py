import numpy as np
import pytest

from crypto.known_answers import CARD_KEYS, F3, VARIANTS, city_key, key_bytes
from shebaoka.crypto.bulk import card_keys, diversify_many, wrap
from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
from shebaoka.crypto.formulas import diversify
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue

variants = pytest.mark.parametrize("algorithm", VARIANTS.values(), ids=VARIANTS)


class Handle:
    """A key outside the software cipher: only the protocol is available."""

    def __init__(self, inner: SoftwareCipher) -> None:
        self._inner = inner

    @property
    def algorithm(self) -> Algorithm:
        return self._inner.algorithm

    def encrypt(self, blocks: bytes) -> bytes:
        assert type(blocks) is bytes
        return self._inner.encrypt(blocks)

    def decrypt(self, blocks: bytes) -> bytes:
        return self._inner.decrypt(blocks)

    def derive(self, data: bytes, algorithm: Algorithm) -> BlockCipher:
        return self._inner.derive(data, algorithm)

    def fold(self) -> BlockCipher:
        return self._inner.fold()

    def halves(self) -> tuple[BlockCipher, BlockCipher]:
        return self._inner.halves()


def catalogue_roots(algorithm: Algorithm) -> list[SoftwareCipher]:
    return [city_key(entry.name, algorithm) for entry in key_catalogue("2.0")]


def factors(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(count).integers(0, 256, (count, 8), dtype=np.uint8)


def doubled(key: bytes) -> bytes:
    return key if len(key) == 16 else key + key


@variants
def test_known_answers(algorithm: Algorithm) -> None:
    roots = [city_key(name, algorithm) for name in CARD_KEYS]
    [card] = card_keys(roots, np.frombuffer(F3, np.uint8).reshape(1, 8))
    assert [row.tobytes() for row in card] == [doubled(answer.of(algorithm)) for answer in CARD_KEYS.values()]


@variants
@pytest.mark.parametrize("threads", [1, 2])
def test_every_key_of_the_catalogue_equals_the_scalar_formula(algorithm: Algorithm, threads: int) -> None:
    roots, cards = catalogue_roots(algorithm), factors(2500)
    keys = card_keys(roots, cards, threads)
    assert keys.shape == (2500, 55, 16)
    for n in (0, 1, 1023, 1024, 2047, 2048, 2499):
        for k, root in enumerate(roots):
            scalar = key_bytes(diversify(root, cards[n].tobytes()))
            assert keys[n, k].tobytes() == doubled(scalar), (n, k)


@variants
def test_handles_give_the_same_keys(algorithm: Algorithm) -> None:
    roots, cards = catalogue_roots(algorithm)[:8], factors(50)
    assert np.array_equal(card_keys([Handle(root) for root in roots], cards), card_keys(roots, cards))


@variants
def test_factors_may_be_a_slice_of_something_larger(algorithm: Algorithm) -> None:
    historical = np.random.default_rng(1).integers(0, 256, (20, 13), dtype=np.uint8)
    root = city_key("IRK", algorithm)
    keys = diversify_many(root, historical[:, 5:])
    assert keys.shape == (20, 16)
    assert keys[7].tobytes() == key_bytes(diversify(root, historical[7, 5:].tobytes()))


@variants
def test_no_cards_and_no_keys(algorithm: Algorithm) -> None:
    root = city_key("IRK", algorithm)
    assert card_keys([root], factors(0), 2).shape == (0, 1, 16)
    assert card_keys([], factors(3)).shape == (3, 0, 16)


@variants
def test_wrapping(algorithm: Algorithm) -> None:
    master = city_key("IRK", algorithm)
    keys = card_keys(catalogue_roots(algorithm), factors(3))
    for cipher in (master, Handle(master)):
        wrapped = wrap(cipher, keys)
        assert wrapped.shape == keys.shape
        assert wrapped[2, 54].tobytes() == master.encrypt(keys[2, 54].tobytes())
        assert wrap(cipher, keys[0, 0]).tobytes() == master.encrypt(keys[0, 0].tobytes())


def test_wrong_shapes_are_refused() -> None:
    root = city_key("IRK", Algorithm.SM4)
    for wrong in (np.zeros((3, 7), np.uint8), np.zeros(8, np.uint8), np.zeros((3, 8), np.int64)):
        with pytest.raises(ValueError, match="factors are N x 8 bytes"):
            card_keys([root], wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least one thread"):
        card_keys([root], factors(1), 0)
    with pytest.raises(ValueError, match="rows of 16 bytes"):
        wrap(root, np.zeros((3, 8), np.uint8))
