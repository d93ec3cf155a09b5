"""What a region's clerk writes: opening, form, evidence, submission."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.approval import selectors, services
from shebaoka.office.approval.choices import Stage
from shebaoka.office.approval.models import Attachment, Case
from shebaoka.office.approval.plan import from_data, items_of
from shebaoka.office.approval.readiness import case_digest
from shebaoka.office.approval.services.evidence import READINESS
from shebaoka.office.approval.services.submission import workflow_of
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Link
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.approval import reading
from shebaoka.office.desk.approval.forms import (
    BodyForm,
    CardForm,
    ChangeForm,
    EvidenceForm,
    PeopleForm,
    ReasonForm,
    StatementForm,
)
from shebaoka.office.organizations.selectors import organization


@desk("approval.region.open")
def begin(request: DeskRequest, code: str) -> HttpResponse:
    """Begins the registration."""
    node = organization(request.actor, code)
    form = OfficeForm(request.POST or None)
    if request.method == "POST":
        form = OfficeForm(request.POST)
        made = attempt(form, lambda answers: services.region_open(request.actor, organization=node))
        if made is not None:
            return redirect("desk:approval:case", made.pk)
    text = _("A province or city registers before it issues cards: form, readiness, evidence, two reviews.")
    return _form(
        request, form, _("Begin the registration"), text, reverse("desk:approval:region", args=[code])
    )


@desk("approval.change.open")
def change(request: DeskRequest, code: str) -> HttpResponse:
    """Begins a change."""
    node = organization(request.actor, code)
    form = OfficeForm(request.POST or None)
    if request.method == "POST":
        form = OfficeForm(request.POST)
        made = attempt(form, lambda answers: services.change_open(request.actor, organization=node))
        if made is not None:
            return redirect("desk:approval:case", made.pk)
    text = _(
        "It begins as a copy of what is approved. What differs decides whether it is approved anew or filed."
    )
    return _form(request, form, _("Begin a change"), text, reverse("desk:approval:region", args=[code]))


@desk("approval.plan.write")
def plan(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The registration form, in three pages, and for a change why."""
    case = selectors.case(request.actor, pk)
    steps = [
        Step("card", _("The card"), CardForm),
        Step("people", _("Whom, how many, where it is used"), PeopleForm),
        Step("body", _("Who makes it, and from when"), BodyForm),
    ]
    if case.number > 1:
        steps.append(Step("change", _("Why it is changed"), ChangeForm))

    def finish(answers: Answers) -> HttpResponse:
        why = {name: answers.pop(name) for name in ("reason", "effect", "effective_on") if name in answers}
        written = from_data({**case.plan, **answers})
        services.plan_write(request.actor, case=case.pk, plan=written, **why)
        messages.success(request, _("The form is saved."))
        return redirect("desk:approval:case", case.pk)

    return ask(
        request,
        steps,
        finish,
        title=reading.title(case),
        button=_("Save the form"),
        context={"back": reverse("desk:approval:case", args=[case.pk])},
        initial=_initial(case),
    )


@desk()
def item(request: DeskRequest, pk: UUID, key: str) -> HttpResponse:
    """An item of the checklist: its files, and while it is a draft one more or one less."""
    case = selectors.case(request.actor, pk)
    entry = items_of(case.kind).get(key)
    if entry is None:
        raise Refusal("approval.no-item")
    form = EvidenceForm(request.POST or None, request.FILES or None)
    writes = request.actor.may("approval.evidence.add") and case.stage == Stage.DRAFT
    writes = writes and request.actor.organization.pk == case.region.organization_id
    if request.method == "POST" and "remove" in request.POST:
        services.attachment_remove(request.actor, attachment=_id(request.POST["remove"]))
        messages.success(request, _("The file is taken back."))
        return redirect("desk:approval:item", case.pk, key)
    if request.method == "POST":
        form = EvidenceForm(request.POST, request.FILES)
        made = attempt(form, lambda answers: _keep(request, case, key, answers))
        if made is not None:
            messages.success(request, _("The file is added."))
            return redirect("desk:approval:item", case.pk, key)
    files = [
        (Link(each.name, reverse("desk:approval:file", args=[each.pk])), each.size, each.sha256, each.pk)
        for each in case.attachments.filter(item=key).order_by("name")
    ]
    page = {
        "case": case,
        "entry": entry,
        "article": reading.article(entry.source),
        "form": form,
        "files": files,
        "writes": writes,
        "statement": selectors.statement(case, key),
        "states": writes and key.startswith(READINESS),
        "key": key,
    }
    return render(request, "desk/approval/item.html", page, status=form.status)


