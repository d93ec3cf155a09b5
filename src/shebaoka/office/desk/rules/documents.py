"""One version of a document: its text, who acknowledged it, its approval and its end."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.rules.forms import AcknowledgeForm, ApproveForm, WithdrawForm
from shebaoka.office.rules import selectors, services
from shebaoka.office.rules.choices import DocumentState
from shebaoka.office.rules.models import Document
from shebaoka.office.rules.papers import document_pdf
from shebaoka.office.rules.services import Approval, Withdrawal


@desk()
def document(request: DeskRequest, id: UUID) -> HttpResponse:
    """The text as people read it, and what she may do with it."""
    found = selectors.document(request.actor, id)
    concerned = found in selectors.to_acknowledge(request.actor)
    page = {
        "document": found,
        "facts": Summary(_facts(found)),
        "lines": [(line.startswith("# "), line.removeprefix("# ")) for line in found.text.split("\n")],
        "acknowledged": _acknowledged(found) if found.state == DocumentState.APPROVED else None,
        "acknowledge": concerned,
        "acts": _acts(request, found),
    }
    return render(request, "desk/rules/document.html", page)


@desk()
def paper(request: DeskRequest, id: UUID) -> HttpResponse:
    """It on paper."""
    found = selectors.document(request.actor, id)
    name = f"{found.organization.code}-{found.kind}-{found.version}.pdf"
    return HttpResponse(
        document_pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


@desk("rules.document.approve")
def approve(request: DeskRequest, id: UUID) -> HttpResponse:
    """Proposes the approval to the leader."""
    found = selectors.document(request.actor, id)

    def finish(answers: Answers) -> HttpResponse:
        return proposed(
            request,
            "rules.document.approve",
            found.organization,
            Approval(str(found.pk), found.digest, answers["in_force_from"]),
            reason=answers["reason"],
            subject=found,
        )

    return _ask(
        request, found, Step("day", _("In force from"), ApproveForm), finish, _("Propose for approval")
    )


@desk("rules.document.withdraw")
def withdraw(request: DeskRequest, id: UUID) -> HttpResponse:
    """Proposes the end of a version."""
    found = selectors.document(request.actor, id)

    def finish(answers: Answers) -> HttpResponse:
        return proposed(
            request,
            "rules.document.withdraw",
            found.organization,
            Withdrawal(str(found.pk), answers["withdrawn_on"], answers["because"]),
            subject=found,
        )

    return _ask(
        request,
        found,
        Step("day", _("No longer in force from"), WithdrawForm),
        finish,
        _("Propose to withdraw"),
    )


@desk("rules.document.acknowledge")
def acknowledge(request: DeskRequest, id: UUID) -> HttpResponse:
    """She has read it and keeps to it."""
    found = selectors.document(request.actor, id)
    form = AcknowledgeForm.of(request, initial={"digest": found.digest})
    done = attempt(
        form,
        lambda answers: services.document_acknowledge(
            request.actor, document=found, digest=answers["digest"]
        ),
    )
    back = reverse("desk:rules:document", args=[found.pk])
    if done is not None:
        messages.success(request, _("You have acknowledged it."))
        return redirect(back)
    page = {
        "form": form,
        "title": _("Acknowledge"),
        "text": str(found),
        "button": _("Acknowledge"),
        "back": back,
    }
    return render(request, "desk/form.html", page, status=form.status)


def _ask(
    request: DeskRequest, found: Document, step: Step, finish: Callable[[Answers], HttpResponse], title: str
) -> HttpResponse:
    return ask(
        request,
        [step],
        finish,
        title=f"{title}: {found}",
        button=_("Propose"),
        note=_("Nothing changes before the leader has checked it."),
        context={"back": reverse("desk:rules:document", args=[found.pk])},
    )


def _facts(found: Document) -> list[Row]:
    rows = [
        Row(
            _("Body"),
            Link(found.organization.name, reverse("desk:rules:body", args=[found.organization.code])),
        ),
        Row(_("Kind"), found.get_kind_display()),
        Row(_("Version"), found.version),
        Row(_("State"), Tag(found.get_state_display())),
        Row(_("In force from"), found.in_force_from),
    ]
    if found.state == DocumentState.APPROVED:
        rows.append(Row(_("Review until"), selectors.review_due(found)))
    if found.withdrawn_on:
        rows += [
            Row(_("No longer in force from"), found.withdrawn_on),
            Row(_("Reason"), found.withdrawn_because),
        ]
    return [*rows, Row(_("Check sum of the text (SHA-256)"), found.digest)]


def _acknowledged(found: Document) -> Table:
    rows: list[tuple[object, ...]] = [
        (each.staff.name, each.staff.number, Tag(_("Acknowledged"), "good"), each.at)
        for each in selectors.acknowledgments(found)
    ]
    rows += [
        (each.name, each.number, Tag(_("Outstanding"), "warn"), "")
        for each in selectors.missing_acknowledgments(found)
    ]
    columns = [Column(_("Person")), Column(_("Staff number")), Column(_("State")), Column(_("When"))]
    return Table(_("Acknowledgments"), columns, rows, _("Nobody has to acknowledge it."), hide_caption=True)


def _acts(request: DeskRequest, found: Document) -> list[Link]:
    draft, approved = found.state == DocumentState.DRAFT, found.state == DocumentState.APPROVED
    offered = [
        ("rules.document.edit", _("Change the draft"), "edit", draft),
        ("rules.document.approve", _("Propose for approval"), "approve", draft),
        ("rules.document.discard", _("Discard the draft"), "discard", draft),
        ("rules.document.withdraw", _("Propose to withdraw"), "withdraw", approved),
    ]
    links = [
        Link(text, reverse(f"desk:rules:{page}", args=[found.pk]))
        for act, text, page, fits in offered
        if fits and request.actor.may(act)
    ]
    if approved and request.actor.may("rules.document.draft"):
        next_one = reverse("desk:rules:draft", args=[found.organization.code, found.kind])
        links.append(Link(_("Draft the next version"), next_one))
    return [*links, Link(_("As PDF"), reverse("desk:rules:paper", args=[found.pk]))]
