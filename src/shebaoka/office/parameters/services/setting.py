"""A body's own parameters: set and withdrawn by two of its persons, from a day on."""

from datetime import date

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.models import Setting
from shebaoka.office.parameters.registry import known
from shebaoka.office.parameters.services.bodies import own_body
from shebaoka.office.parameters.services.publishing import publish_again
from shebaoka.spec.parameters import Parameter, Value

_SOURCES = "LSKPD"
_LONGEST = 200


class NewSetting(msgspec.Struct, frozen=True):
    """The body's (its code) value of ``key`` from ``since``. ``source``: tag of ``place``, the document."""

    organization: str
    key: str
    value: Value
    since: date
    source: str
    place: str


class Withdrawal(msgspec.Struct, frozen=True):
    """From ``since`` the body follows the level above; ``place`` is the document that says so."""

    organization: str
    key: str
    since: date
    place: str


@two_persons("parameters.setting.set", NewSetting, rehearsed=True)
def setting_set(act: Act, new: NewSetting) -> Setting:
    """A parameter gets the body's own value. Where rules were published, their next version is published
    with it, so that text and configuration are one (R-20).

    Raises Refusal ``unknown``, ``own-body``, ``not-your-level``, ``value-unfit``, ``no-document``,
    ``backdated``, ``unchanged``."""
    organization, parameter = _subject(act, new.organization, new.key)
    if not parameter.fits(new.value):
        raise Refusal("parameters.value-unfit", key=new.key, bounds=bounds(parameter))
    if len(new.source) != 1 or new.source not in _SOURCES:
        raise Refusal("parameters.no-document")
    last = _last(organization, new.key, new.since)
    place = _place(new.place)
    if last is not None and (last.value, last.source, last.place) == (new.value, new.source, place):
        raise Refusal("parameters.unchanged", key=new.key)
    return _write(act, organization, new.key, new.since, new.value, new.source, place)


@two_persons("parameters.setting.withdraw", Withdrawal, rehearsed=True)
def setting_withdraw(act: Act, withdrawal: Withdrawal) -> Setting:
    """The body's own value ends. Raises Refusal as :func:`setting_set`, and ``nothing-to-withdraw``."""
    organization, _parameter = _subject(act, withdrawal.organization, withdrawal.key)
    last = _last(organization, withdrawal.key, withdrawal.since)
    if last is None or last.value is None:
        raise Refusal("parameters.nothing-to-withdraw", name=organization.name, key=withdrawal.key)
    place = _place(withdrawal.place)
    return _write(act, organization, withdrawal.key, withdrawal.since, None, last.source, place)


def bounds(parameter: Parameter) -> str:
    """What a value may be, as a range or the names of choices."""
    if parameter.type == "choice":
        return ", ".join(parameter.choices)
    if parameter.type == "switch":
        return "true, false"
    return f"{'' if parameter.least is None else parameter.least}–{parameter.most}"


def _subject(act: Act, code: str, key: str) -> tuple[Organization, Parameter]:
    organization = own_body(act, code)
    parameter = known().get(key)
    if parameter is None:
        raise Refusal("parameters.unknown", key=key)
    if organization.kind not in parameter.set_by:
        raise Refusal("parameters.not-your-level", name=organization.name, key=key)
    return organization, parameter


def _last(organization: Organization, key: str, since: date) -> Setting | None:
    """The body's own row in force on ``since``. Raises Refusal for a day that is over."""
    if since < clock.today():
        raise Refusal("parameters.backdated", since=since)
    own = Setting.objects.filter(organization=organization, key=key, since__lte=since)
    return own.order_by("-since", "-revision").first()


def _place(place: str) -> str:
    place = " ".join(place.split())
    if not place or len(place) > _LONGEST:
        raise Refusal("parameters.no-document")
    return place


def _write(
    act: Act, organization: Organization, key: str, since: date, value: Value | None, source: str, place: str
) -> Setting:
    """The row, and the rules of the body and those below it that it changes."""
    revision = Setting.objects.filter(organization=organization, key=key, since=since).count() + 1
    made = Setting.objects.create(
        organization=organization,
        key=key,
        value=value,
        since=since,
        revision=revision,
        source=source,
        place=place,
        made_at=act.time,
    )
    again = publish_again(organization, since, act.time) if known()[key].published else []
    act.about(
        made,
        key=key,
        value=value,
        since=since.isoformat(),
        source=source,
        place=place,
        published=[f"{each.organization.code}:{each.version}" for each in again],
    )
    return made