@desk("approval.statement.write")
def statement(request: DeskRequest, pk: UUID, key: str) -> HttpResponse:
    """What the region says of an item of the readiness checklist (F2)."""
    case = selectors.case(request.actor, pk)
    entry = items_of(case.kind).get(key)
    if entry is None:
        raise Refusal("approval.no-item")
    form = StatementForm.of(request, initial={"text": selectors.statement(case, key)})
    made = attempt(
        form,
        lambda answers: services.statement_write(request.actor, case=case.pk, item=key, text=answers["text"]),
    )
    if made is not None:
        messages.success(request, _("The statement is saved."))
        return redirect("desk:approval:item", case.pk, key)
    page = {
        "form": form,
        "title": entry.name,
        "text": reading.article(entry.source),
        "button": _("Save"),
        "back": reverse("desk:approval:item", args=[case.pk, key]),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("approval.case.submit")
def submit(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Proposes the submission; the leader checks it."""
    case = selectors.case(request.actor, pk)
    note = _("Nothing changes before another person has checked it.")
    if case.number > 1:
        names, kind = workflow_of(case)
        case.kind, case.changes = kind, names
        words = {"re_approval": _("It needs re-approval."), "filing": _("It is filed.")}
        note = f"{words[kind]} {note}" if names else note
    digest = case_digest(case)

    def finish(answers: Answers) -> HttpResponse:
        payload = services.Submission(case.pk, digest)
        node = case.region.organization
        return proposed(
            request, "approval.case.submit", node, payload, reason=answers["reason"], subject=case
        )

    return ask(
        request,
        [Step("reason", _("Reason"), ReasonForm)],
        finish,
        title=reading.title(case),
        button=_("Propose"),
        note=note,
        context={"back": reverse("desk:approval:case", args=[case.pk])},
    )


@desk("approval.case.withdraw")
def withdraw(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Takes a change back."""
    case = selectors.case(request.actor, pk)
    form = OfficeForm(request.POST or None)
    if request.method == "POST":
        form = OfficeForm(request.POST)
        done = attempt(form, lambda answers: services.case_withdraw(request.actor, case=case.pk))
        if done is not None:
            return redirect("desk:approval:region", case.region.organization.code)
    back = reverse("desk:approval:case", args=[case.pk])
    return _form(request, form, _("Withdraw this change"), reading.title(case), back)


def _keep(request: DeskRequest, case: Case, key: str, answers: dict[str, Any]) -> Attachment:
    file = answers["file"]
    return services.attachment_add(request.actor, case=case.pk, item=key, name=file.name, content=file.read())


def _initial(case: Case) -> dict[str, Any]:
    values = dict(case.plan)
    for name in ("population", "banks"):
        values[name] = "\n".join(values.get(name) or ())
    values["quantities"] = "\n".join(
        f"{year} {count}" for year, count in sorted((values["quantities"] or {}).items())
    )
    return {**values, "reason": case.reason, "effect": case.effect, "effective_on": case.effective_on}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("base.not-found", what="file") from None


def _form(request: DeskRequest, form: OfficeForm, title: str, text: str, back: str) -> HttpResponse:
    page = {"form": form, "title": title, "text": text, "back": back}
    return render(request, "desk/form.html", page, status=form.status)
