"""What the second steps of signing in share: attempts are counted first, the end is written once."""

from uuid import UUID

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import Act, record
from shebaoka.office.organizations.choices import Channel, Factor
from shebaoka.office.organizations.limits import limit
from shebaoka.office.organizations.models import SignIn, Staff
from shebaoka.office.organizations.throttle import ACT, attempt, succeeded


def counted(id: UUID) -> tuple[SignIn, str]:
    """The sign-in with one more attempt, counted whatever comes of it, and the key of its throttle. Raises
    Refusal ``sign-in-over`` when its time or its attempts are used up, ``wait``."""
    with writing(ACT):
        waiting = awaited(id)
        if waiting.attempts >= limit("sign-in-attempts", waiting.staff.organization.region):
            raise Refusal("organizations.sign-in-over")
        waiting.attempts += 1
        waiting.save(update_fields=["attempts"])
    return waiting, attempt("factor", waiting.staff.number, limit("failures-free"))


def awaited(id: UUID) -> SignIn:
    """The sign-in that waits for its second step, its row locked. Raises Refusal ``sign-in-over``."""
    found = (
        SignIn.objects.select_for_update(of=("self",))
        .select_related("staff__organization")
        .filter(pk=id, finished_at=None, ends_at__gt=clock.now(), staff__is_active=True)
        .first()
    )
    if found is None:
        raise Refusal("organizations.sign-in-over")
    return found


def finish(waiting: SignIn, factor: Factor, channel: Channel, key: str) -> Staff:
    """She is signed in: to be called in the transaction that proved it, which holds :func:`awaited`."""
    waiting.finished_at, waiting.factor = clock.now(), factor
    waiting.save(update_fields=["finished_at", "factor"])
    succeeded(key)
    staff = waiting.staff
    act = Act(ACT, Actor(staff.organization, channel, staff), waiting.finished_at, staff.organization)
    act.about(waiting, factor=factor.value)
    record(act)
    return staff


def refused(staff: Staff, channel: Channel, step: str) -> None:
    """Notes in the chain that somebody tried to sign in as her and could not."""
    with writing(ACT):
        act = Act(f"{ACT}.refused", Actor(staff.organization, channel), clock.now(), staff.organization)
        act.about(staff, step=step)
        record(act)
