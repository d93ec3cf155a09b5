"""Identity verification: documents seen, compared with the register, the cause found, settled in time."""

from uuid import UUID

import msgspec

from shebaoka.domain import person_number
from shebaoka.domain.dates import after_workdays
from shebaoka.office.access.choices import CORRECTED, CaseState, Cause
from shebaoka.office.access.models import Account, ActivationCode, Verification
from shebaoka.office.access.standing import day_of
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.office.people.choices import DocumentType
from shebaoka.office.people.models import Person


class Seen(msgspec.Struct, frozen=True):
    """What she showed at the counter: the number she signs in with, her name and document."""

    typed: str
    name: str
    document_type: DocumentType
    document_number: str


@service("access.verification.open")
def verification_open(act: Act, *, agency: Organization, seen: Seen) -> Verification:
    """A case of ``agency``, to be settled within the region's working days. Raises Refusal."""
    act.on(agency)
    typed = _settled(seen.typed)
    name, document = seen.name.strip(), seen.document_number.strip().upper()
    if not typed or not name or not document:
        raise Refusal("access.document-unseen")
    made = Verification.objects.create(
        number=_next(agency, act),
        agency=agency,
        region=agency.region,
        person=Person.objects.filter(number=typed, merged_into=None).first(),
        typed=typed,
        name=name[:100],
        document_type=seen.document_type,
        document_number=document[:20],
        opened_by=act.actor.staff,
        opened_at=act.time,
        due=after_workdays(day_of(act.time), parameter(agency, "enquiry.verification-days")),
    )
    act.about(made, number=made.number)
    return made


@service("access.verification.find")
def verification_find(
    act: Act, *, case: UUID, cause: Cause, remark: str = "", elsewhere: Organization | None = None
) -> Verification:
    """The cause; with ``ELSEWHERE`` the agency she is sent to. Raises Refusal ``cause-lacks-agency``."""
    found = _locked(act, case)
    if (cause is Cause.ELSEWHERE) != (elsewhere is not None):
        raise Refusal("access.cause-lacks-agency")
    found.cause, found.elsewhere, found.remark = cause, elsewhere, remark.strip()[:400]
    found.state = CaseState.FOUND
    found.save()
    act.about(found, number=found.number, cause=cause.value)
    return found


@service("access.verification.settle")
def verification_settle(act: Act, *, case: UUID, verified: bool = True) -> Verification:
    """Closes a case. Where the register was wrong, it has been put right by then; who is insured here leaves
    with an activation code that was made within the case, unless she could sign in.

    Raises Refusal ``cause-unknown``, ``register-unchanged``."""
    found = _locked(act, case)
    if verified:
        _ready(found)
    found.state = CaseState.DONE if verified else CaseState.REFUSED
    found.closed_at = act.time
    found.save()
    act.about(found, number=found.number, state=found.state)
    return found


def _ready(case: Verification) -> None:
    if case.state != CaseState.FOUND:
        raise Refusal("access.cause-unknown")
    if case.cause in CORRECTED:
        right = Person.objects.filter(
            number=case.typed, name=case.name, merged_into=None, agency__path__startswith=case.agency.path
        ).first()
        if right is None:
            raise Refusal("access.register-unchanged")
        case.person = right
    if case.cause in {Cause.ELSEWHERE, Cause.UNKNOWN}:
        return
    made = ActivationCode.objects.filter(person=case.person, made_at__gte=case.opened_at).exists()
    signed_in = Account.objects.filter(person=case.person, changed_at__gte=case.opened_at).exists()
    if not made and not signed_in:
        raise Refusal("access.no-code-yet")


def _locked(act: Act, case: UUID) -> Verification:
    found = (
        Verification.objects.select_for_update(of=("self",)).select_related("agency").filter(pk=case).first()
    )
    if found is None or not act.actor.organization.contains(found.agency):
        raise Refusal("base.not-found", what="case")
    if found.closed_at is not None:
        raise Refusal("access.case-closed")
    act.on(found.agency)
    return found


def _settled(typed: str) -> str:
    tidy = "".join(typed.split()).upper()
    try:
        return person_number.settled(tidy)
    except ValueError:
        return tidy[:18]


def _next(agency: Organization, act: Act) -> str:
    """Numbers of an agency's cases run by the year: ``980100-2026-V00012``."""
    begun = f"{agency.code}-{day_of(act.time).year}-V"
    Organization.objects.select_for_update().get(pk=agency.pk)
    last = (
        Verification.objects.filter(number__startswith=begun)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return f"{begun}{int(last.removeprefix(begun)) + 1 if last else 1:05d}"
