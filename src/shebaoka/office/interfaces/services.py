"""The writers of tokens: registered by two persons, made and shown once, withdrawn at once by one."""

from datetime import date, timedelta
from uuid import UUID

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.interfaces.models import Token
from shebaoka.office.interfaces.scopes import scopes
from shebaoka.office.interfaces.tokens import digest_of, new_token
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.models import Employer


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A token to be. ``until``: the last day it counts; ``employer``: code of the only one it speaks for."""

    organization: str
    name: str
    scopes: tuple[str, ...]
    until: date
    per_minute: int
    employer: str = ""


@two_persons("interfaces.token.add", NewToken, rehearsed=True)
def token_add(act: Act, new: NewToken) -> Token:
    """Another token; it can ask nothing before it was made. Raises Refusal ``interfaces.token-known``,
    ``interfaces.token-unfit``, ``interfaces.scope-not-here``, ``interfaces.no-employer``."""
    place = Organization.objects.filter(code=new.organization).first()
    if place is None:
        raise Refusal("base.not-found", what=new.organization)
    act.on(place)
    if place.closed_on is not None:
        raise Refusal("organizations.closed", name=place.name)
    name = " ".join(new.name.split())[:60]
    if Token.objects.filter(organization=place, name=name).exists():
        raise Refusal("interfaces.token-known", name=name)
    _fits(place, new, name)
    maker = Staff.objects.get(number=act.persons["maker"])
    checker = act.actor.staff  # the same person while it is rehearsed
    made = Token.objects.create(
        organization=place,
        name=name,
        scopes=sorted(set(new.scopes)),
        employer=new.employer,
        per_minute=new.per_minute,
        until=new.until,
        added_at=act.time,
        added_by=maker,
        checked_by=None if checker == maker else checker,
    )
    act.about(made, name=name, scopes=made.scopes, until=str(made.until), employer=made.employer)
    return made


@service("interfaces.token.give")
def token_give(act: Act, *, token: UUID) -> str:
    """The token itself, given this once; the one it was counts no more. The office keeps its digest. Raises
    Refusal ``interfaces.token-over``."""
    found = _token(act, token)
    if found.until < clock.today():
        raise Refusal("interfaces.token-over")
    given = new_token()
    found.token, found.token_at = digest_of(given), act.time
    found.save(update_fields=["token", "token_at"])
    act.about(found, name=found.name)
    return given


@service("interfaces.token.withdraw")
def token_withdraw(act: Act, *, token: UUID, why: str) -> Token:
    """It counts no more from this moment on. Raises Refusal ``interfaces.token-over``."""
    found = _token(act, token)
    found.withdrawn_at, found.token = act.time, ""
    found.save(update_fields=["withdrawn_at", "token"])
    act.about(found, name=found.name, why=" ".join(why.split())[:200])
    return found


def _fits(place: Organization, new: NewToken, name: str) -> None:
    days, most = (parameter(place, f"interfaces.{key}") for key in ("token-days", "calls-per-minute"))
    today = clock.today()
    dated = today < new.until <= today + timedelta(days=days)
    if not (name and new.scopes and dated and 0 < new.per_minute <= most):
        raise Refusal("interfaces.token-unfit", days=days, most=most)
    for each in new.scopes:
        if each not in scopes() or place.kind not in scopes()[each].kinds:
            scope = scopes()[each].name if each in scopes() else each
            raise Refusal("interfaces.scope-not-here", name=place.name, scope=scope)
    known = Employer.objects.filter(code=new.employer, region=place.region, closed_on=None)
    if new.employer and not known.exists():
        raise Refusal("interfaces.no-employer", name=place.name, employer=new.employer)


def _token(act: Act, pk: UUID) -> Token:
    found = Token.objects.select_for_update(of=("self",)).select_related("organization")
    token = found.filter(pk=pk).first()
    if token is None or not act.actor.organization.contains(token.organization):
        raise Refusal("base.not-found", what="token")
    act.on(token.organization)
    if token.withdrawn_at is not None:
        raise Refusal("interfaces.token-over")
    return token
