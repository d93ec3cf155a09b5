"""Who may know of which incident."""

from django.db.models import Q, QuerySet

from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.actor import Actor

READ, READ_SECRET = "incidents.incident.read", "incidents.secret.read"


def incidents_of(actor: Actor) -> QuerySet[Incident]:
    """The incidents an actor may know of: those of her area if her role reads them; of what is secret only
    those she is named for, or that her role answers for (leaders and security officers, of the superior
    bodies too, whom it is reported to); and what she reported herself, as long as it is no secret."""
    if actor.staff is None:
        return Incident.objects.filter(organization__path__startswith=actor.organization.path)
    area = Q(organization__path__startswith=actor.organization.path)
    named = Q(readers__staff=actor.staff, readers__removed_at=None)
    seen = Q(reporter=actor.number, secrecy=0) | named
    if actor.may(READ_SECRET):
        seen |= area
    elif actor.may(READ):
        seen |= area & Q(secrecy=0)
    return Incident.objects.filter(pk__in=Incident.objects.filter(seen).values("pk"))
