"""What still stands between a person and a card: shown at the desk, asked by the part of cards."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q

from shebaoka.domain.names import chip_form, code_points
from shebaoka.office.people.ages import young
from shebaoka.office.people.card_items import lacking_in
from shebaoka.office.people.choices import Outcome
from shebaoka.office.people.models import Duplicate, Person
from shebaoka.paper.fonts import missing_glyphs


class Lack(StrEnum):
    """A reason a card waits (``NAME_…``, ``PHOTO``, ``DUPLICATE``, ``DEAD``, ``GUARDIAN``), or a text
    that the chip goes without (``TEXT``)."""

    NAME_CHIP = "name-chip"
    NAME_FACE = "name-face"
    PHOTO = "photo"
    GUARDIAN = "guardian"
    DUPLICATE = "duplicate"
    DEAD = "dead"
    MERGED = "merged"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """``detail``: code points of characters, or the place on the card; never a person's data."""

    lack: Lack
    detail: str = ""

    @property
    def waits(self) -> bool:
        """Whether no card is made until it is settled."""
        return self.lack is not Lack.TEXT


def shortcomings(person: Person, *, photo: bool = True) -> tuple[Shortcoming, ...]:
    """All of them. ``photo``: whether the card product has one."""
    return tuple(_of_name(person) + _of_person(person, photo=photo) + _of_texts(person))


def _of_name(person: Person) -> list[Shortcoming]:
    found = []
    form = chip_form(person.name, person.chip_name)
    if not form.text:
        found.append(Shortcoming(Lack.NAME_CHIP, code_points("".join(form.lacking))))
    unseen = missing_glyphs(person.name)
    if unseen:
        found.append(Shortcoming(Lack.NAME_FACE, code_points("".join(unseen))))
    return found


def _of_person(person: Person, *, photo: bool) -> list[Shortcoming]:
    found = []
    if photo and not person.photo_chip:
        found.append(Shortcoming(Lack.PHOTO))
    if young(person.agency, person.birth) and not person.guardians.filter(ended_at=None).exists():
        found.append(Shortcoming(Lack.GUARDIAN))
    if Duplicate.objects.filter(Q(first=person) | Q(second=person), outcome=Outcome.OPEN).exists():
        found.append(Shortcoming(Lack.DUPLICATE))
    if person.died_on is not None:
        found.append(Shortcoming(Lack.DEAD))
    if person.merged_into_id is not None:
        found.append(Shortcoming(Lack.MERGED))
    return found


def _of_texts(person: Person) -> list[Shortcoming]:
    texts = {"DF01.EF06.23": person.address}
    if person.employer is not None:
        texts["DF01.EF09.2E"] = person.employer.name
    for fact in person.facts.filter(ended_at=None):
        texts |= {f"{fact.subject}.{field}": text for field, text in fact.values.items()}
    return [Shortcoming(Lack.TEXT, place) for place, text in texts.items() if lacking_in(text)]
