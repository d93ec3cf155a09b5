"""Entries that may be one person: how they are found when somebody is enrolled (D-02 to D-05)."""

from collections.abc import Iterator
from enum import StrEnum

from django.db.models import Q
from django.db.models.functions import Collate

from shebaoka.domain.citizen_id import CitizenIdError, check_digit, parse
from shebaoka.office.people.models import Person

_NEAR = 2
"""Places of the first 17 in which numbers of one person may differ."""


class Ground(StrEnum):
    """Why two entries are looked at."""

    NAME_AND_BIRTH = "name-and-birth"
    SOUND_AND_BIRTH = "sound-and-birth"
    NEAR_NUMBER = "near-number"
    DOCUMENT = "document"
    PHONE = "phone"


def grounds(one: Person, other: Person) -> tuple[Ground, ...]:
    """Why these two may be one person; none for people who only share a name."""
    found = []
    name, sound, birth = one.name == other.name, one.pinyin == other.pinyin, one.birth == other.birth
    near = distance(one.number, other.number) <= _NEAR
    phone = one.phone != "" and one.phone == other.phone
    if name and birth:
        found.append(Ground.NAME_AND_BIRTH)
    if sound and birth and not name and (near or phone):
        found.append(Ground.SOUND_AND_BIRTH)
    if near and sound:
        found.append(Ground.NEAR_NUMBER)
    own = {one.number, other.number}
    if one.document_number == other.document_number and not own & {one.document_number}:
        found.append(Ground.DOCUMENT)
    if found and phone:
        found.append(Ground.PHONE)
    return tuple(found)


def candidates(person: Person) -> list[tuple[Person, tuple[Ground, ...]]]:
    """Other entries that may be she, everywhere in the platform, with the grounds."""
    near = Q(number__in=list(neighbors(person.number)))
    same = Q(own_name=person.name, birth=person.birth) | Q(own_pinyin=person.pinyin, birth=person.birth)
    document = Q(document_number=person.document_number)
    if person.document_number == person.number:
        document = Q(number__in=())
    all_ = Person.objects.alias(own_name=Collate("name", "C"), own_pinyin=Collate("pinyin", "C"))
    found = all_.filter(same | near | document, merged_into=None).exclude(pk=person.pk)
    pairs = [(other, grounds(person, other)) for other in found.select_related("agency")[:50]]
    return [(other, why) for other, why in pairs if why]


def neighbors(number: str) -> Iterator[str]:
    """Well-formed identity numbers one mistake away: another digit, two neighbors exchanged."""
    head = number[:17]
    if not (len(number) == 18 and head.isascii() and head.isdigit()):
        return
    wrong = {head[:at] + digit + head[at + 1 :] for at in range(17) for digit in "0123456789"}
    wrong |= {head[:at] + head[at + 1] + head[at] + head[at + 2 :] for at in range(16)}
    for each in sorted(wrong - {head}):
        full = each + check_digit(each)
        try:
            parse(full)
        except CitizenIdError:
            continue
        yield full


def distance(one: str, other: str) -> int:
    """In how many of the first 17 characters two numbers differ."""
    if len(one) != len(other):
        return 18
    return sum(left != right for left, right in zip(one[:17], other[:17], strict=True))
