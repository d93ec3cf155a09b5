"""Keys that come into vaults of every back end; killed (-9) at every write and every change of a token."""

import json

import pytest

from killed.moment import BODIES, COMPONENTS, HSM, NATIONAL, NEW, PINS, SDF, SOFT, Moment, pair_of
from killed.sweep import Sweep
from shebaoka.chip.store import load_image
from shebaoka.psam.carrier.state import USE_LIMIT, USES_LEFT

BACKENDS = (SOFT, HSM, SDF)


def keys(moment: Moment, name: str) -> dict[str, str]:
    """Keys and check values of a vault, as it shows them."""
    shown = json.loads(moment.house.ok("vault", "show", name, "--json").out)
    return {key["id"]: key["kcv"] for key in shown["keys"]}


def used(image: str, moment: Moment) -> int:
    """Uses of a carrier."""
    values = load_image(moment.folder / image).state
    left, limit = values[USES_LEFT], values[USE_LIMIT]
    assert isinstance(left, bytes)
    assert isinstance(limit, bytes)
    return int.from_bytes(limit) - int.from_bytes(left)


@pytest.mark.parametrize("name", BACKENDS)
def test_a_vault_is_created(moment: Moment, name: str) -> None:
    """It is there, or what there is of it does not keep it from being created."""
    moment.needs(name)
    new = NEW[name]
    file = new if name == SOFT else f"{new}.file"
    body = ("--level", "city", "--code", "970100", "--name", "示例市")

    def look(own: Moment) -> bool:
        path = own.folder / file
        there = path.exists() and path.stat().st_size > 0
        assert not there or name == SOFT or keys(own, new) == {}
        return there

    sweep = Sweep(moment, ("vault", "create", new, "--empty", *body), look, {})
    for trial in sweep.done_or_not("exists already; choose another name or open it"):
        assert {path.name for path in trial.moment.folder.glob(f"{file}*")} == {file}


@pytest.mark.parametrize("name", BACKENDS)
def test_keys_come_from_carriers(moment: Moment, name: str) -> None:
    moment.needs(name)
    pair = pair_of(name)
    take = ("carriers", "import", "--vault", name, *pair)
    spent = []

    def look(own: Moment) -> dict[str, str]:
        spent.append([used(image, own) for image in pair[1::2]])
        return keys(own, name)

    sweep = Sweep(moment, take, look, PINS)
    assert {id_.split(":")[1] for id_ in sweep.after.keys() - sweep.before.keys()} == set(NATIONAL)
    assert spent == [[0, 0], [1, 1]]
    for trial in sweep.done_or_not():
        (mother, transmission), again = spent[-2:]
        assert mother <= transmission <= 1, trial.place
        assert trial.found == sweep.before or mother == transmission == 1, trial.place
        assert again == [mother + 1, transmission + 1], trial.place


@pytest.mark.parametrize("name", BACKENDS)
def test_a_key_comes_in_a_block(moment: Moment, name: str) -> None:
    moment.needs(name)
    take = ("keys", "import-block", name, f"{BODIES[name].code}.block", "--components", "2")
    sweep = Sweep(moment, take, lambda own: keys(own, name), COMPONENTS)
    for trial in sweep.done_or_not():
        assert len(trial.then) == len(sweep.before) + 1
