"""A form is done once: whoever sends it a second time is told what the first time led to.

The page gives each form a token. Whoever sends it holds the token until her transaction ends
(:func:`sent_before`); what it led to is kept with the token in the same transaction (:func:`sent_now`), so
that act and token are there together or not at all."""

from uuid import UUID

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.models import SentForm, Staff

_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def sent_before(staff: Staff, token: UUID, digest: str) -> str | None:
    """Where the form led when it was sent before, None the first time; waits for one that is being done.

    To be called in the transaction of what the form does. Raises Refusal ``organizations.form-used`` when the
    answers were others then, ``organizations.form-busy`` when the first takes too long."""
    with connection.cursor() as cursor:
        try:
            cursor.execute(_HOLD, [f"{staff.pk} {token}"])
        except OperationalError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise Refusal("organizations.form-busy") from error
            raise
    found = SentForm.objects.filter(staff=staff, token=token).first()
    if found is None:
        return None
    if found.digest != digest:
        raise Refusal("organizations.form-used")
    return found.address


def sent_now(staff: Staff, token: UUID, digest: str, address: str) -> None:
    """Keeps where the form led, with what it did."""
    with writing("organizations.form"):
        SentForm.objects.create(staff=staff, token=token, digest=digest, address=address, at=clock.now())
