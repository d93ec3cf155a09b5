"""Publishing a region's application management rules, and again when what they say changes."""

from datetime import date, datetime

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.models import Publication
from shebaoka.office.parameters.registry import known
from shebaoka.office.parameters.rules_text import compose, digest, keys_of, template
from shebaoka.office.parameters.selectors import all_in_force, planned
from shebaoka.office.parameters.services.bodies import own_body
from shebaoka.spec.parameters import Value


class Publishing(msgspec.Struct, frozen=True):
    """The rules of the body (its code) from ``since``. ``digest``: of the text the proposer saw."""

    organization: str
    since: date
    digest: str = ""


@two_persons("parameters.rules.publish", Publishing, rehearsed=True)
def rules_publish(act: Act, publishing: Publishing) -> Publication:
    """The first version of a region's rules, or one for a new template. Changes of parameters publish the
    next version by themselves.

    Raises Refusal ``does-not-publish``, ``backdated``, ``published-already``, ``text-changed``,
    ``not-set``."""
    organization = own_body(act, publishing.organization)
    if organization.kind not in (Kind.PROVINCE, Kind.CITY):
        raise Refusal("parameters.does-not-publish", name=organization.name)
    if publishing.since < clock.today():
        raise Refusal("parameters.backdated", since=publishing.since)
    made = publish(organization, publishing.since, act.time)
    if made is not None and publishing.digest not in ("", made.digest):
        raise Refusal("parameters.text-changed")
    if made is None:
        last = Publication.objects.filter(organization=organization).order_by("-version").first()
        version, since = (last.version, last.since) if last else (0, publishing.since)
        raise Refusal("parameters.published-already", version=version, since=since)
    for day in _days_after(organization, publishing.since):
        publish(organization, day, act.time)
    act.about(made, version=made.version, since=made.since.isoformat(), digest=made.digest)
    return made


def values_for(organization: Organization, day: date) -> dict[str, Value]:
    """What the rules say of that day. Raises Refusal ``not-set`` for a parameter nobody knows."""
    found = all_in_force(organization, day)
    values: dict[str, Value] = {}
    for key in keys_of(template()):
        value = found[key].value
        if value is None:
            raise Refusal("parameters.not-set", name=known()[key].name.zh, key=key)
        values[key] = value
    return values


def publish(organization: Organization, since: date, at: datetime) -> Publication | None:
    """The next version of the body's rules from ``since``; None when the one in force then says the same.
    The caller holds the lock on the body's row."""
    values = values_for(organization, since)
    before = Publication.objects.filter(organization=organization)
    last = before.filter(since__lte=since).order_by("-since", "-version").first()
    if last is not None and last.values == values and last.content["template"] == template().version:
        return None
    rules = compose(organization.name, since, values)
    return Publication.objects.create(
        organization=organization,
        version=before.count() + 1,
        since=since,
        values=values,
        content=msgspec.to_builtins(rules),
        digest=digest(rules, values),
        made_at=at,
    )


def _days_after(organization: Organization, since: date) -> list[date]:
    """Later days on which the text may change: a version is published for them, or a value planned."""
    published = Publication.objects.filter(organization=organization, since__gt=since)
    return sorted({*published.values_list("since", flat=True), *planned(organization, since)})


def publish_again(changed: Organization, since: date, at: datetime) -> list[Publication]:
    """The next versions of the rules of ``changed`` and every body below that has published: for ``since``
    and for each later day from which a version is published or a value planned already: a planned value that
    said the same as before this change may differ now. What says the same stays."""
    below = Organization.objects.filter(
        path__startswith=changed.path, closed_on=None, publications__isnull=False
    )
    found: list[Publication] = []
    # parents before children: publishing locks in the order of the tree
    for pk in dict.fromkeys(below.order_by("path").values_list("pk", flat=True)):
        organization = Organization.objects.select_for_update(of=("self",)).get(pk=pk)
        own = Publication.objects.filter(organization=organization)
        first = own.order_by("since").values_list("since", flat=True)[0]
        start = max(since, first)
        days = [start, *_days_after(organization, start)]
        found += [made for day in days if (made := publish(organization, day, at)) is not None]
    return found
