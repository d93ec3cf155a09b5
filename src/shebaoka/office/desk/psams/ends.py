"""Recalls, losses, destruction, block lists."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Tag
from shebaoka.office.base.steps import Step
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import home as to
from shebaoka.office.desk.psams.common import link, listing, pair, single, standing
from shebaoka.office.desk.psams.forms import DestructionForm, RecallForm, WitnessForm
from shebaoka.office.psams import papers, selectors, services
from shebaoka.office.psams.choices import RecallReason
from shebaoka.office.psams.models import Loss
from shebaoka.office.psams.services import DestructionList, RecallList, Witnessed
from shebaoka.office.psams.services.listing import file_of, public_key

_PAGE = "desk/psams/page.html"


@desk()
def recalls(request: DeskRequest) -> HttpResponse:
    """What is to be handed in."""
    found = page_of(request, selectors.recalls(request.actor))
    day = clock.today()
    rows = [
        (
            link(each.psam),
            each.recall.number,
            each.recall.get_reason_display(),
            each.recall.due,
            Tag(_("Overdue"), "bad") if each.recall.due < day else Tag(_("Not done yet"), "busy"),
        )
        for each in found
    ]
    columns = [
        Column(_("PSAM")),
        Column(_("List")),
        Column(_("Reason")),
        Column(_("Due")),
        Column(_("State")),
    ]
    page = {
        "title": _("Recalls"),
        "back": reverse("desk:psams:home"),
        "acts": [to("recall", _("Call PSAMs back"))] if request.actor.may("psams.recall.make") else [],
        "sections": [listing(_("To be handed in"), columns, rows, _("Nothing is to be handed in."))],
        "pages": found,
    }
    return render(request, _PAGE, page)


@desk("psams.recall.make")
def recall(request: DeskRequest) -> HttpResponse:
    """A recall list."""
    code = request.actor.organization.code
    return pair(
        request,
        "psams.recall.make",
        [Step("list", _("Which PSAMs, and why"), RecallForm)],
        lambda answers: RecallList(
            code, answers["serials"], RecallReason(answers["recall_reason"]), answers["remark"]
        ),
        title=_("Call PSAMs back"),
        back=reverse("desk:psams:recalls"),
    )


@desk()
def losses(request: DeskRequest) -> HttpResponse:
    """Losses and their reports."""
    found = page_of(request, selectors.losses(request.actor))
    rows = [(link(each.psam), each.holder.name, each.told_at, _report(each), each.incident) for each in found]
    columns = [Column(_("PSAM")), Column(_("Who had it")), Column(_("Reported at"))]
    columns += [Column(_("Written report")), Column(_("Incident"))]
    page = {
        "title": _("Losses"),
        "back": reverse("desk:psams:home"),
        "sections": [listing(_("Losses of PSAMs"), columns, rows, _("None."))],
        "pages": found,
    }
    return render(request, _PAGE, page)


@desk()
def destructions(request: DeskRequest) -> HttpResponse:
    """Destruction lists."""
    found = page_of(request, selectors.destructions(request.actor))
    rows = [
        (
            Link(each.number, reverse("desk:psams:destruction", args=[each.number])),
            each.organization.name,
            each.reason,
            each.certificate or Tag(_("Not done yet"), "busy"),
        )
        for each in found
    ]
    columns = [Column(_("List")), Column(_("Body")), Column(_("Reason")), Column(_("Certificate"))]
    may = request.actor.may("psams.destruction.approve")
    page = {
        "title": _("Destruction of PSAMs"),
        "back": reverse("desk:psams:home"),
        "acts": [to("destroy", _("Propose a destruction list"))] if may else [],
        "sections": [listing(_("Destruction lists"), columns, rows, _("None yet."))],
        "pages": found,
    }
    return render(request, _PAGE, page)


@desk()
def destruction(request: DeskRequest, number: str) -> HttpResponse:
    """One list: what is on it, whether keys are erased, witnesses."""
    found = selectors.destruction(request.actor, number)
    facts = [
        Row(_("Reason"), found.reason),
        Row(_("Approved on"), found.approved_at),
        Row(_("Destroyed on"), found.done_at),
        Row(_("Method"), found.method),
        Row(_("Place"), found.site),
        Row(
            _("Destroyed by"), ", ".join(str(each) for each in (found.destroyer_a, found.destroyer_b) if each)
        ),
        Row(_("Supervisor"), str(found.supervisor or "")),
        Row(_("Photos"), found.photos),
        Row(_("Certificate"), found.certificate),
    ]
    rows = [
        (link(line.psam), standing(line.psam), line.get_wiped_how_display(), line.wiped_at)
        for line in found.lines.select_related("psam").order_by("psam__serial")
    ]
    columns = [Column(_("PSAM")), Column(_("Status")), Column(_("Keys")), Column(_("Time"))]
    acts = [Link(_("List and certificate (PDF)"), reverse("desk:psams:certificate", args=[number]))]
    if found.done_at is None and request.actor.may("psams.destruction.record"):
        acts.insert(0, Link(_("Record the destruction"), reverse("desk:psams:witness", args=[number])))
    page = {
        "title": _("Destruction list %(number)s") % {"number": number},
        "back": reverse("desk:psams:destructions"),
        "facts": Summary(facts),
        "acts": acts,
        "sections": [listing(_("PSAMs"), columns, rows)],
    }
    return render(request, _PAGE, page)


@desk()
def certificate(request: DeskRequest, number: str) -> HttpResponse:
    """The list, and the certificate, on paper."""
    found = selectors.destruction(request.actor, number)
    return HttpResponse(papers.destruction_pdf(found), content_type="application/pdf")


@desk("psams.destruction.approve")
def destroy(request: DeskRequest) -> HttpResponse:
    """A destruction list."""
    code = request.actor.organization.code
    return pair(
        request,
        "psams.destruction.approve",
        [Step("list", _("Which PSAMs, and why"), DestructionForm)],
        lambda answers: DestructionList(code, answers["serials"], answers["destruction_reason"]),
        title=_("Propose a destruction list"),
        back=reverse("desk:psams:destructions"),
    )


@desk("psams.destruction.record")
def witness(request: DeskRequest, number: str) -> HttpResponse:
    """The destruction, witnessed."""
    found = selectors.destruction(request.actor, number)
    return pair(
        request,
        "psams.destruction.record",
        [Step("done", _("How they were destroyed"), WitnessForm)],
        lambda answers: Witnessed(
            found.organization.code,
            number,
            **{name: answers[name] for name in ("method", "site", "photos", "certificate")},
        ),
        title=_("Record the destruction"),
        back=reverse("desk:psams:destruction", args=[number]),
        subject=found,
    )


@desk()
def lists(request: DeskRequest) -> HttpResponse:
    """Block lists and the key they are checked with."""
    found = page_of(request, selectors.lists(request.actor))
    rows = [
        (
            Link(f"{each.organization.code}-{each.version}", reverse("desk:psams:list", args=[each.pk])),
            each.organization.name,
            each.issued_at,
            each.entries,
            each.signer,
        )
        for each in found
    ]
    columns = [
        Column(_("List")),
        Column(_("Body")),
        Column(_("Issued on")),
        Column(_("Entries"), numeric=True),
    ]
    may = request.actor.may("psams.list.publish")
    page = {
        "title": _("Block lists"),
        "back": reverse("desk:psams:home"),
        "text": _("Hosts refuse the PSAMs of the latest list. They check it with the public key %(key)s.")
        % {"key": public_key().hex()},
        "acts": [to("publish", _("Publish the list again"))] if may else [],
        "sections": [listing(_("Lists"), [*columns, Column(_("Signer"))], rows, _("None yet."))],
        "pages": found,
    }
    return render(request, _PAGE, page)


@desk()
def list_file(request: DeskRequest, id: UUID) -> HttpResponse:
    """A list as hosts get it."""
    found = selectors.lists(request.actor).filter(pk=id).first()
    if found is None:
        raise Refusal("base.not-found", what="list")
    answer = HttpResponse(file_of(found), content_type="application/x-ndjson")
    name = f"psams-{found.organization.code}-{found.version}.jsonl"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@desk("psams.list.publish")
def publish(request: DeskRequest) -> HttpResponse:
    """Another version, as things are now."""
    body = request.actor.organization
    return single(
        request,
        OfficeForm.of(request),
        lambda answers: services.list_publish(request.actor, body=body),
        title=_("Publish the list again"),
        done=_("The list is published."),
        to=reverse("desk:psams:lists"),
        button=_("Publish"),
    )


def _report(loss: Loss) -> object:
    if loss.written_at is not None:
        return loss.written_document
    if loss.found_at is not None:
        return Tag(_("Found again"))
    late = loss.written_due < clock.now()
    return Tag(_("Overdue"), "bad") if late else Tag(_("Not done yet"), "busy")
