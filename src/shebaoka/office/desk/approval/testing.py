"""Test cards: batches, card checks, results."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.approval import selectors, services
from shebaoka.office.approval.choices import ResultKind
from shebaoka.office.approval.models import TestBatch
from shebaoka.office.approval.test_papers import sample_cards_pdf, test_application_pdf, test_report_pdf
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Column, Link, Table
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.approval import reading
from shebaoka.office.desk.approval.forms import BatchForm, EvidenceForm, ReasonForm, ResultForm

PAPERS = {"F9": test_application_pdf, "F10": test_report_pdf, "F11": sample_cards_pdf}


@desk()
def tests(request: DeskRequest, code: str) -> HttpResponse:
    """Batches of a region's test cards with their checks and results."""
    region = selectors.region(request.actor, code)
    own = request.actor.organization.pk == region.organization_id
    page = {
        "node": region.organization,
        "batches": [_batch(request, each) for each in selectors.batches(request.actor, region)],
        "adds": own and request.actor.may("approval.test.batch.add"),
    }
    return render(request, "desk/approval/tests.html", page)


@desk("approval.test.batch.add")
def add(request: DeskRequest, code: str) -> HttpResponse:
    """Registers a batch."""
    node = selectors.region(request.actor, code).organization
    form = BatchForm(request.POST or None)
    if request.method == "POST":
        made = attempt(form, lambda answers: services.batch_add(request.actor, organization=node, **answers))
        if made is not None:
            messages.success(request, _("The batch is registered."))
            return redirect("desk:approval:tests", code)
    back = reverse("desk:approval:tests", args=[code])
    return _form(request, form, _("Register a batch of test cards"), back)


@desk("approval.test.report.attach")
def attach(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Attaches the report of a card check."""
    batch = selectors.batch(request.actor, pk)
    form: OfficeForm = EvidenceForm(request.POST or None, request.FILES or None)
    back = reverse("desk:approval:tests", args=[batch.case.region.organization.code])
    if request.method == "POST":
        form = EvidenceForm(request.POST, request.FILES)
        made = attempt(
            form,
            lambda answers: services.card_report_attach(
                request.actor, batch=batch.pk, name=answers["file"].name, content=answers["file"].read()
            ),
        )
        if made is not None:
            messages.success(request, _("The report is attached."))
            return redirect(back)
    return _form(request, form, _("Attach the report of a card check"), back)


@desk("approval.test.result")
def result(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Proposes a result; the ministry's leader checks it."""
    batch = selectors.batch(request.actor, pk)
    node = batch.case.region.organization

    def finish(answers: Answers) -> HttpResponse:
        payload = services.Result(
            batch.pk,
            answers["test"],
            answers["passed"] == "yes",
            answers["report"],
            answers["reported_on"],
            answers["remark"],
        )
        own = request.actor.organization
        return proposed(request, "approval.test.result", own, payload, reason=answers["reason"])

    return ask(
        request,
        [Step("result", _("Result"), ResultForm), Step("reason", _("Reason"), ReasonForm)],
        finish,
        title=_("%(name)s: batch %(number)s") % {"name": node.name, "number": batch.number},
        button=_("Propose"),
        note=_("Nothing changes before another person has checked it."),
        context={"back": reverse("desk:approval:tests", args=[node.code])},
    )


@desk()
def paper(request: DeskRequest, pk: UUID, form: str) -> HttpResponse:
    """The application for the test, its report, or the list of sample cards (F9 to F11)."""
    batch = selectors.batch(request.actor, pk)
    make = PAPERS.get(form)
    if make is None:
        raise Http404
    answer = HttpResponse(make(batch), content_type="application/pdf")
    name = f"{batch.case.region.organization.code}-{batch.number:02d}-{form}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _batch(request: DeskRequest, batch: TestBatch) -> dict[str, object]:
    given = {each.test: each for each in batch.results.all()}
    rows = []
    for kind in ResultKind:
        each = given.get(kind)
        rows.append(
            (
                kind.label,
                reading.passed_tag(each.passed) if each else _("Not yet"),
                each.report if each else "",
                each.reported_on if each else "",
            )
        )
    columns = [Column(text) for text in (_("Test"), _("Result"), _("Report number"), _("Day of the report"))]
    checks = [
        (
            Link(each.name, reverse("desk:approval:report", args=[each.pk])),
            reading.passed_tag(each.passed),
            each.checked,
            each.failures,
        )
        for each in batch.reports.all()
    ]
    heads = [
        Column(_("Card check")),
        Column(_("Result")),
        Column(_("Findings tested"), numeric=True),
        Column(_("Failures"), numeric=True),
    ]
    actor, own = request.actor, request.actor.organization.pk == batch.case.region.organization_id
    return {
        "batch": batch,
        "results": Table(_("Results"), columns, rows),
        "reports": Table(_("Card checks"), heads, checks, _("No card is checked yet.")),
        "attaches": own and actor.may("approval.test.report.attach") and not given,
        "papers": [
            Link(text, reverse("desk:approval:test-paper", args=[batch.pk, form]), str(batch.number))
            for form, text in (
                ("F9", _("Test application (PDF)")),
                ("F10", _("Test report (PDF)")),
                ("F11", _("List of sample cards (PDF)")),
            )
        ],
        "gives": not own and actor.may("approval.test.result") and len(given) < len(ResultKind),
    }


def _form(request: DeskRequest, form: OfficeForm, title: str, back: str) -> HttpResponse:
    page = {"form": form, "title": title, "back": back}
    return render(request, "desk/form.html", page, status=form.status)
