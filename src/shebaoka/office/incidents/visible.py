"""Who may know of which incident."""

from django.db.models import Q, QuerySet

from shebaoka.office.incidents.choices import Secrecy
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.actor import Actor

ANSWERABLE = frozenset({"organizations.leader", "organizations.security-officer"})
"""These roles answer for incidents of their area, the secret ones among them."""
READERS = ANSWERABLE | {
    "organizations.key-administrator",
    "organizations.key-custodian",
    "organizations.psam-keeper",
    "organizations.auditor",
}
"""These see incidents of their area that are no secret."""


def incidents_of(actor: Actor) -> QuerySet[Incident]:
    """The incidents an actor may know of: those of her area if her role reads them; of what is secret only
    those she is named for, or that her role answers for (leaders and security officers, of the superior
    bodies too, whom it is reported to); and what she reported herself, as long as it is no secret."""
    if actor.staff is None:
        return Incident.objects.filter(organization__path__startswith=actor.organization.path)
    area = Q(organization__path__startswith=actor.organization.path)
    plain = Q(secrecy=Secrecy.NONE)
    named = Q(readers__staff=actor.staff, readers__removed_at=None)
    seen = Q(reporter=actor.number) & plain | named
    if not ANSWERABLE.isdisjoint(actor.roles):
        seen |= area
    elif not READERS.isdisjoint(actor.roles):
        seen |= area & plain
    return Incident.objects.filter(pk__in=Incident.objects.filter(seen).values("pk"))
