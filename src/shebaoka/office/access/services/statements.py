"""Signed statements: what a holder takes to others, and what anybody reads who types the code on it."""

import json
from dataclasses import dataclass, field
from hashlib import sha256

import msgspec
from django.conf import settings
from django.utils.translation import override

from shebaoka.journal.canonical import canonical
from shebaoka.office.access.models import PortalSession, Statement
from shebaoka.office.access.sections import sections
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


class Part(msgspec.Struct, frozen=True):
    """Records of a section, in Chinese, as text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement for its paper: facts, and ``parts`` that other parts of the office contribute; ``code``: 80
    bits, in groups."""

    content: dict[str, str]
    code: str = field(repr=False)
    signature: str = ""
    parts: tuple[Part, ...] = ()


def statement_make(session: PortalSession) -> Stated:
    """Who she is and where she is insured, as the register says now."""
    person, code = session.whom, new_code(4)
    said, parts = content_of(person), parts_of(session)
    told = {"parts": msgspec.to_builtins(parts)} if parts else {}
    content = canonical({**said, **told, "purpose": _PURPOSE})
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
    return Stated(said, code, signature, parts)


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


def parts_of(session: PortalSession) -> tuple[Part, ...]:
    """What the sections that a statement says have of her; who acts for her gets what the mandate covers."""
    within = session.scopes
    with override("zh-hans"):
        return tuple(
            Part(
                each.title.zh,
                tuple(column.zh for column in each.columns),
                tuple(tuple(str(cell) for cell in row) for row in each.rows(session.whom)),
            )
            for each in sections()
            if each.stated and (within is None or each.scope in within)
        )


def statement_check(code: str, address: str = "") -> Stated:
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
    told = json.loads(content)
    parts = msgspec.convert(told.pop("parts", []), tuple[Part, ...])
    return Stated({str(key): str(value) for key, value in told.items()}, code, found.signature, parts)


def _digest(code: str) -> str:
    """Of a code of 80 random bits, that nobody finds by trying; it outlives the office's signing key."""
    return sha256(f"{_PURPOSE} {typed(code)}".encode()).hexdigest()
