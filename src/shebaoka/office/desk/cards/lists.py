"""Lists of employers, schools and communities: taken, reported row by row."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import attempt
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table
from shebaoka.office.base.steps import Answers
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.choices import Applicant, ApplicationKind, Delivery
from shebaoka.office.cards.models import ApplicationList
from shebaoka.office.cards.services import NewApplication
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import PAGE, banks, outlets, products
from shebaoka.office.desk.cards.forms import ListForm


@desk()
def lists(request: DeskRequest) -> HttpResponse:
    """Lists of employers, schools and communities."""
    pages = page_of(request, selectors.card_lists(request.actor))
    rows = [
        (
            Link(each.file, reverse("desk:cards:list", args=[each.pk])),
            each.sender,
            each.get_applicant_display(),
            each.at,
            each.rows,
            each.taken,
        )
        for each in pages
    ]
    columns = [
        Column(_("List")),
        Column(_("Sender")),
        Column(_("Who applies")),
        Column(_("Time")),
        Column(_("Rows"), numeric=True),
        Column(_("Taken"), numeric=True),
    ]
    page = {
        "title": _("Lists of applications"),
        "back": reverse("desk:cards:home"),
        "sections": [Table(_("Lists"), columns, rows, _("None found."), hide_caption=True)],
        "pages": pages,
    }
    return render(request, PAGE, page)


@desk("cards.list.take")
def list_take(request: DeskRequest) -> HttpResponse:
    """A file, a row each."""
    actor = request.actor
    offered = {"products": products(actor), "banks": banks(actor), "outlets": outlets(actor)}
    form = ListForm.of(request, **offered)

    def call(answers: Answers) -> ApplicationList:
        new = NewApplication(
            kind=ApplicationKind.NEW,
            product=answers["product"],
            population=answers["population"],
            outlet=answers["outlet"],
            bank=answers["bank"],
            delivery=Delivery.COLLECTIVE,
        )
        return services.list_take(
            actor,
            agency=actor.organization.code,
            applicant=Applicant(answers["applicant"]),
            sender=answers["sender"],
            name=answers["file"].name,
            content=answers["file"].read(),
            new=new,
        )

    made = attempt(form, call)
    if made is not None:
        return redirect("desk:cards:list", made.pk)
    page = {
        "form": form,
        "title": _("Take a list of applications"),
        "text": _("Good rows are taken; every other row is reported with its reason."),
        "back": reverse("desk:cards:home"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk()
def list_report(request: DeskRequest, id: UUID) -> HttpResponse:
    """What became of every row."""
    found = selectors.card_lists(request.actor).filter(pk=id).first()
    if found is None:
        return redirect("desk:cards:lists")
    pages = page_of(request, found.lines.select_related("application").order_by("row"))
    rows = [
        (
            each.row,
            each.get_result_display(),
            Link(each.application.number, reverse("desk:cards:application", args=[each.application.number]))
            if each.application is not None
            else each.text,
        )
        for each in pages
    ]
    facts = [
        Row(_("Sender"), found.sender),
        Row(_("Rows"), found.rows),
        Row(_("Taken"), found.taken),
        Row(_("Time"), found.at),
    ]
    columns = [Column(_("Row")), Column(_("Result")), Column(_("Application or reason"))]
    page = {
        "title": _("Report of %(file)s") % {"file": found.file},
        "back": reverse("desk:cards:lists"),
        "facts": Summary(facts),
        "sections": [Table(_("Rows of the list"), columns, rows, hide_caption=True)],
        "pages": pages,
    }
    return render(request, PAGE, page)
