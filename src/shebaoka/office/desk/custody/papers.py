"""The forms as PDF."""

from uuid import UUID

from django.http import HttpResponse

from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import closing_papers, papers
from shebaoka.office.custody.selectors import keepers, registers
from shebaoka.office.desk.access import DeskRequest, desk


@desk()
def application(request: DeskRequest, number: str) -> HttpResponse:
    """F5."""
    return _pdf(number, papers.application_pdf(registers.order(request.actor, number)))


@desk()
def memorandum(request: DeskRequest, number: str) -> HttpResponse:
    """F6."""
    return _pdf(number, papers.memorandum_pdf(registers.dispatch(request.actor, number)))


@desk()
def hand_over(request: DeskRequest, number: str) -> HttpResponse:
    """F12."""
    return _pdf(number, papers.hand_over_pdf(registers.hand_over(request.actor, number)))


@desk()
def hand_over_file(request: DeskRequest, number: str, which: str) -> HttpResponse:
    """The scan of the signed agreement, or the plan the third party handed in."""
    found = registers.hand_over(request.actor, number)
    name, digest = {
        "agreement": (found.agreement_name, found.agreement_file),
        "plan": (found.plan_name, found.plan_file),
    }.get(which, ("", ""))
    if not digest:
        raise Refusal("base.not-found", what=number)
    return _kept(name, digest)


@desk()
def agreement(request: DeskRequest, number: str) -> HttpResponse:
    """The agreement, to be signed."""
    return _pdf(f"{number}-agreement", papers.agreement_pdf(registers.hand_over(request.actor, number)))


@desk()
def destruction(request: DeskRequest, number: str) -> HttpResponse:
    """The record of destruction."""
    return _pdf(number, closing_papers.destruction_pdf(registers.destruction(request.actor, number)))


@desk()
def destruction_file(request: DeskRequest, number: str, id: UUID) -> HttpResponse:
    """A photograph or paper of a destruction."""
    found = registers.destruction(request.actor, number).files.filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what=number)
    return _kept(found.name, found.sha256)


@desk()
def keeper_change(request: DeskRequest, number: str) -> HttpResponse:
    """The protocol of a change of custodians."""
    return _pdf(number, closing_papers.keeper_change_pdf(keepers.change(request.actor, number)))


@desk()
def transcript(request: DeskRequest, number: str) -> HttpResponse:
    """The transcript of a ceremony as a file, to be proved."""
    found = registers.ceremony(request.actor, number)
    if not found.transcript:
        raise Refusal("base.not-found", what=number)
    response = HttpResponse(files.read(found.transcript), content_type="application/jsonl")
    response["Content-Disposition"] = f'attachment; filename="{number}.jsonl"'
    return response


@desk()
def transcript_paper(request: DeskRequest, number: str) -> HttpResponse:
    """The transcript of a ceremony on paper."""
    found = registers.ceremony(request.actor, number)
    if not found.paper:
        raise Refusal("base.not-found", what=number)
    return _pdf(number, files.read(found.paper))


def _kept(name: str, digest: str) -> HttpResponse:
    """A kept file, to be saved."""
    headers = {"Content-Disposition": f'attachment; filename="{digest[:12]}.{name.rpartition(".")[2]}"'}
    return HttpResponse(files.read(digest), content_type=files.media_type(name), headers=headers)


def _pdf(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
