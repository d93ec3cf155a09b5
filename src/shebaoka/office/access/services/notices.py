"""A counter notes that a holder was told of her responsibility, with the signed sheet as proof (PW-07)."""

from uuid import UUID

from shebaoka.office.access.choices import Medium, Occasion
from shebaoka.office.access.models import Notice
from shebaoka.office.access.notice import note
from shebaoka.office.access.services.common import holder_locked
from shebaoka.office.organizations.acts import Act, service


@service("access.notice.note")
def notice_note(act: Act, *, person: UUID, sheet: str, accepted: bool = True) -> Notice:
    """At hand-out of the card: ``sheet`` is the number of the sheet she signed. Raises Refusal."""
    found = holder_locked(act, person)
    made = note(found, Occasion.HAND_OUT, Medium.PAPER, accepted=accepted, proof=sheet)
    act.about(made, person=str(found.pk), version=made.version)
    return made
