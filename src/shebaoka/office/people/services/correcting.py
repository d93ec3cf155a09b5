"""Corrections of what a person is known by: with evidence, by two people (domain practice on face data)."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep, read
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.people.choices import DocumentType, Sex
from shebaoka.office.people.identity import name_of, number_of
from shebaoka.office.people.models import Evidence, OldNumber, Person
from shebaoka.office.people.pinyin import pinyin
from shebaoka.office.people.services.common import person_locked, reason, words
from shebaoka.office.people.services.noting import changed, duplicates_noted


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be right of a person; what is left out stays. ``evidence``: SHA-256 of files kept for her;
    ``alive``: a recorded death was a mistake."""

    person: UUID
    evidence: tuple[str, ...]
    reason: str
    number: str = ""
    name: str = ""
    document_type: DocumentType | None = None
    document_number: str = ""
    sex: Sex | None = None
    birth: date | None = None
    alive: bool = False


@service("people.evidence.add")
def evidence_add(act: Act, *, person: UUID, name: str, content: bytes) -> Evidence:
    """A scan that proves something about a person. Raises Refusal ``base.file-unfit``."""
    found = person_locked(act, person)
    name, digest = keep(name, content)
    made, _ = Evidence.objects.get_or_create(
        person=found, sha256=digest, defaults={"name": name, "size": len(content), "at": act.time}
    )
    act.about(found, sha256=digest)
    return made


@two_persons("people.person.correct", Correction, rehearsed=True)
def person_correct(act: Act, correction: Correction) -> Person:
    """Corrects number, name, document, sex, birth, or takes back a death.

    Raises Refusal ``people.evidence-lacking``, ``people.nothing-changed``, ``people.number-known``,
    ``people.number-wrong``, ``people.name-unfit``, ``people.sex-or-birth``."""
    found = person_locked(act, correction.person)
    proofs = set(found.evidence.values_list("sha256", flat=True))
    if not correction.evidence or not proofs.issuperset(correction.evidence):
        raise Refusal("people.evidence-lacking")
    for digest in correction.evidence:
        read(digest)
    why = reason(correction.reason)
    values = _values(found, correction)
    before = {name: getattr(found, name) for name in values}
    differing = sorted(name for name, value in values.items() if before[name] != value)
    if not differing:
        raise Refusal("people.nothing-changed")
    for name, value in values.items():
        setattr(found, name, value)
    if "number" in differing:
        OldNumber.objects.get_or_create(
            person=found, number=before["number"], defaults={"until": act.time, "why": "corrected"}
        )
    found.save(update_fields=list(values))
    changed(act, found, differing)
    duplicates_noted(act, found)
    act.about(found, changed=differing, evidence=list(correction.evidence), why=why)
    return found


def _values(found: Person, correction: Correction) -> dict[str, Any]:
    """The columns as they are to be."""
    number = number_of(correction.number or found.number)
    if number.text != found.number and Person.objects.filter(number=number.text).exists():
        raise Refusal("people.number-known")
    name = name_of(correction.name) if correction.name else found.name
    birth = correction.birth or (number.birth if correction.number else None) or found.birth
    sex = correction.sex or (number.sex if correction.number else "") or found.sex
    if number.birth not in (None, birth) or birth > clock.today():
        raise Refusal("people.sex-or-birth")
    document = words(correction.document_number, 20).upper()
    same = found.document_number == found.number
    return {
        "number": number.text,
        "number_kind": number.kind.value,
        "name": name,
        "pinyin": pinyin(name),
        "chip_name": found.chip_name if name == found.name else "",
        "document_type": correction.document_type or found.document_type,
        "document_number": document or (number.text if same else found.document_number),
        "sex": sex,
        "birth": birth,
        "died_on": None if correction.alive else found.died_on,
    }
