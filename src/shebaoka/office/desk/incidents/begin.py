"""Reporting an incident: a question a page, then the answers once more."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.pieces import Link, Panel
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.incidents.forms import KindForm, SecrecyForm, WhatForm
from shebaoka.office.incidents import selectors
from shebaoka.office.incidents.choices import IncidentKind, Secrecy
from shebaoka.office.incidents.kinds import kinds
from shebaoka.office.incidents.services import incident_open


@desk()
def begin(request: DeskRequest) -> HttpResponse:
    """Anybody reports one, for her own organization."""

    def finish(answers: Answers) -> HttpResponse:
        made = incident_open(
            request.actor,
            organization=request.actor.organization,
            kind=IncidentKind(answers["kind"]),
            summary=answers["summary"],
            discovered_at=answers["discovered_at"],
            happened_at=answers["happened_at"],
            subject_name=answers["subject_name"],
            secrecy=Secrecy(int(answers["secrecy"])),
            leaked=answers["leaked"],
        )
        return redirect("desk:incidents:reported", made.number)

    steps = [
        Step("kind", _("What happened?"), KindForm),
        Step("what", _("When and how"), WhatForm),
        Step("secrecy", _("State secrets"), SecrecyForm),
    ]
    return ask(
        request,
        steps,
        finish,
        title=_("Report an incident"),
        button=_("Report"),
        context={"back": reverse("desk:incidents:home")},
    )


@desk()
def reported(request: DeskRequest, number: str) -> HttpResponse:
    """What confirms the report to whoever made it: its number, and what is done at once. She may not be one
    of those who see the incident."""
    made = selectors.reported_by(request.actor, number)
    links = [Link(_("What waits for you"), reverse("desk:home"))]
    if selectors.incidents(request.actor).filter(pk=made.pk).exists():
        page = reverse("desk:incidents:incident", args=[made.number])
        links.insert(0, Link(_("See the incident and its reports"), page))
    context = {
        "panel": Panel(_("Reported"), made.number),
        "next": [
            kinds()[IncidentKind(made.kind)].at_once,
            _("The clocks of its reports run from its discovery. The security officer makes them."),
        ],
        "links": links,
    }
    return render(request, "desk/confirmation.html", context)
