"""Messages to a holder: posted within the act they tell of, read by her, kept. A warning also goes to the
registered telephone, in her language. Other parts post by :func:`tell`; those below by ``people.hooks``."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import get_language, override

from shebaoka.office.access.models import Account, Message
from shebaoka.office.access.sending import send
from shebaoka.office.access.telling import filled, kinds, values_of
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.acts import Act
from shebaoka.office.people.models import Person

READ = "access.messages.read"
CHINESE = "zh-hans"


def tell(person: Person, kind: str, **values: object) -> Message:
    """A message of that kind for her, in the transaction that is going on. Raises KeyError for a kind that
    the catalog has not, ValueError for values that its words do not name."""
    return Message.objects.create(person=person, kind=kind, values=values_of(kind, values), at=clock.now())


def warn(person: Person, kind: str, **values: object) -> Message:
    """As :func:`tell`, and to the registered telephone, once the transaction stands."""
    made = tell(person, kind, **values)
    with override(language_of(person)):
        send(person.phone, filled(kind, made.values))
    return made


def tell_if_known(person: Person, kind: str, values: Mapping[str, str]) -> None:
    """As :func:`tell`, for parts below that do not know which messages have words."""
    if kind in kinds():
        tell(person, kind, **values)


def tell_of_change(act: Act, person: Person, changed: Sequence[str]) -> None:
    """Staff changed her entry in the register."""
    told = act.actor.staff is not None and bool(changed) and not act.name.endswith(".enroll")
    if told and person.died_on is None and person.merged_into is None:
        tell(person, "register-changed")


def messages_read(person: Person, ids: list[UUID]) -> int:
    """These of her messages count as read; how many were new."""
    with writing(READ):
        return Message.objects.filter(person=person, pk__in=ids, read_at=None).update(read_at=clock.now())


def language_of(person: Person | None) -> str:
    """In which she is written to: her choice, that of the page that is going on, Chinese. Nobody is asked for
    as much as somebody is."""
    chosen = Account.objects.filter(person=person).values_list("language", flat=True).first()
    return chosen or get_language() or CHINESE
