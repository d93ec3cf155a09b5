"""Access rules: compilation against direct evaluation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shebaoka.chip.access import FREE, NEVER, PIN_RIGHT, compile_rule

_ATOMS = st.sampled_from([b"\x01", *(bytes((2, key)) for key in (0x04, 0x83, 0x84, 0x85))])


def _join(pair: tuple[bytes, bytes, int]) -> bytes:
    left, right, operator = pair
    return left + right + bytes((operator,))


_RULES = st.recursive(
    _ATOMS, lambda inner: st.tuples(inner, inner, st.sampled_from([0x10, 0x11])).map(_join), max_leaves=6
)


def evaluate(postfix: bytes, rights: set[int]) -> bool:
    """Straight from the definition."""
    stack: list[bool] = []
    tokens = iter(postfix)
    for token in tokens:
        if token == 1:
            stack.append(PIN_RIGHT in rights)
        elif token == 2:
            stack.append(next(tokens) in rights)
        else:
            right, left = stack.pop(), stack.pop()
            stack.append(left and right if token == 0x10 else left or right)
    return stack.pop()


@given(_RULES, st.sets(st.sampled_from([PIN_RIGHT, 0x04, 0x83, 0x84, 0x85])))
def test_compiled_rules_decide_as_the_definition(postfix: bytes, rights: set[int]) -> None:
    assert any(term <= rights for term in compile_rule(postfix)) == evaluate(postfix, rights)


def test_constants_and_subsumption() -> None:
    assert compile_rule(b"\x00") == FREE
    assert compile_rule(b"\xff") == compile_rule(b"") == NEVER
    assert compile_rule(bytes.fromhex("010102831011")) == (frozenset({PIN_RIGHT}),)  # PIN or (PIN and 83)


@pytest.mark.parametrize("text", ["02", "10", "0110", "0101", "05", "0100", "01FF11"])
def test_malformed_rules(text: str) -> None:
    with pytest.raises(ValueError, match="access rule"):
        compile_rule(bytes.fromhex(text))


def test_explosions_are_refused() -> None:
    pairs = b"".join(bytes((2, 2 * n, 2, 2 * n + 1, 0x11)) for n in range(8))
    with pytest.raises(ValueError, match="too many"):
        compile_rule(pairs + b"\x10" * 7)
