"""The optional applications of V2 appendix B: known to every terminal, used where a card has them."""

from pathlib import Path

import pytest

from shebaoka.spec.keys import key_catalogue
from shebaoka.spec.layouts import card_layout
from shebaoka.terminal import errors
from shebaoka.terminal.applications import applications, directories
from shebaoka.terminal.check import check_card
from shebaoka.terminal.reading import all_files, read_file
from shebaoka.terminal.rights import Route
from shebaoka.terminal.updating import Change, update, written
from terminal.support import ALGORITHMS, LEVELS, PIN, bench, vault_keys

OWN_LAYOUT = Path(__file__).parents[2] / "examples" / "extensions" / "980100-resident.toml"
ANNEX = {
    "annex": True,
    "files": {
        "DF05": {"EF05": {"A0": "1", "A3": [{"A5": "青霉素", "A6": "0001"}]}},
        "DF06": {"EF05": {"C3": {"E3": "01", "E6": 50_000}}},
    },
}
OPTIONAL = ["DF05", "DF06"]


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_read_and_written_by_a_psam_of_any_level(algorithm: str, level: str) -> None:
    session = bench(algorithm, level=level, card=ANNEX).open()
    health = read_file(session, "DF05", 0xEF05)
    assert health.value(0xA0) == "1"
    assert health.value(0xA3) == {"A5": "青霉素", "A6": "0001"}
    relief = read_file(session, "DF06", 0xEF05).value(0xC3)  # RK1DF06
    assert isinstance(relief, dict)
    assert (relief["E3"], relief["E6"]) == ("01", 50_000)
    changes = [Change("DF05", 0xEF05, tag=0xA0, value="3"), Change("DF06", 0xEF06, tag=0xC9, value="02")]
    update(session, changes)  # UK1DF05, UK2DF06
    assert written(session, changes) == [True, True]


def test_everything_of_a_card_includes_them_only_where_they_are() -> None:
    without, with_them = bench().open(), bench(card=ANNEX).open()
    assert not {directory for directory, _ in all_files(without)} & set(OPTIONAL)
    assert [place for place in all_files(with_them) if place[0] in OPTIONAL] == [
        ("DF05", 0xEF05),
        ("DF06", 0xEF05),
        ("DF06", 0xEF06),
    ]
    assert [d.id for d in directories(without)] == [d.id for d in card_layout("2.0").directories]
    named = [a.directory.id for a in applications(with_them) if a.directory]
    assert named[-3:] == ["DF05", "DF06", "DF07"]


def test_a_card_without_directory_file_is_not_taken_to_have_them() -> None:
    session = bench().open()
    session.fci = type(session.fci)(session.fci.name, None, session.fci.algorithm_code)
    assert not {d.id for d in directories(session)} & set(OPTIONAL)


def test_a_card_that_lacks_one_says_so() -> None:
    place = bench()
    session, before = place.open(), place.state
    with pytest.raises(errors.StatusWordError) as caught:
        read_file(session, "DF05", 0xEF05, code=PIN)
    assert caught.value.sw == 0x6A82
    assert "DF05" in caught.value.text()
    assert place.state == before


def test_beside_a_city_s_own_layout() -> None:
    own = {"2.0": card_layout("2.0", [OWN_LAYOUT])}
    session = bench(card=ANNEX, layouts=own).open()
    assert read_file(session, "DF05", 0xEF05).value(0xA0) == "1"


def test_keys_of_a_city_stand_beside_theirs() -> None:
    own = {"2.0": key_catalogue("2.0", [OWN_LAYOUT])}
    session = bench(card=ANNEX, keys_by_generation=own).open()
    assert set(session.catalogue) >= {"RK1DF06", "UK1DF05", *(key.name for key in own["2.0"])}


def test_card_check_looks_at_them_only_where_they_are() -> None:
    for card, names in ((None, []), (ANNEX, OPTIONAL)):
        report = check_card(bench(card=card).tap, keys=vault_keys(), code=PIN)
        assert report.passed
        assert sorted({f.place.split()[0] for f in report.findings} & set(OPTIONAL)) == names


def test_a_vault_without_their_keys_names_the_key() -> None:
    session = bench(card=ANNEX, keys=vault_keys()).open()
    with pytest.raises(errors.AccessError, match="RK1DF06 version 1 is not in the vault"):
        read_file(session, "DF06", 0xEF05, route=Route.KEY)
