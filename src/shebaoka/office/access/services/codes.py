"""Codes the counter gives: printed sealed, or on a card's letter. Whoever makes one does not see it."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from shebaoka.office.access.models import ActivationCode, LetterCode
from shebaoka.office.access.services.common import holder_locked
from shebaoka.office.access.services.messages import tell
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.codes import new_code, typed
from shebaoka.office.organizations.sealing import digest
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Person


@dataclass(frozen=True, slots=True)
class Made:
    """A code for the envelope; ``code`` goes to the printer and nowhere else."""

    person: Person
    code: str = field(repr=False)
    hours: int = 0


@service("access.activation-code.make")
def activation_code_make(act: Act, *, person: UUID) -> Made:
    """An activation code of one use, of 80 bits; an earlier one ends. Raises Refusal ``base.not-found``."""
    found = holder_locked(act, person)
    hours = parameter(found.agency, "enquiry.activation-hours")
    code = new_code(4)
    ActivationCode.objects.filter(person=found, used_at=None, withdrawn_at=None).update(withdrawn_at=act.time)
    made = ActivationCode.objects.create(
        person=found,
        digest=digest(typed(code), f"activation {found.pk}"),
        made_by=act.actor.staff,
        made_at=act.time,
        ends_at=act.time + timedelta(hours=hours),
    )
    act.about(made, person=str(found.pk))
    tell(found, "code-made", hours=hours)
    return Made(found, code, hours)


@service("access.letter-code.make")
def letter_code_make(act: Act, *, person: UUID) -> Made:
    """The code of the letter that is handed out with a card, of 60 bits; an earlier one ends."""
    found = holder_locked(act, person)
    code = new_code(3)
    LetterCode.objects.filter(person=found, used_at=None, withdrawn_at=None).update(withdrawn_at=act.time)
    made = LetterCode.objects.create(
        person=found, digest=digest(typed(code), f"letter {found.pk}"), made_at=act.time
    )
    act.about(made, person=str(found.pk))
    return Made(found, code)
