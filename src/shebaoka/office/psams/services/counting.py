"""The writers of counts at units (R-58): declared by the unit, a sample checked on site."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import IncidentKind
from shebaoka.office.incidents.services import incident_open
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number
from shebaoka.office.psams.choices import Finding
from shebaoka.office.psams.models import Count, CountLine, Psam
from shebaoka.office.psams.selectors import held_by
from shebaoka.office.psams.services.common import only_own


@dataclass(frozen=True, slots=True)
class Declared:
    """What a unit says of one PSAM; an explanation for one that is not simply there."""

    serial: str
    finding: Finding
    explanation: str = ""


@service("psams.count.declare")
def count_declare(act: Act, *, unit: Organization, body: Organization, declared: Sequence[Declared]) -> Count:
    """The unit's own count, of every PSAM it has. Raises Refusal ``psams.count-open``, ``psams.named-twice``,
    ``psams.count-incomplete`` when it says nothing of one in the register."""
    act.on(unit)
    only_own(act, unit)
    if act.actor.staff is None:
        raise Refusal("psams.only-its-own", name=unit.name)
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=unit.pk)
    if Count.objects.filter(unit=unit, body=body, checked_at=None).exists():
        raise Refusal("psams.count-open")
    said = {each.serial: each for each in declared}
    if len(said) < len(declared):
        raise Refusal("psams.named-twice")
    held = {psam.serial: psam for psam in held_by(unit, body)}
    silent = sorted(held.keys() - said.keys())
    if silent:
        raise Refusal("psams.count-incomplete", serial=silent[0])
    percent = number(body, "psams.sample-percent")
    made = Count.objects.create(
        unit=unit,
        body=body,
        declared_at=act.time,
        declared_by=act.actor.staff,
        expected=len(held),
        sample=-(-len(held) * percent // 100),
    )
    CountLine.objects.bulk_create(
        CountLine(
            count=made,
            psam=held.get(each.serial),
            serial=each.serial[:20],
            declared=each.finding if each.serial in held else Finding.UNKNOWN,
            explanation=each.explanation.strip()[:200],
        )
        for each in declared
    )
    differences = sum(each.finding is not Finding.THERE or each.serial not in held for each in declared)
    act.about(made, expected=made.expected, sample=made.sample, differences=differences)
    return made


@service("psams.count.check")
def count_check(act: Act, *, count: Count, seen: Mapping[str, Finding]) -> Count:
    """The body checks a sample on site and closes the count; what nobody could explain, or what was seen
    other than declared, opens an incident. Raises Refusal ``psams.sample-small``."""
    open_ones = Count.objects.select_for_update(of=("self",)).select_related("unit", "body")
    found = open_ones.filter(pk=count.pk, checked_at=None).first()
    if found is None or found.body_id != act.actor.organization.pk or act.actor.staff is None:
        raise Refusal("base.not-found", what="count")
    act.on(found.body)
    lines = {line.serial: line for line in found.lines.select_related("psam")}
    checked = [serial for serial in seen if serial in lines and lines[serial].psam is not None]
    if len(checked) < found.sample:
        raise Refusal("psams.sample-small", least=found.sample)
    wrong = []
    for serial, line in sorted(lines.items()):
        if serial in seen:
            line.seen = Finding(seen[serial])
            line.save(update_fields=["seen"])
        other = line.seen not in ("", line.declared)
        if other or (line.declared != Finding.THERE and not line.explanation):
            wrong.append(serial)
    found.checked_at, found.checked_by = act.time, act.actor.staff
    if wrong:
        opened = incident_open(
            act.actor,
            organization=found.body,
            kind=IncidentKind.STOCK_DIFFERENCE,
            summary=f"{found.unit.name}盘点差异未能说明：{'、'.join(wrong)}"[:400],
            discovered_at=act.time,
            subject=found,
            subject_name=found.unit.name,
        )
        found.incident = opened.number
    found.save(update_fields=["checked_at", "checked_by", "incident"])
    ids = [line.psam_id for line in lines.values() if line.psam_id and line.declared == Finding.THERE]
    Psam.objects.filter(pk__in=ids).update(audited_on=clock.today())
    act.about(found, checked=len(checked), unexplained=len(wrong), incident=found.incident)
    return found
