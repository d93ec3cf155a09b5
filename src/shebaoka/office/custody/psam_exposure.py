"""What a PSAM that went missing exposes, from what was loaded into it and the registers of keys (R-40)."""

from collections.abc import Iterable
from functools import cache

from django.db.models import Q

from shebaoka.office.custody.facts import fact_of_record
from shebaoka.office.custody.models import KeyRecord
from shebaoka.office.incidents.choices import AffectedKind
from shebaoka.office.incidents.hooks import AffectedItem
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.spec.keys import key_catalogue
from shebaoka.vault.exposure import Cause, Hold, Loss, exposure
from shebaoka.vault.loss_words import HOLDS

SOURCE = "custody"
_BODIES = {"nation": Kind.MINISTRY, "province": Kind.PROVINCE, "city": Kind.CITY}


def exposed_by_psam(
    owner: Organization, serial: str, loaded: Iterable[tuple[str, str, int]]
) -> list[AffectedItem]:
    """The keys of the registers that whoever has the PSAM can compute with, and those diversified from them
    that ``owner``'s area keeps. ``loaded``: level (nation, province, city), cipher and version of the keys in
    it. Empty when the registers know none of them."""
    wanted = Q(pk=None)
    for level, algorithm, version in loaded:
        wanted |= Q(organization__kind=_BODIES[level], algorithm=algorithm, version=version)
    above = _line_of(owner)
    inside = KeyRecord.objects.filter(wanted, organization__code__in=above, name__in=_held_by_psams())
    keys = tuple(fact_of_record(key) for key in inside.order_by("key_id"))
    if not keys:
        return []
    area = KeyRecord.objects.filter(organization__path__startswith=owner.path)
    facts = {key.id: key for key in (*keys, *map(fact_of_record, area))}
    found = exposure([Loss(Cause.PSAM, f"PSAM {serial}", Hold.USABLE, keys)], facts.values(), ())
    return [
        AffectedItem(AffectedKind.KEY, each.key.id, f"{each.key} ({HOLDS[each.hold].zh})", SOURCE)
        for each in found.keys
    ]


def _line_of(owner: Organization) -> list[str]:
    """The body and those above it."""
    return owner.path.rstrip("/").split("/")


@cache
def _held_by_psams() -> tuple[str, ...]:
    """Names of the keys that PSAMs hold; of more than one generation of cards."""
    entries = (entry for generation in ("1.0", "2.0", "3.0") for entry in key_catalogue(generation))
    return tuple(sorted({entry.name for entry in entries if entry.psam_type is not None}))
