"""Signed statements: what a holder takes to others, and what anybody reads who types the code on it."""

import json
from dataclasses import dataclass, field
from hashlib import sha256

from django.conf import settings

from shebaoka.journal.canonical import canonical
from shebaoka.office.access.models import PortalSession, Statement
from shebaoka.office.access.services.common import noted
from shebaoka.office.access.tallies import forgive, of_origin, reserve
from shebaoka.office.audit.signing import public_key, signed_by, signing_key
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.codes import new_code, typed
from shebaoka.office.people.models import Person

MAKE = "access.statement.make"
_PURPOSE = "shebaoka statement 1"


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement for its paper; ``code``: 80 bits, in groups."""

    content: dict[str, str]
    code: str = field(repr=False)
    signature: str = ""


def statement_make(session: PortalSession) -> Stated:
    """Who she is and where she is insured, as the register says now."""
    person, code = session.whom, new_code(4)
    said = content_of(person)
    content = canonical({**said, "purpose": _PURPOSE})
    signature = signing_key(settings.CONFIGURATION).sign(content).hex()
    with writing(MAKE):
        made = Statement.objects.create(
            person=person,
            code=_digest(code),
            content=content.decode(),
            signature=signature,
            at=clock.now(),
        )
        noted(MAKE, person, made, agent=session.person)
    return Stated(said, code, signature)


def content_of(person: Person) -> dict[str, str]:
    """What a statement says."""
    return {
        "name": person.name,
        "number": person.number,
        "sex": person.sex,
        "birth": person.birth.isoformat(),
        "agency": person.agency.name,
        "employer": person.employer.name if person.employer else "",
        "day": clock.today().isoformat(),
    }


def statement_check(code: str, address: str = "") -> dict[str, str]:
    """What the statement with that code says. Raises Refusal ``statement-unknown``, also when its signature
    is not of this office's key, and ``wait`` after many tries from one address."""
    counted = of_origin(address)
    reserve(counted)
    found = Statement.objects.filter(code=_digest(code)).first()
    if found is None:
        raise Refusal("access.statement-unknown")
    forgive(counted)
    content = found.content.encode()
    if not signed_by(public_key(settings.CONFIGURATION))(content, bytes.fromhex(found.signature)):
        raise Refusal("access.statement-unknown")
    return {str(key): str(value) for key, value in json.loads(content).items()}


def _digest(code: str) -> str:
    """Of a code of 80 random bits, that nobody finds by trying; it outlives the office's signing key."""
    return sha256(f"{_PURPOSE} {typed(code)}".encode()).hexdigest()
