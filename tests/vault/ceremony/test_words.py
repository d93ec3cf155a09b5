"""A ceremony speaks the three languages of the office, with the same values filled in."""

from string import Formatter

from shebaoka.vault.ceremony import words_es
from shebaoka.vault.ceremony.problems import _PROBLEMS, problem
from shebaoka.vault.ceremony.words import _ROLES, _WORDS, STEPS, role_name, step_name, words


def fields(text: str) -> set[str]:
    return {name for _text, name, _form, _how in Formatter().parse(text) if name}


def test_every_sentence_is_there_in_spanish() -> None:
    assert set(words_es.WORDS) == set(_WORDS)
    assert set(words_es.STEPS) == set(STEPS)
    assert set(words_es.ROLES) == {*_ROLES, "custodian"}
    for what, (_zh, en) in _WORDS.items():
        assert fields(words_es.WORDS[what]) == fields(en), what


def test_names_inside_a_sentence_are_of_its_language() -> None:
    said = words("begin", step=2, steps=9, title=step_name("carriers"))
    assert said.es == "Paso 2 de 9: Portadores y precintos. ¿Empezar?"
    assert words("agree", role=role_name("custodian-b"), name="示例").es.startswith("Custodio de claves B")


def test_every_problem_is_there_in_three_languages_with_the_same_values() -> None:
    for what, (zh, en, es) in _PROBLEMS.items():
        assert fields(zh) == fields(es) <= fields(en), what
        assert len({zh, en, es}) == 3, what
    same = problem("components-same", key="BK")
    assert same.zh.startswith("BK：两个分量相同")
    assert same.es.startswith("BK: dos componentes son iguales")
