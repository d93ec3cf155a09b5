"""The state machines around a card: their data, the acts that move, the page made of them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shebaoka.domain.card_states import IllegalMoveError, Machine, machine, machines
from shebaoka.domain.card_states_page import PAGE, page

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
KEYS = sorted(machines())


def acts(of: Machine) -> list[str]:
    return sorted({move.act for move in of.moves})


@pytest.mark.parametrize("key", KEYS)
def test_every_state_can_be_reached_and_every_end_is_final(key: str) -> None:
    found = machine(key)
    reached, waiting = {found.first}, [found.first]
    while waiting:
        for state in found.table[waiting.pop()] - reached:
            reached.add(state)
            waiting.append(state)
    assert reached == found.states.keys()
    assert found.ends


@given(data=st.data())
def test_a_life_of_legal_acts_never_meets_an_illegal_step(data: st.DataObject) -> None:
    found = machine(data.draw(st.sampled_from(KEYS)))
    state = found.first
    for _ in range(12):
        act = data.draw(st.sampled_from(acts(found)))
        targets = [move.after for move in found.moves if (move.act, move.before) == (act, state)]
        if not targets:
            assert not found.may(act, state)
            with pytest.raises(IllegalMoveError):
                found.after(act, state)
            continue
        back = data.draw(st.sampled_from(targets))
        after = found.after(act, state, back if len(targets) > 1 else "")
        assert found.allows(state, after)
        assert after == back or len(targets) == 1
        state = after


@given(st.sampled_from(sorted(machine("social").states)), st.sampled_from(acts(machine("social"))))
def test_cancelled_is_final_and_a_sealed_card_serves_nobody(state: str, act: str) -> None:
    social = machine("social")
    assert not social.may(act, "9")
    if social.may(act, state) and "1" in social.table[state] and act == "activate":
        assert state == "0"


def test_where_an_act_leads_back_to_must_be_said() -> None:
    social = machine("social")
    assert social.after("release", "4", "0") == "0"
    assert social.after("release", "4", "1") == "1"
    with pytest.raises(IllegalMoveError):
        social.after("release", "4")
    with pytest.raises(IllegalMoveError):
        social.after("release", "4", "9")
    with pytest.raises(IllegalMoveError, match="activate does not follow formally lost"):
        social.after("activate", "2")


def test_both_applications_have_states_of_their_own() -> None:
    """All four combinations of not active and active exist (R-60)."""
    assert {"0", "1"} <= machine("social").states.keys()
    assert {"opened", "active"} <= machine("bank").states.keys()
    assert not {move.act for move in machine("social").moves} & {move.act for move in machine("bank").moves}


def test_the_page_is_up_to_date() -> None:
    assert (REFERENCE / PAGE).read_text("utf-8") == page(), "run: make docs"
