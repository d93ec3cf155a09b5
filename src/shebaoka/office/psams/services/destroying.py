"""The writers of destructions (R-38): a list that a leader approved, keys erased on the chip, witnesses, a
certificate."""

from collections.abc import Callable

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep, read
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.psams.choices import DestructionFileKind, Status, Wipe
from shebaoka.office.psams.models import Destruction, DestructionFile, DestructionLine, Psam
from shebaoka.office.psams.services.common import (
    KEEPER,
    LEADER,
    OFFICER,
    move,
    next_number,
    not_now,
    own_body,
    owned,
    words,
)

Wiper = Callable[[Psam], None]
"""Erases the keys of the PSAM in a reader and makes sure that they are gone; raises when it cannot."""


class DestructionList(msgspec.Struct, frozen=True):
    """PSAMs that are to be destroyed, and why."""

    organization: str
    serials: tuple[str, ...]
    reason: str


class Witnessed(msgspec.Struct, frozen=True):
    """The chips were destroyed. ``certificate``: its number; ``photos``: where the originals are kept;
    ``files``: SHA-256 of the photos and records added before, so that who signs has seen these and no
    others."""

    organization: str
    list: str
    method: str
    site: str
    photos: str
    certificate: str
    files: tuple[str, ...]


@two_persons("psams.destruction.approve", DestructionList, rehearsed=True)
def destruction_approve(act: Act, wanted: DestructionList) -> Destruction:
    """The leader approves a list. Raises Refusal ``psams.not-now`` for one that was not returned."""
    body = own_body(act, wanted.organization)
    psams = owned(act, wanted.serials)
    if not psams:
        raise Refusal("base.not-found", what="PSAM")
    made = Destruction.objects.create(
        number=next_number(body), organization=body, reason=words(wanted.reason), approved_at=act.time
    )
    for psam in psams:
        move(psam, Status.TO_DESTROY, act, made.number)
        DestructionLine.objects.create(destruction=made, psam=psam)
    act.about(made, number=made.number, count=len(psams), reason=made.reason)
    return made


@service("psams.psam.wipe")
def psam_wipe(act: Act, *, serial: str, wiper: Wiper) -> DestructionLine:
    """The keys of a PSAM on a list are erased on the chip, in the reader before the actor. The same again
    after an interruption does no harm: a chip that was wiped says so."""
    line = _line(act, serial)
    wiper(line.psam)
    return _wiped(act, line, Wipe.CHIP)


@service("psams.psam.silent")
def psam_silent(act: Act, *, serial: str, tried: str) -> DestructionLine:
    """The chip does not answer, so its keys cannot be erased by a command: physical destruction alone."""
    line = _line(act, serial)
    made = _wiped(act, line, Wipe.SILENT)
    act.data = {**act.data, "tried": words(tried)}
    return made


@service("psams.destruction.file")
def destruction_file(
    act: Act, *, number: str, kind: DestructionFileKind, name: str, content: bytes
) -> DestructionFile:
    """A photo of a destruction that is not certified yet, or what its witnesses signed; never taken back.
    Raises Refusal ``base.file-unfit``, ``psams.file-twice``."""
    open_ones = Destruction.objects.select_for_update(of=("self",)).select_related("organization")
    listed = open_ones.filter(number=number, organization=act.actor.organization, done_at=None).first()
    if listed is None or act.actor.staff is None:
        raise Refusal("base.not-found", what=number)
    act.on(listed.organization)
    name, digest = keep(name, content)
    if listed.files.filter(sha256=digest).exists():
        raise Refusal("psams.file-twice")
    made = DestructionFile.objects.create(
        destruction=listed,
        kind=DestructionFileKind(kind),
        name=name,
        sha256=digest,
        size=len(content),
        added_at=act.time,
        added_by=act.actor.staff,
    )
    act.about(listed, number=number, kind=made.kind, sha256=digest)
    return made


@two_persons("psams.destruction.record", Witnessed, 2)
def destruction_record(act: Act, done: Witnessed) -> Destruction:
    """Two who destroyed and one who supervised sign, and the numbers never come again. Who proposes is a
    destroyer, the other destroyer and the supervisor (security officer or leader) check.

    Raises Refusal ``psams.not-wiped``, ``psams.witnesses``, ``psams.certificate-taken``,
    ``psams.files-differ`` without a file or with others than were proposed, ``base.file-damaged``."""
    body = own_body(act, done.organization)
    found = Destruction.objects.select_for_update(of=("self",)).filter(
        number=done.list, organization=body, done_at=None
    )
    listed = found.first()
    if listed is None:
        raise Refusal("base.not-found", what=done.list)
    lines = listed.lines.select_related("psam").order_by("psam_id")
    psams = owned(act, [line.psam.serial for line in lines])
    open_lines = [line.psam.serial for line in lines if not line.wiped_how]
    if open_lines:
        raise Refusal("psams.not-wiped", serial=open_lines[0], count=len(open_lines))
    certificate = words(done.certificate)[:60]
    if Destruction.objects.filter(certificate=certificate).exists():
        raise Refusal("psams.certificate-taken", number=certificate)
    kept = sorted(listed.files.values_list("sha256", flat=True))
    if not kept or kept != sorted(done.files):
        raise Refusal("psams.files-differ")
    for digest in kept:
        read(digest)
    first, second, supervisor = _witnesses(act)
    listed.done_at, listed.certificate = act.time, certificate
    listed.method, listed.site = words(done.method)[:200], words(done.site)[:200]
    listed.photos = words(done.photos)[:200]
    listed.destroyer_a, listed.destroyer_b, listed.supervisor = first, second, supervisor
    listed.save()
    for psam in psams:
        move(psam, Status.DESTROYED, act, certificate)
    act.persons.update(destroyer_a=first.number, destroyer_b=second.number, supervisor=supervisor.number)
    act.about(listed, number=listed.number, certificate=certificate, count=len(psams), files=kept)
    return listed


def _witnesses(act: Act) -> tuple[Staff, Staff, Staff]:
    """Two destroyers and the supervisor. Raises Refusal when none of the checkers supervises."""
    maker = Staff.objects.get(number=act.persons["maker"])
    one, other = Staff.objects.get(number=act.persons["checker"]), act.actor.staff
    for supervisor, destroyer in ((other, one), (one, other)):
        if supervisor is not None and destroyer is not None and _has(supervisor, OFFICER, LEADER):
            if not _has(destroyer, KEEPER):
                break
            return maker, destroyer, supervisor
    raise Refusal("psams.witnesses")


def _has(who: Staff, *roles: str) -> bool:
    return who.assignments.filter(role__in=roles, until=None).exists()


def _line(act: Act, serial: str) -> DestructionLine:
    (psam,) = owned(act, [serial])
    if psam.status != Status.TO_DESTROY:
        raise not_now(psam)
    line = psam.destructions.select_for_update(of=("self",)).filter(wiped_how="").first()
    if line is None:
        raise Refusal("psams.wiped", serial=serial)
    line.psam = psam
    return line


def _wiped(act: Act, line: DestructionLine, how: Wipe) -> DestructionLine:
    line.wiped_how, line.wiped_at, line.wiped_by = how, act.time, act.actor.staff
    line.save(update_fields=["wiped_how", "wiped_at", "wiped_by"])
    act.about(line.psam, serial=line.psam.serial, how=how.value)
    return line
