"""Drills of the contingency plan."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import attempt
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.rules.forms import DrillForm
from shebaoka.office.organizations import selectors as organizations
from shebaoka.office.rules import selectors, services
from shebaoka.office.rules.papers import drill_pdf


@desk("rules.drill.record")
def record(request: DeskRequest, code: str) -> HttpResponse:
    """A drill that was held."""
    node = organizations.organization(request.actor, code)
    form = DrillForm.of(request)
    made = attempt(form, lambda answers: services.drill_record(request.actor, organization=node, **answers))
    back = reverse("desk:rules:body", args=[node.code])
    if made is not None:
        messages.success(request, _("The drill is recorded."))
        return redirect(back)
    page = {
        "form": form,
        "title": _("Record a drill"),
        "text": node.name,
        "button": _("Record the drill"),
        "back": back,
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk()
def paper(request: DeskRequest, id: UUID) -> HttpResponse:
    """Its record on paper."""
    found = selectors.drills(request.actor).filter(pk=id).first()
    if found is None:
        raise Http404
    name = f"{found.organization.code}-drill-{found.held_on.isoformat()}.pdf"
    return HttpResponse(
        drill_pdf(found),
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )
