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
from shebaoka.office.base.pieces import Column, Link, Tag
from shebaoka.office.base.steps import Step
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import home as to
from shebaoka.office.desk.psams.common import link, listing, pair, single
from shebaoka.office.desk.psams.forms import RecallForm
from shebaoka.office.psams import selectors, services
from shebaoka.office.psams.choices import RecallReason
from shebaoka.office.psams.models import Loss
from shebaoka.office.psams.services import RecallList
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
