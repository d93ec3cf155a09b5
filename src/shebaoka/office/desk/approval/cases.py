"""One case: its form, checklist and evidence, what is lacking, what the bodies said."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shebaoka.office.approval import selectors
from shebaoka.office.approval.choices import Kind, Stage
from shebaoka.office.approval.models import Case
from shebaoka.office.approval.paper import case_pdf, statement_pdf
from shebaoka.office.approval.plan import fields
from shebaoka.office.approval.readiness import Readiness, readiness
from shebaoka.office.base.files import media_type, read
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag, Task, TaskList
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.approval import reading
from shebaoka.office.organizations.choices import Kind as Body


@desk()
def case(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The case."""
    found = selectors.case(request.actor, pk)
    state = readiness(found)
    page = {
        "case": found,
        "title": reading.title(found),
        "facts": Summary(_facts(found)),
        "form": Summary(
            [Row(entry.name, reading.plain(name, found.plan.get(name))) for name, entry in fields().items()]
        ),
        "items": TaskList(_items(found, state)),
        "lacks": _lacks(state) if found.stage == Stage.DRAFT else [],
        "reviews": _reviews(found),
        "acts": _acts(request, found, state),
    }
    return render(request, "desk/approval/case.html", page)


@desk()
def file(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A file of evidence, as it was handed in."""
    found = selectors.attachment(request.actor, pk)
    return _download(read(found.sha256), found.name)


@desk()
def report(request: DeskRequest, pk: UUID) -> HttpResponse:
    """A card check's report."""
    found = selectors.card_report(request.actor, pk)
    return _download(read(found.sha256), found.name)


@desk()
def paper(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The case's form as PDF."""
    found = selectors.case(request.actor, pk)
    return _download(case_pdf(found), f"{found.region.organization.code}-{found.number:02d}.pdf")


@desk()
def preparation(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The statement of preparation as PDF (F2)."""
    found = selectors.case(request.actor, pk)
    return _download(statement_pdf(found), f"{found.region.organization.code}-{found.number:02d}-F2.pdf")


def _download(content: bytes, name: str) -> HttpResponse:
    """Always a download: nothing that was brought in is shown as a page of the office."""
    answer = HttpResponse(content, content_type=media_type(name))
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    answer["Content-Disposition"] = f'attachment; filename="{ascii_name}"'
    return answer


def _facts(found: Case) -> list[Row]:
    rows = [
        Row(_("Kind"), Kind(found.kind).label),
        Row(_("Stage"), reading.stage(found.stage)),
        Row(_("Submitted"), found.submitted_at),
        Row(_("Decided"), found.decided_at),
        Row(_("Hash"), found.digest),
    ]
    if found.number > 1:
        rows += [
            Row(_("Changed"), ", ".join(str(fields()[name].name) for name in found.changes)),
            Row(_("Reason"), found.reason),
            Row(_("Effect on cards in use"), found.effect),
            Row(_("Day of effect"), found.effective_on),
        ]
    return rows


def _items(found: Case, state: Readiness) -> list[Task]:
    tasks = []
    for each in state.items:
        url = reverse("desk:approval:item", args=[found.pk, each.key])
        if each.files:
            tag = Tag(_files(len(each.files)), "good")
        elif each.document:
            tag = Tag(_("In force"), "good")
        else:
            tag = Tag(_("Missing"), "warn") if each.item.needed else Tag(_("Optional"))
        tasks.append(Task(each.item.name, url, tag, reading.article(each.item.source)))
    return tasks


def _files(count: int) -> str:
    return ngettext("%(count)s file", "%(count)s files", count) % {"count": count}


def _lacks(state: Readiness) -> list[str]:
    found = [str(fields()[name].name) for name in dict.fromkeys((*state.plan_unfit, *state.plan_missing))]
    found += [str(each.item.name) for each in state.missing]
    return found + [f"{each.name} {each.message}".strip() for each in state.structure]


def _reviews(found: Case) -> Table:
    rows = [
        (each.body.name, reading.passed_tag(each.passed), each.opinion, each.document, each.at)
        for each in found.reviews.select_related("body").order_by("at", "pk")
    ]
    names = (_("Body"), _("Decision"), _("Opinion"), _("Document number"), _("Time"))
    return Table(_("Reviews"), [Column(text) for text in names], rows, _("Nobody yet."), hide_caption=True)


def _acts(request: DeskRequest, found: Case, state: Readiness) -> list[Link]:
    actor, region = request.actor, found.region.organization
    own = actor.organization.pk == region.pk
    draft = own and found.stage == Stage.DRAFT
    province = region.parent_id == actor.organization.pk and actor.organization.kind == Body.PROVINCE
    ministry = actor.organization.kind == Body.MINISTRY
    offered = [
        ("approval.plan.write", "plan", _("Fill in the form"), draft),
        ("approval.case.submit", "submit", _("Submit"), draft and state.ready),
        ("approval.case.withdraw", "withdraw", _("Withdraw this change"), draft and found.number > 1),
        (
            "approval.review.begin",
            "begin",
            _("Take up the review"),
            province and found.stage == Stage.SUBMITTED,
        ),
        (
            "approval.review.province",
            "review",
            _("Give the province's opinion"),
            province and found.stage == Stage.PROVINCE_REVIEW,
        ),
        (
            "approval.review.ministry",
            "review",
            _("Give the ministry's decision"),
            ministry and found.stage == Stage.MINISTRY_REVIEW,
        ),
    ]
    return [
        Link(text, reverse(f"desk:approval:{page}", args=[found.pk]))
        for act, page, text, shown in offered
        if shown and actor.may(act)
    ]
