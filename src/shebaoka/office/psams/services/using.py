"""The writers of PSAMs in use: contacts and counters (R-33, R-59), conditions (R-34), freezing, damage."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.incidents.choices import IncidentKind
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.psams.choices import BLOCKED, RecallReason, Source, Status, Verdict
from shebaoka.office.psams.conditions import conditions
from shebaoka.office.psams.models import Host, Inspection, Issue, Psam, Use
from shebaoka.office.psams.services.common import (
    held,
    incident,
    issue_of,
    move,
    not_now,
    own_body,
    owned,
    words,
)
from shebaoka.office.psams.services.listing import list_renew
from shebaoka.office.psams.services.recalling import call_back

LARGEST = 0xFFFFFFFF


class Thawing(msgspec.Struct, frozen=True):
    """A frozen PSAM that may be used again; ``found``: why it was as it was, and what was done."""

    organization: str
    serial: str
    found: str


@dataclass(frozen=True, slots=True)
class Counters:
    """What a terminal says: its number, unit and place code, the first and last counter since it last said
    so."""

    terminal: str
    unit: str
    place: str
    first: int
    last: int


@service("psams.use.log")
def use_log(
    act: Act,
    *,
    serial: str,
    counters: Counters,
    source: Source,
    host: Host | None = None,
    reference: UUID | None = None,
) -> Use:
    """Counters of a PSAM. The first from the registered terminal activate it; a counter that does not go on
    from the last one, or another terminal, unit or place, freezes it and opens an incident.

    The result says so (``verdict``). ``host``, ``reference``: which host asks and the name of its question;
    the same one again has the same result and changes nothing. Raises Refusal only for what is no PSAM or no
    counter, ``psams.asked-otherwise`` for a question that was another one before."""
    psam, issue = held(act, serial)
    asked = Use.objects.filter(host=host, reference=reference).first() if host is not None else None
    if asked is not None:
        return _again(act, psam, asked, counters)
    if not 0 <= counters.first <= counters.last <= LARGEST:
        raise Refusal("psams.unfit-counter")
    verdict = _verdict(psam, issue, counters)
    number = ""
    if verdict is Verdict.GOOD and issue is not None:
        _seen(act, psam, issue, counters)
    else:
        number = _alarm(act, psam, verdict, counters)
    made = Use.objects.create(
        psam=psam,
        issue=issue,
        at=act.time,
        terminal=counters.terminal[:12],
        unit=counters.unit[:20],
        place=counters.place[:40],
        first=counters.first,
        last=counters.last,
        source=Source(source),
        verdict=verdict,
        incident=number,
        host=host,
        reference=reference,
    )
    extra = ({"incident": number} if number else {}) | ({"host": host.name} if host else {})
    act.about(psam, serial=serial, verdict=verdict.value, first=counters.first, last=counters.last, **extra)
    return made


@service("psams.inspection.record")
def inspection_record(act: Act, *, serial: str, broken: list[str], remark: str = "") -> Inspection:
    """The conditions of use were looked at on site; one that is not kept freezes the PSAM (R-34). Raises
    Refusal ``psams.say-why`` for a breach without a remark."""
    (psam,) = owned(act, [serial])
    issue = issue_of(psam)
    if issue is None or act.actor.staff is None:
        raise not_now(psam)
    unknown = set(broken) - set(conditions())
    if unknown:
        raise Refusal("base.not-found", what=min(unknown))
    made = Inspection.objects.create(
        issue=issue,
        at=act.time,
        inspector=act.actor.staff,
        broken=sorted(set(broken)),
        remark=words(remark) if broken else remark.strip()[:400],
    )
    issue.inspected_on = clock.today()
    issue.save(update_fields=["inspected_on"])
    number = ""
    if broken:
        number = incident(act, psam, IncidentKind.PSAM_MISUSED, made.remark, potential=True)
        _freeze(act, psam, made.remark)
    act.about(psam, serial=serial, broken=made.broken, **({"incident": number} if number else {}))
    return made


@service("psams.psam.freeze")
def psam_freeze(act: Act, *, serial: str, why: str) -> Psam:
    """Stopped at once; hosts refuse it from the next list on."""
    psam, _issue = held(act, serial)
    move(psam, Status.FROZEN, act, words(why))
    list_renew(psam.owner, act)
    act.about(psam, serial=serial, why=words(why))
    return psam


@two_persons("psams.psam.thaw", Thawing, rehearsed=True)
def psam_thaw(act: Act, back: Thawing) -> Psam:
    """May be used again, after another person agreed; as active only when it was activated. Raises Refusal
    ``psams.recalled`` while it is called back, ``psams.not-now``."""
    own_body(act, back.organization)
    (psam,) = owned(act, [back.serial])
    issue = issue_of(psam)
    if issue is None or psam.status != Status.FROZEN:
        raise not_now(psam)
    if psam.recalls.filter(returned_at=None).exists():
        raise Refusal("psams.recalled", serial=psam.serial)
    move(psam, Status.ACTIVE if issue.activated_at else Status.ISSUED, act, words(back.found))
    list_renew(psam.owner, act)
    act.about(psam, serial=psam.serial, found=words(back.found))
    return psam


@service("psams.psam.damage")
def psam_damage(act: Act, *, serial: str, what: str) -> Psam:
    """It does not work any more and is to be handed in (R-36)."""
    psam, _issue = held(act, serial)
    move(psam, Status.DAMAGED, act, words(what))
    act.about(psam, serial=serial, what=words(what))
    return psam


@service("psams.psam.expire")
def psam_expire(act: Act, *, serial: str) -> Psam:
    """Its last day is past: no terminal uses it any more, and it is called back."""
    (psam,) = owned(act, [serial])
    if psam.expires_on >= clock.today():
        raise not_now(psam)
    move(psam, Status.EXPIRED, act, f"{psam.expires_on}")
    if not psam.recalls.filter(returned_at=None).exists():
        call_back(act, psam.owner, [psam], RecallReason.EXPIRY, "")
    list_renew(psam.owner, act)
    act.about(psam, serial=serial, expired=psam.expires_on)
    return psam


def _again(act: Act, psam: Psam, asked: Use, counters: Counters) -> Use:
    """The answer to a question that a host repeats."""
    before = Counters(asked.terminal, asked.unit, asked.place, asked.first, asked.last)
    if asked.psam_id != psam.pk or before != counters:
        raise Refusal("psams.asked-otherwise")
    act.about(psam, serial=psam.serial, verdict=asked.verdict, repeated=str(asked.reference))
    return asked


def _verdict(psam: Psam, issue: Issue | None, counters: Counters) -> Verdict:
    if psam.status in BLOCKED:
        return Verdict.BLOCKED
    here = issue is not None and (psam.terminal, issue.unit.code, issue.place.code) == (
        counters.terminal,
        counters.unit,
        counters.place,
    )
    if not here or issue is None:
        return Verdict.WRONG_PLACE
    if psam.sequence is not None and counters.first <= psam.sequence:
        return Verdict.BACKWARDS
    return Verdict.GOOD if issue.accepted_at else Verdict.NOT_ACCEPTED


def _seen(act: Act, psam: Psam, issue: Issue, counters: Counters) -> None:
    psam.sequence, psam.seen_at = counters.last, act.time
    psam.save(update_fields=["sequence", "seen_at"])
    if issue.activated_at is None:
        issue.activated_at = act.time
        issue.save(update_fields=["activated_at"])
    if psam.status == Status.ISSUED:
        move(psam, Status.ACTIVE, act)


def _alarm(act: Act, psam: Psam, verdict: Verdict, counters: Counters) -> str:
    kind = IncidentKind.PSAM_BLACKLISTED if verdict is Verdict.BLOCKED else IncidentKind.PSAM_MISUSED
    what = (
        f"PSAM {psam.serial}：{_WHAT[verdict]}（终端机编号{counters.terminal[:12]}，"
        f"地点{counters.place[:40]}，序号{counters.first}-{counters.last}）"
    )
    number = incident(act, psam, kind, what)
    _freeze(act, psam, what)
    return number


def _freeze(act: Act, psam: Psam, why: str) -> None:
    if psam.status in (Status.ISSUED, Status.ACTIVE):
        move(psam, Status.FROZEN, act, why)
        list_renew(psam.owner, act)


_WHAT = {
    Verdict.BACKWARDS: "交易序号倒退或重复",
    Verdict.WRONG_PLACE: "终端、单位或地点与登记不符",
    Verdict.NOT_ACCEPTED: "保管人签收前已被使用",
    Verdict.BLOCKED: "已停用的PSAM卡仍在使用",
}
