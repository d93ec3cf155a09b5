"""What bodies of every level have in force and lack."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Notice, Piece, Table, Tag, Task, TaskList, Tone
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.rules import yearly as pages_yearly
from shebaoka.office.organizations import selectors as organizations
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.rules import selectors, yearly
from shebaoka.office.rules.choices import DocumentKind, DocumentState, DrillResult
from shebaoka.office.rules.models import Document, Drill
from shebaoka.office.rules.selectors import Lacking, ValidDocuments

_TONES: dict[DrillResult, Tone] = {
    DrillResult.PASSED: "good",
    DrillResult.FINDINGS: "warn",
    DrillResult.FAILED: "bad",
}


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """The bodies of her area, those that lack something marked; ``?lacking=1`` those only."""
    if request.GET.get("lacking"):
        page = {"table": _table(yearly.bodies_lacking(request.actor)), "only": True}
    else:
        found = page_of(request, selectors.issuing_bodies(request.actor))
        page = {"table": _table(selectors.documents_of_bodies(found)), "pages": found}
    return render(request, "desk/rules/home.html", page)


@desk()
def body(request: DeskRequest, code: str) -> HttpResponse:
    """One body: its three documents, drafts, older versions, drills."""
    node = organizations.organization(request.actor, code)
    state = selectors.valid_documents(node) if node.kind in ISSUING else None
    versions = list(selectors.documents(request.actor, node).defer("text"))
    drafts = {each.kind: each for each in versions if each.state == DocumentState.DRAFT}
    drills = page_of(request, selectors.drills(request.actor, node), "drills", 20)
    audits = page_of(request, yearly.audits(request.actor, node), "audits", 20)
    restores = page_of(request, yearly.restore_tests(request.actor, node), "restores", 20)
    page = {
        "node": node,
        "notice": _notice(state) if state else None,
        "documents": _documents(request, state, drafts) if state else None,
        "yearly": TaskList(pages_yearly.tasks(request, node)) if state else None,
        "others": [(pages_yearly.audits(audits), audits), (pages_yearly.restores(restores), restores)],
        "versions": _versions(versions),
        "drills": _drills(drills),
        "pages": drills,
        "drill": request.actor.may("rules.drill.record") and state is not None,
    }
    return render(request, "desk/rules/body.html", page)


def lack_tag(lack: Lacking) -> Tag:
    """What is lacking, in words."""
    return Tag(lack.why.label, "bad" if lack.blocks else "warn")


def _table(states: list[ValidDocuments]) -> Table:
    columns = [Column(_("Body"))]
    columns += [Column(kind.label) for kind in DocumentKind]
    columns += [Column(_("Last drill")), Column(_("Last audit")), Column(_("Last restore test"))]
    columns.append(Column(_("May receive carriers")))
    rows = []
    dues = yearly.dues([each.organization for each in states])
    for each in states:
        node = each.organization
        cells: list[object] = [Link(node.name, reverse("desk:rules:body", args=[node.code]), node.code)]
        cells += [_cell(each, kind) for kind in DocumentKind]
        day = each.last_drill.held_on if each.last_drill else None
        late = each.lacks_of_drill
        cells.append(Tag(late.why.label, "warn") if late else day)
        cells += pages_yearly.cells(dues[node.pk])
        cells.append(Tag(_("Yes"), "good") if each.complete else Tag(_("No"), "bad"))
        rows.append(cells)
    empty = _("Every body has its documents, drills, audits and restore tests.")
    return Table(_("Bodies"), columns, rows, empty, hide_caption=True)


def _cell(state: ValidDocuments, kind: DocumentKind) -> Tag:
    lacks = state.lacks_of(kind)
    if lacks:
        return lack_tag(lacks[0])
    return Tag(_("Version %(number)s") % {"number": state.documents[kind].version}, "good")


def _notice(state: ValidDocuments) -> Piece | None:
    if not state.complete:
        return Notice(_("Without valid documents this body can receive no carrier (M47 art. 24)."), "bad")
    return Notice(_("Something is due."), "warn") if state.lacking else None


def _documents(request: DeskRequest, state: ValidDocuments, drafts: dict[str, Document]) -> TaskList:
    tasks = []
    for kind in DocumentKind:
        held = state.documents.get(kind)
        lacks = state.lacks_of(kind)
        draft = drafts.get(kind)
        url = reverse("desk:rules:document", args=[held.pk]) if held else ""
        hint = ", ".join(number for lack in lacks for number in lack.who)
        if not held and draft is None and request.actor.may("rules.document.draft"):
            url = reverse("desk:rules:draft", args=[state.organization.code, kind.value])
        if held and held.in_force_from:
            due = selectors.review_due(held)
            hint = hint or _("Version %(number)s, review until %(day)s") % {
                "number": held.version,
                "day": due,
            }
        tasks.append(Task(kind.label, url, lack_tag(lacks[0]) if lacks else Tag(_("In force"), "good"), hint))
    return TaskList(tasks)


def _versions(versions: list[Document]) -> Table:
    tones: dict[str, Tone] = {DocumentState.DRAFT: "busy", DocumentState.APPROVED: "good"}
    rows = [
        (
            Link(str(each), reverse("desk:rules:document", args=[each.pk])),
            each.get_kind_display(),
            Tag(each.get_state_display(), tones.get(each.state, "plain")),
            each.in_force_from,
            each.withdrawn_on,
        )
        for each in versions
    ]
    columns = [
        Column(_("Rules or plan")),
        Column(_("Kind")),
        Column(_("State")),
        Column(_("In force from")),
        Column(_("No longer in force from")),
    ]
    return Table(_("All versions"), columns, rows, _("No version yet."), hide_caption=True)


def _drills(found: Iterable[Drill]) -> Table:
    rows = [
        (
            each.scenario,
            each.held_on,
            Tag(each.get_result_display(), _TONES[DrillResult(each.result)]),
            each.participants,
            Link(_("PDF"), reverse("desk:rules:drill-paper", args=[each.pk]), each.scenario),
        )
        for each in found
    ]
    columns = [
        Column(_("Scenario")),
        Column(_("Held on")),
        Column(_("Result")),
        Column(_("Who took part")),
        Column(_("Minutes")),
    ]
    return Table(_("Drills"), columns, rows, _("No drill yet."), hide_caption=True)
