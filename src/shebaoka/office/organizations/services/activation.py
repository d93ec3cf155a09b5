"""Activation: the first password, or a new one after the old or the second factor was lost.

The code has two parts. An administrator hands out the first, a leader the second; whoever has only one cannot
sign in, so no single person can become another."""

from dataclasses import dataclass
from datetime import timedelta

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import Act, record, service
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.codes import new_code, typed
from shebaoka.office.organizations.limits import limit
from shebaoka.office.organizations.models import Activation, SignIn, Staff
from shebaoka.office.organizations.sealing import digest, fits
from shebaoka.office.organizations.services.passwords import password_put, password_strong
from shebaoka.office.organizations.services.sessions import close_sessions
from shebaoka.office.organizations.services.sign_in import sign_in_attempts, sign_in_open
from shebaoka.office.organizations.services.steps import refused

_GROUPS = 2


@dataclass(frozen=True, slots=True, repr=False)
class CodePart:
    """One of the two parts, to be given to her by the person who asked for it. Shown once."""

    activation: Activation
    code: str


@service("organizations.activation.begin")
def activation_begin(act: Act, *, staff: Staff) -> CodePart:
    """The first part. An earlier activation that was not used ends. Raises Refusal for oneself."""
    member = _member(act, staff)
    member.activations.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=act.time)
    code, owner = new_code(_GROUPS), f"activation {member.pk}"
    made = Activation.objects.create(
        staff=member,
        first_by=act.actor.staff,
        first_digest=digest(typed(code), owner),
        made_at=act.time,
        ends_at=act.time + timedelta(hours=limit("activation-hours", member.organization.region)),
    )
    act.about(made, staff=member.number, ends_at=made.ends_at)
    return CodePart(made, code)


@service("organizations.activation.confirm")
def activation_confirm(act: Act, *, staff: Staff) -> CodePart:
    """The second part, from another person than the first. Raises Refusal."""
    member = _member(act, staff)
    waiting = (
        member.activations.select_for_update()
        .filter(used_at=None, withdrawn_at=None, ends_at__gt=act.time, second_digest="")
        .first()
    )
    if waiting is None:
        raise Refusal("organizations.no-activation")
    if act.actor.staff is not None and waiting.first_by_id == act.actor.staff.pk:
        raise Refusal("organizations.own-act")
    code = new_code(_GROUPS)
    waiting.second_by = act.actor.staff
    waiting.second_digest = digest(typed(code), f"activation {member.pk}")
    waiting.save(update_fields=["second_by", "second_digest"])
    act.about(waiting, staff=member.number)
    return CodePart(waiting, code)


def activate(
    *,
    number: str,
    first: str,
    second: str,
    password: str,
    address: str = "",
    channel: Channel = Channel.DESK,
) -> SignIn:
    """She chooses her password with both parts of the code; her earlier second factors end, and the sign-in
    given goes on with setting up a new one.

    Raises Refusal ``activation-wrong``, ``weak-password``, ``wait``."""
    number = number.strip()
    password_strong(Staff(number=number), password)
    keys = sign_in_attempts("activation", number, address)
    staff = Staff.objects.select_related("organization").filter(number=number, is_active=True).first()
    with writing("organizations.activate"):
        found = _open(staff, first, second) if staff is not None else None
        if staff is not None and found is not None:
            _use(staff, found, password, channel)
            return sign_in_open(staff, address, keys)
    if staff is not None:
        refused(staff, channel, "activation")
    raise Refusal("organizations.activation-wrong")


def _open(staff: Staff, first: str, second: str) -> Activation | None:
    found = (
        staff.activations.select_for_update()
        .filter(used_at=None, withdrawn_at=None, ends_at__gt=clock.now())
        .exclude(second_digest="")
        .first()
    )
    if found is None:
        return None
    owner = f"activation {staff.pk}"
    right = [fits(typed(first), owner, found.first_digest), fits(typed(second), owner, found.second_digest)]
    return found if all(right) else None


def _use(staff: Staff, found: Activation, password: str, channel: Channel) -> None:
    now = clock.now()
    password_put(staff, password)
    staff.save(update_fields=["password"])
    found.used_at = now
    found.save(update_fields=["used_at"])
    staff.totps.filter(closed_at=None).update(closed_at=now)
    staff.passkeys.filter(closed_at=None).update(closed_at=now)
    staff.recovery_codes.filter(used_at=None, withdrawn_at=None).update(withdrawn_at=now)
    close_sessions(staff, now)
    name = "organizations.activate"
    act = Act(name, Actor(staff.organization, channel, staff), now, staff.organization)
    act.about(found)
    record(act)


def _member(act: Act, staff: Staff) -> Staff:
    """The member of staff, her row locked, if the actor may hand out a part of her code."""
    member = Staff.objects.select_for_update(of=("self",)).select_related("organization").get(pk=staff.pk)
    act.on(member.organization)
    if act.actor.staff is not None and act.actor.staff.pk == member.pk:
        raise Refusal("organizations.own-act")
    if not member.is_active:
        raise Refusal("organizations.not-active", name=member.name)
    return member
