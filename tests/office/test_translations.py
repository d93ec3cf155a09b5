"""Every text of every page is there in three languages."""

from pathlib import Path

import pytest
from django.conf import settings

from shebaoka.office.base import messages
from shebaoka.office.base.catalogue import Words, errors
from shebaoka.office.desk.acts import payloads
from shebaoka.office.organizations.roles import acts, roles


@pytest.mark.parametrize("part", messages.parts(), ids=lambda part: str(part.relative_to(messages.OFFICE)))
def test_every_text_of_the_part_is_translated(part: Path) -> None:
    """Run ``python -m shebaoka.office.base.messages update``, translate, ``compile``."""
    assert messages.problems(part) == []


def test_no_text_has_two_translations() -> None:
    assert messages.conflicts() == []


def test_what_is_data_has_three_languages() -> None:
    found: list[Words] = [each.name for each in acts().values()]
    found += [each.name for each in roles().values()]
    found += [text for each in errors().values() for text in (each.what, each.remedy)]
    found += [field.name for each in payloads.fields().values() for field in each.values()]
    assert found
    assert [words for words in found if not (words.zh and words.en and words.es)] == []


def test_a_missing_translation_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    part = tmp_path / "part"
    (part / "templates").mkdir(parents=True)
    (part / "apps.py").write_text("")
    (part / "page.py").write_text("_('Hello %(name)s'); ngettext('%(count)d card', '%(count)d cards', 2)")
    (part / "templates" / "page.html").write_text("  {% load i18n %}\n {% translate 'Good \"day\"' %}")
    monkeypatch.setattr(messages, "OFFICE", tmp_path)
    messages.update(part)
    assert len(messages.problems(part)) == 8
    path = messages.catalogue(part, "es")
    text = path.read_text("utf-8")
    path.write_text(text.replace('"Hello %(name)s"\nmsgstr ""', '"Hello %(name)s"\nmsgstr "Hola %(nombre)s"'))
    messages.compile_part(part)
    assert any("other placeholders" in line for line in messages.problems(part))


@pytest.mark.parametrize("part", settings.CONTEXTS)
def test_every_field_that_is_checked_has_a_name(part: str) -> None:
    """``payloads.toml`` of the part's pages."""
    assert [name for name in payloads.unnamed() if name.startswith(f"{part}.")] == []
