"""Who acts on her own account."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.roles import acts


def herself(act: Act) -> Staff:
    """The actor's own row, locked. Raises Refusal for the office itself."""
    if act.actor.staff is None:
        raise Refusal("organizations.not-allowed", act=acts()[act.name].name)
    return (
        Staff.objects.select_for_update(of=("self",))
        .select_related("organization")
        .get(pk=act.actor.staff.pk)
    )
