"""What is in force where and when: a body's own value, else that of the level above, else the national
default.

    number(city, "custody.stock-take-days")              # 31
    value("980100", "cards.financial", date(2026, 3, 1))

What is in force is no secret, so it is read without an actor; who decided it is for the actor's area."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from shebaoka.domain.region import city_of, province_of
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.models import Publication, Setting
from shebaoka.office.parameters.registry import known
from shebaoka.spec.parameters import TO_CONFIRM, Value

Where = Organization | str
"""An organization of any kind, or a region's six digits."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A parameter in force: ``setting`` is who decided so; None: the national default."""

    key: str
    value: Value | None
    source: str
    place: str
    setting: Setting | None

    @property
    def to_confirm(self) -> bool:
        """Whether nobody has read the rule's text yet, or nobody knows a value."""
        return self.value is None or self.source in TO_CONFIRM


def value(where: Where, key: str, day: date | None = None) -> Value:
    """The value of ``key`` on ``day`` (today). Raises KeyError for an unknown key, Refusal
    ``parameters.not-set`` when there is none."""
    found = in_force(where, key, day).value
    if found is None:
        raise Refusal("parameters.not-set", name=known()[key].name.zh, key=key)
    return found


def number(where: Where, key: str, day: date | None = None) -> int:
    """As :func:`value`, of a number."""
    found = value(where, key, day)
    if isinstance(found, bool) or not isinstance(found, int):
        raise TypeError(f"{key} is no number")
    return found


def switch(where: Where, key: str, day: date | None = None) -> bool:
    """As :func:`value`, of a switch."""
    found = value(where, key, day)
    if not isinstance(found, bool):
        raise TypeError(f"{key} is no switch")
    return found


def text(where: Where, key: str, day: date | None = None) -> str:
    """As :func:`value`, of a choice or a text."""
    found = value(where, key, day)
    if not isinstance(found, str):
        raise TypeError(f"{key} is no choice and no text")
    return found


def number_or_none(where: Where, key: str, day: date | None = None) -> int | None:
    """A number that may be unknown: its default is K or ? and nobody gave one."""
    return number(where, key, day) if in_force(where, key, day).value is not None else None


def text_if_known(where: Where, key: str, day: date | None = None) -> str:
    """A text that nobody may have given yet: empty then."""
    return str(in_force(where, key, day).value or "")


def in_force(where: Where, key: str, day: date | None = None) -> InForce:
    """The value of ``key`` with who decided it."""
    return _choose(key, list(_rows(where, day or clock.today()).filter(key=key)))


def all_in_force(where: Where, day: date | None = None) -> dict[str, InForce]:
    """Every parameter, by key, with one query."""
    rows: dict[str, list[Setting]] = {}
    for row in _rows(where, day or clock.today()):
        rows.setdefault(row.key, []).append(row)
    return {key: _choose(key, rows.get(key, [])) for key in known()}


def settings_of(actor: Actor, organization: Organization, key: str = "") -> QuerySet[Setting]:
    """What that body of the actor's area decided itself, or her levels above did; the latest first."""
    if not (actor.organization.contains(organization) or organization.contains(actor.organization)):
        raise Refusal("organizations.not-yours", name=organization.name)
    found = Setting.objects.filter(organization=organization).order_by("key", "-since", "-revision")
    return found.filter(key=key) if key else found


def publications(organization: Organization) -> QuerySet[Publication]:
    """A body's published rules, which everybody may read; the latest first."""
    return Publication.objects.filter(organization=organization).order_by("-since", "-version")


def publication_in_force(organization: Organization, day: date | None = None) -> Publication | None:
    """The rules that apply on ``day`` (today)."""
    return publications(organization).filter(since__lte=day or clock.today()).first()


def planned(organization: Organization, after: date) -> set[date]:
    """Later days from which a value counts there that somebody decided already."""
    rows = Setting.objects.filter(organization__path__in=_paths(organization.path), since__gt=after)
    return set(rows.values_list("since", flat=True))


def _rows(where: Where, day: date) -> QuerySet[Setting]:
    """Settings on the way from the root to ``where`` up to ``day``, the ones that count first."""
    path = where.path if isinstance(where, Organization) else _path(where)
    rows = Setting.objects.filter(organization__path__in=_paths(path), since__lte=day)
    return rows.select_related("organization").order_by("-organization__path", "-since", "-revision")


def _paths(path: str) -> list[str]:
    """The paths from the root to ``path``."""
    codes = path.rstrip("/").split("/") if path else []
    return ["/".join(codes[: end + 1]) + "/" for end in range(len(codes))]


def _choose(key: str, rows: list[Setting]) -> InForce:
    """The latest of the nearest body; one that withdraws its value leaves it to the level above."""
    seen: set[object] = set()
    for row in rows:
        if row.organization_id in seen:
            continue
        seen.add(row.organization_id)
        if row.value is not None:
            return InForce(key, row.value, row.source, row.place, row)
    default = known()[key]
    return InForce(key, default.value, default.source, default.place, None)


def _path(region: str) -> str:
    """The path of the nearest body of the three levels for a region's code; empty when there is none."""
    codes = [region, city_of(region), province_of(region), "000000"]
    nodes = Organization.objects.filter(region__in=codes, kind__in=ISSUING, closed_on=None)
    found = {node.region: node.path for node in nodes}
    return next((found[code] for code in codes if code in found), "")
