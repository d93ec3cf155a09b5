"""What PSAMs have to do with the parts below: approval to issue, what an incident touches."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import override

from shebaoka.office.approval.selectors import may_receive
from shebaoka.office.approval.services import psams_received
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.neighbors import approved
from shebaoka.office.custody.psam_exposure import exposed_by_psam
from shebaoka.office.incidents.choices import AffectedKind
from shebaoka.office.incidents.hooks import AffectedItem
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.actor import Actor, system
from shebaoka.office.organizations.models import Organization
from shebaoka.office.psams.models import Psam, PsamKey

SOURCE = "psams"


def demand_approval(body: Organization) -> None:
    """Only an approved region is given PSAMs (P20 art. 2). Raises Refusal ``psams.not-approved``."""
    if not approved(body):
        raise Refusal("psams.not-approved", name=body.name)


def tell_approval(actor: Actor, body: Organization, document: str) -> None:
    """The region's PSAMs are there (P20 step 3). Raises Refusal when its keys are not there yet."""
    if may_receive(body):
        psams_received(system(body, actor.channel), organization=body, document=document)


def affected(incident: Incident) -> Iterable[AffectedItem]:
    """Of an incident about a PSAM: the PSAM, and the keys in it by their records in the registers, which
    whoever has it can compute with but not read; levels and versions alone where no register knows them.
    Nothing for other incidents."""
    label, _, row = incident.subject.partition(":")
    if label != Psam._meta.label_lower:
        return []
    psam = Psam.objects.select_related("owner").filter(pk=UUID(row)).first()
    if psam is None:
        return []
    items = [AffectedItem(AffectedKind.PSAM, psam.serial, f"PSAM {psam.serial}", SOURCE)]
    for key in psam.keys.order_by("level", "algorithm", "version"):
        known = exposed_by_psam(psam.owner, psam.serial, [(key.level, key.algorithm, key.version)])
        items += known or [_unknown(psam, key)]
    return items


def _unknown(psam: Psam, key: PsamKey) -> AffectedItem:
    with override("zh-hans"):  # an incident is written in one language
        name = f"{key.get_level_display()} {key.algorithm} V{key.version}"
    return AffectedItem(AffectedKind.KEY, f"{psam.serial}/{name}"[:120], name, SOURCE)
