import pytest
from hypothesis import given
from hypothesis import strategies as st

from shebaoka.spec.conditions import (
    FREE,
    NEVER,
    PIN,
    AllOf,
    AnyOf,
    Condition,
    KeyProof,
    key_names,
    parse_condition,
)

_ATOMS = st.sampled_from([PIN, KeyProof("RK1DF01"), KeyProof("UK4DF03"), KeyProof("KID-01"), FREE, NEVER])


def _combine(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return st.one_of(parts.map(AnyOf), parts.map(AllOf))


def _plain(condition: Condition) -> Condition:
    """Flattened: nested ``or`` in ``or`` and ``and`` in ``and`` need no brackets."""
    match condition:
        case AnyOf(parts) | AllOf(parts):
            kind = type(condition)
            flat: list[Condition] = []
            for part in map(_plain, parts):
                flat += part.parts if isinstance(part, kind) else [part]
            return kind(tuple(flat))
        case _:
            return condition


@given(st.recursive(_ATOMS, _combine, max_leaves=8))
def test_printed_condition_is_read_back(condition: Condition) -> None:
    plain = _plain(condition)
    assert parse_condition(str(plain)) == plain


def test_and_binds_tighter() -> None:
    assert parse_condition("PIN and A or B") == AnyOf((AllOf((PIN, KeyProof("A"))), KeyProof("B")))
    assert parse_condition("PIN and (A or B)") == AllOf((PIN, AnyOf((KeyProof("A"), KeyProof("B")))))


def test_key_names() -> None:
    assert key_names(parse_condition("(PIN and RK3DF03) or UK4DF03")) == {"RK3DF03", "UK4DF03"}
    assert key_names(FREE) == key_names(NEVER) == key_names(PIN) == set()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ends too early"),
        ("PIN or", "ends too early"),
        ("(PIN", "closing bracket"),
        ("PIN RK1", "unexpected 'RK1'"),
        ("or PIN", "unexpected 'or'"),
        ("PIN & RK1", "unexpected '&' at character 5"),
        ("PIN)", r"unexpected '\)'"),
    ],
)
def test_errors_name_the_place(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_condition(text)
