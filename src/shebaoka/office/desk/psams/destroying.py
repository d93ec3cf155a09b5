"""Destruction: lists, photos and records, witnesses, certificate."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Code, Column, Link, Row, Summary, Tag
from shebaoka.office.base.steps import Answers, Step
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import home as to
from shebaoka.office.desk.psams.common import link, listing, pair, single, standing
from shebaoka.office.desk.psams.forms import DestructionFileForm, DestructionForm, WitnessForm
from shebaoka.office.psams import papers, selectors, services
from shebaoka.office.psams.choices import DestructionFileKind
from shebaoka.office.psams.models import DestructionFile
from shebaoka.office.psams.services import DestructionList, Witnessed

_PAGE = "desk/psams/page.html"


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
        Row(_("Originals of photos and records"), found.photos),
        Row(_("Certificate"), found.certificate),
    ]
    rows = [
        (link(line.psam), standing(line.psam), line.get_wiped_how_display(), line.wiped_at)
        for line in found.lines.select_related("psam").order_by("psam__serial")
    ]
    columns = [Column(_("PSAM")), Column(_("Status")), Column(_("Keys")), Column(_("Time"))]
    kept = [
        (
            Link(each.name, reverse("desk:psams:destruction-file", args=[number, each.sha256])),
            each.get_kind_display(),
            Code(each.sha256),
            str(each.added_by),
            each.added_at,
        )
        for each in selectors.destruction_files(found)
    ]
    heads = [Column(text) for text in (_("File"), _("What it is"), _("Check sum"), _("By"), _("Time"))]
    acts = [Link(_("List and certificate (PDF)"), reverse("desk:psams:certificate", args=[number]))]
    if found.done_at is None and request.actor.may("psams.destruction.record"):
        acts.insert(0, Link(_("Record the destruction"), reverse("desk:psams:witness", args=[number])))
    if found.done_at is None and request.actor.may("psams.destruction.file"):
        url = reverse("desk:psams:destruction-add", args=[number])
        acts.insert(0, Link(_("Add a photo or record of the destruction"), url))
    page = {
        "title": _("Destruction list %(number)s") % {"number": number},
        "back": reverse("desk:psams:destructions"),
        "facts": Summary(facts),
        "acts": acts,
        "sections": [
            listing(_("PSAMs"), columns, rows),
            listing(_("Photos and records"), heads, kept, _("None yet.")),
        ],
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
            files=tuple(sorted(each.sha256 for each in selectors.destruction_files(found))),
        ),
        title=_("Record the destruction"),
        back=reverse("desk:psams:destruction", args=[number]),
        subject=found,
    )


@desk("psams.destruction.file")
def add_file(request: DeskRequest, number: str) -> HttpResponse:
    """A photo or record."""
    selectors.destruction(request.actor, number)

    def call(answers: Answers) -> DestructionFile:
        file = answers["file"]
        kind = DestructionFileKind(answers["kind"])
        return services.destruction_file(
            request.actor, number=number, kind=kind, name=file.name, content=file.read()
        )

    return single(
        request,
        DestructionFileForm.of(request),
        call,
        title=_("Add a photo or record of the destruction"),
        done=_("The file is kept. It is never taken back."),
        to=reverse("desk:psams:destruction", args=[number]),
        button=_("Add"),
    )


@desk()
def file(request: DeskRequest, number: str, digest: str) -> HttpResponse:
    """A photo or record as it was brought, always as a download."""
    found = selectors.destruction_files(selectors.destruction(request.actor, number))
    kept = found.filter(sha256=digest).first()
    if kept is None:
        raise Refusal("base.not-found", what=digest[:12])
    answer = HttpResponse(files.read(kept.sha256), content_type=files.media_type(kept.name))
    ending = kept.name.rpartition(".")[2].lower()
    answer["Content-Disposition"] = f'attachment; filename="{number}-{kept.sha256[:8]}.{ending}"'
    return answer
