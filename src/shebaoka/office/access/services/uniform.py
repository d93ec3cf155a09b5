"""A region sets the initial passwords uniformly (Q-1, Q-3): a dated act of two persons, with its figures."""

from datetime import date
from typing import get_args

import msgspec
from django.db.models import Q, QuerySet

from shebaoka.domain.enquiry_password import WITHOUT_INITIAL, InitialPassword
from shebaoka.office.access.models import Uniform
from shebaoka.office.access.standing import uniform_of
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import text
from shebaoka.office.people.models import Person

LONGEST = 100_000
"""Persons of a list."""


class UniformSetting(msgspec.Struct, frozen=True):
    """``organization``: code of the region's body; ``since``: the day it begins; ``due``: the last day to
    change, None for the region's days."""

    organization: str
    since: date
    due: date | None = None


@two_persons("access.uniform.set", UniformSetting, rehearsed=True)
def uniform_set(act: Act, setting: UniformSetting) -> Uniform:
    """Raises Refusal ``no-uniform`` where the parameter sets none, ``uniform-dates``."""
    place = Organization.objects.get(code=setting.organization)
    act.on(place)
    if setting.due is not None and setting.due <= setting.since:
        raise Refusal("access.uniform-dates")
    rule = text(place, "enquiry.initial", setting.since)
    if rule not in get_args(InitialPassword) or rule in WITHOUT_INITIAL:
        raise Refusal("access.no-uniform")
    here = _people(place)
    unserved = unserved_by(rule, here).count()
    made = Uniform.objects.create(
        organization=place,
        rule=rule,
        since=setting.since,
        due=setting.due,
        covered=here.count() - unserved,
        unserved=unserved,
        at=act.time,
    )
    act.about(made, rule=rule, since=setting.since, covered=made.covered, unserved=unserved)
    return made


@service("access.unserved.take")
def unserved_take(act: Act) -> list[Person]:
    """Whom of the actor's area the rule in force gives no initial password, for a list (at most
    :data:`LONGEST`): they are helped at the counter. Raises Refusal ``no-uniform``."""
    place = act.actor.organization
    uniform = uniform_of(place)
    if uniform is None:
        raise Refusal("access.no-uniform")
    here = _people(place).select_related("agency", "employer").order_by("agency__path", "pk")
    found = list(unserved_by(uniform.rule, here)[:LONGEST])
    act.about(place, people=len(found))
    return found


def unserved_by(rule: str, people: QuerySet[Person], *, served: bool = False) -> QuerySet[Person]:
    """Those for whom the rule gives no value: numbers of foreigners; with a fixed value, nobody. ``served``:
    the others instead."""
    if rule == "fixed":
        return people if served else people.none()
    citizens = Q(number__regex=r"^\d{17}[0-9X]$")
    return people.filter(citizens if served else ~citizens)


def _people(place: Organization) -> QuerySet[Person]:
    return Person.objects.filter(agency__path__startswith=place.path, merged_into=None, died_on=None)
