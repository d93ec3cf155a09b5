"""What an incident of custody exposes, computed from the registers and the hierarchy of keys (R-40)."""

from collections.abc import Iterable

from shebaoka.office.base import clock
from shebaoka.office.custody.bodies import body_code
from shebaoka.office.custody.facts import contents_of, fact_of_record
from shebaoka.office.custody.models import (
    Carrier,
    DispatchLine,
    HandOverLine,
    Hsm,
    KeyRecord,
    KeyRotation,
    Movement,
    StockTakeLine,
)
from shebaoka.office.incidents.choices import AffectedKind
from shebaoka.office.incidents.hooks import AffectedItem
from shebaoka.office.incidents.models import Affected, Incident
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization
from shebaoka.vault.contents import KeyFact
from shebaoka.vault.exposure import Hold, Loss, exposure, lost_cards, lost_hsm, lost_key
from shebaoka.vault.loss_words import HOLDS
from shebaoka.vault.model import VaultError

SOURCE = "custody"


def affected(incident: Incident) -> list[AffectedItem]:
    """Keys that a lost carrier, device or key exposes, with those diversified from them, and carriers that
    are affected though nobody lost them. Nothing for incidents of other parts."""
    facts = _facts(incident.organization)
    within = Carrier.objects.filter(holder__path__startswith=incident.organization.path)
    carriers = {c.serial: c for c in within.exclude(status="destroyed").select_related("issuer", "holder")}
    contents = {serial: contents_of(carrier, facts) for serial, carrier in carriers.items()}
    lost = [serial for serial in _serials(incident) if serial in contents]
    losses = [*lost_cards(contents, lost), *_devices(incident, facts), *_keys(incident, facts)]
    if not losses:
        return []
    found = exposure(losses, facts.values(), contents.values())
    items = [AffectedItem(AffectedKind.CARRIER, serial, str(contents[serial]), SOURCE) for serial in lost]
    items += [
        AffectedItem(AffectedKind.KEY, each.key.id, f"{each.key} ({HOLDS[each.hold].zh})", SOURCE)
        for each in found.keys
    ]
    items += [
        AffectedItem(AffectedKind.CARRIER, each.contents.serial, str(each.contents), SOURCE)
        for each in found.cards
    ]
    return items


def rotate(actor: Actor, incident: Incident) -> Iterable[str]:
    """Notes every affected key of the registers that must be taken as usable or known by others as one to be
    replaced; what was noted already is left out. A key that stays sealed is not changed."""
    exposed = Affected.objects.filter(incident=incident, kind=AffectedKind.KEY, source=SOURCE)
    sealed = HOLDS[Hold.SEALED].zh
    ids = [each.reference for each in exposed if not each.name.endswith(f"({sealed})")]
    keys = KeyRecord.objects.select_for_update().filter(
        key_id__in=ids, organization__path__startswith=actor.organization.path
    )
    begun = []
    for key in keys.exclude(rotations__done_at=None, rotations__isnull=False).order_by("pk"):
        KeyRotation.objects.create(key=key, incident=incident.number, begun_at=clock.now())
        begun.append(key.key_id)
    return begun


def _facts(body: Organization) -> dict[str, KeyFact]:
    within = KeyRecord.objects.filter(organization__path__startswith=body.path)
    return {key.key_id: fact_of_record(key) for key in within}


def _serials(incident: Incident) -> list[str]:
    """The carriers the incident is about."""
    label, _colon, pk = incident.subject.partition(":")
    found: set[str] = set()
    match label:
        case "custody.carrier":
            found.update(Carrier.objects.filter(pk=pk).values_list("serial", flat=True))
        case "custody.movement":
            found.update(Movement.objects.filter(pk=pk).values_list("carrier__serial", flat=True))
        case "custody.handover":
            lines = HandOverLine.objects.filter(hand_over__pk=pk)
            found.update(lines.values_list("carrier__serial", flat=True))
        case "custody.dispatch":
            missing = DispatchLine.objects.filter(dispatch__pk=pk).exclude(explanation="")
            found.update(missing.values_list("carrier__serial", flat=True))
        case "custody.stocktake":
            different = StockTakeLine.objects.filter(stock_take__pk=pk).exclude(difference="")
            found.update(different.values_list("serial", flat=True))
    named = Affected.objects.filter(incident=incident, kind=AffectedKind.CARRIER).exclude(source=SOURCE)
    found.update(named.values_list("reference", flat=True))
    # the other half of a pair that was lost before makes this loss another one
    pairs = Carrier.objects.filter(serial__in=found).exclude(pair="").values("pair")
    found.update(Carrier.objects.filter(pair__in=pairs, status="lost").values_list("serial", flat=True))
    return sorted(found)


def _devices(incident: Incident, facts: dict[str, KeyFact]) -> list[Loss]:
    label, _colon, pk = incident.subject.partition(":")
    device = (
        Hsm.objects.filter(pk=pk).select_related("organization").first() if label == "custody.hsm" else None
    )
    if device is None:
        return []
    try:
        return [lost_hsm(facts.values(), body_code(device.organization))]
    except VaultError:
        return []  # no key of that body is in the register


def _keys(incident: Incident, facts: dict[str, KeyFact]) -> list[Loss]:
    """Keys that somebody wrote into the incident, or that it is about."""
    label, _colon, pk = incident.subject.partition(":")
    named = set(
        Affected.objects.filter(incident=incident, kind=AffectedKind.KEY)
        .exclude(source=SOURCE)
        .values_list("reference", flat=True)
    )
    if label == "custody.keyrecord":
        named.update(KeyRecord.objects.filter(pk=pk).values_list("key_id", flat=True))
    return [lost_key(facts.values(), key) for key in sorted(named) if key in facts]
