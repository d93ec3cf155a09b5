"""Access rules: expressions over rights, compiled once to alternatives of sets.

On the wire a rule is postfix: ``00`` free, ``FF`` never (each alone), else ``01`` PIN, ``02 id`` key,
``03`` master key of the directory, ``10`` and, ``11`` or. Compiled, a rule is a tuple of frozensets; it is
fulfilled when one of them is a subset of the rights held.
"""

from typing import Final, TypeAlias

Rule: TypeAlias = tuple[frozenset[int], ...]

# Rights: a key identifier 00-FF (bit 8 set: local to the current DF), or one of these.
PIN_RIGHT: Final = 0x100
MASTER_RIGHT: Final = 0x200

FREE: Final[Rule] = (frozenset(),)
NEVER: Final[Rule] = ()

_MOST_ALTERNATIVES = 64


def compile_rule(postfix: bytes) -> Rule:
    """The rule as alternatives. Raises ValueError for a malformed or absurdly large one."""
    if postfix == b"\x00":
        return FREE
    if postfix in (b"\xff", b""):
        return NEVER
    stack: list[Rule] = []
    position = 0
    while position < len(postfix):
        token = postfix[position]
        position += 1
        if token == 0x02:
            if position == len(postfix):
                raise ValueError("access rule: a key identifier is missing")
            stack.append((frozenset({postfix[position]}),))
            position += 1
        elif token in (0x01, 0x03):
            stack.append((frozenset({PIN_RIGHT if token == 0x01 else MASTER_RIGHT}),))
        elif token in (0x10, 0x11):
            _combine(stack, token)
        else:
            raise ValueError(f"access rule: unknown token {token:02X}")
    if len(stack) != 1:
        raise ValueError("access rule: operands left over")
    return stack[0]


def _combine(stack: list[Rule], token: int) -> None:
    if len(stack) < 2:
        raise ValueError("access rule: an operand is missing")
    right, left = stack.pop(), stack.pop()
    joined = (*left, *right) if token == 0x11 else tuple(a | b for a in left for b in right)
    if len(joined) > _MOST_ALTERNATIVES:
        raise ValueError("access rule: too many alternatives")
    stack.append(_minimal(joined))


def _minimal(rule: Rule) -> Rule:
    """Drop alternatives that contain another one."""
    distinct = tuple(dict.fromkeys(rule))
    return tuple(term for term in distinct if not any(other < term for other in distinct))
