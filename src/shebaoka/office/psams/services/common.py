"""What the services of PSAMs share: whose they are, locking, moves, numbers, incidents."""

from collections.abc import Iterable

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import IncidentKind, Level
from shebaoka.office.incidents.services import incident_open
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.psams.choices import GRAVE, MOVES, Status
from shebaoka.office.psams.models import Event, Issue, Psam, Series

KEEPER = "organizations.psam-keeper"
OFFICER = "organizations.security-officer"
LEADER = "organizations.leader"
_BODIES = (Kind.PROVINCE, Kind.CITY)


def own_body(act: Act, code: str) -> Organization:
    """The province or city whose own staff act here: PSAMs are in the hands of its people, not of those above
    it. Raises Refusal."""
    found = Organization.objects.filter(code=code).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    act.on(found)
    if found.closed_on is not None:
        raise Refusal("organizations.closed", name=found.name)
    if found.kind not in _BODIES:
        raise Refusal("psams.no-psams-here", name=found.name)
    only_own(act, found)
    return found


def ministry_of(act: Act) -> Organization:
    """The ministry, when its own staff act. Raises Refusal."""
    own = act.actor.organization
    if own.kind != Kind.MINISTRY:
        raise Refusal("psams.ministry-only")
    act.on(own)
    return own


def only_own(act: Act, body: Organization) -> None:
    """Raises Refusal when the actor does not belong to ``body`` itself."""
    if act.actor.organization.pk != body.pk:
        raise Refusal("psams.only-its-own", name=body.name)


def unit_of(body: Organization, code: str) -> Organization:
    """An open organization within the body. Raises Refusal."""
    found = Organization.objects.filter(code=code, path__startswith=body.path, closed_on=None).first()
    if found is None:
        raise Refusal("base.not-found", what=code)
    return found


def owned(act: Act, serials: Iterable[str]) -> list[Psam]:
    """PSAMs of the actor's own body in the order asked for, locked in the order of their ids. Raises Refusal
    for one that is not there or named twice."""
    serials = list(serials)
    if len(set(serials)) != len(serials):
        raise Refusal("psams.named-twice")
    body = act.actor.organization
    locked = Psam.objects.select_for_update(of=("self",)).select_related("owner")
    found = {each.serial: each for each in locked.filter(serial__in=serials, owner=body).order_by("pk")}
    for serial in serials:
        if serial not in found:
            raise Refusal("base.not-found", what=serial)
    act.on(body)
    return [found[serial] for serial in serials]


def held(act: Act, serial: str) -> tuple[Psam, Issue | None]:
    """A PSAM that the actor's organization owns or holds, locked, and its issue. It is then an act of the
    unit, or of the body when no unit holds it. Raises Refusal."""
    psam = Psam.objects.select_for_update(of=("self",)).select_related("owner").filter(serial=serial).first()
    issue = issue_of(psam) if psam is not None else None
    own = act.actor.organization.pk
    if psam is None or own not in (psam.owner_id, issue.unit_id if issue else None):
        raise Refusal("base.not-found", what=serial)
    act.on(issue.unit if issue else psam.owner)
    return psam, issue


def issue_of(psam: Psam) -> Issue | None:
    """To whom it is issued now."""
    return psam.issues.filter(ended_at=None).select_related("unit", "place", "keeper").first()


def move(psam: Psam, to: Status, act: Act, why: str = "") -> None:
    """Another status, saved, with its line in the history. Raises Refusal ``psams.not-now``."""
    if to not in MOVES[Status(psam.status)]:
        raise not_now(psam)
    Event.objects.create(
        psam=psam,
        at=act.time,
        before=psam.status,
        after=to,
        act=act.name,
        why=why[:400],
        by=act.actor.staff,
    )
    psam.status = to
    psam.save(update_fields=["status"])


def not_now(psam: Psam) -> Refusal:
    """It is not in a state for this."""
    return Refusal("psams.not-now", serial=psam.serial, status=psam.get_status_display())


def end_issue(psam: Psam, act: Act) -> None:
    """No unit holds it any more."""
    psam.issues.filter(ended_at=None).update(ended_at=act.time)


def next_number(body: Organization) -> str:
    """The next number of the body's papers about PSAMs this year: region, P, year, count (R-56)."""
    year = clock.today().year
    Series.objects.get_or_create(organization=body, year=year)
    series = Series.objects.select_for_update().get(organization=body, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{body.region}-P{year}-{series.last:04d}"


def person(number: str, unit: Organization) -> Staff:
    """Active staff of ``unit`` that keeps PSAMs. Raises Refusal ``psams.no-keeper``."""
    day = clock.today()
    found = Staff.objects.filter(number=number, organization=unit, is_active=True).first()
    keeps = found is not None and (
        found.assignments.filter(role=KEEPER, since__lte=day).exclude(until__lte=day).exists()
    )
    if found is None or not keeps:
        raise Refusal("psams.no-keeper", number=number, name=unit.name)
    return found


def signers(act: Act) -> tuple[Staff, Staff | None]:
    """Maker and checker of an act of two persons; no checker while it is only rehearsed for its maker."""
    maker = Staff.objects.get(number=act.persons["maker"])
    checker = act.actor.staff
    return maker, checker if checker is not None and checker.pk != maker.pk else None


def words(text: str) -> str:
    """A text that must say something, tidied. Raises Refusal ``psams.say-why``."""
    tidy = " ".join(text.split())[:400]
    if not tidy:
        raise Refusal("psams.say-why")
    return tidy


def incident(act: Act, psam: Psam, kind: IncidentKind, what: str, *, potential: bool = False) -> str:
    """Opens one at the body that owns the PSAM: level III when its keys write or unblock (R-35), else IV. Its
    number."""
    issue = issue_of(psam)
    grave = issue is not None and issue.purpose in GRAVE
    opened = incident_open(
        act.actor,
        organization=psam.owner,
        kind=kind,
        summary=what,
        level=Level.III if grave else None,
        discovered_at=act.time,
        subject=psam,
        subject_name=f"PSAM {psam.serial}",
        potential=potential,
        once=psam.serial,
    )
    return opened.number
