"""Hosts that ask about PSAMs in every online transaction (R-59)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Column, Link, Tag
from shebaoka.office.base.steps import Step
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import home as to
from shebaoka.office.desk.psams.common import listing, pair, single
from shebaoka.office.desk.psams.forms import HostForm, WhyForm
from shebaoka.office.psams import hosts, services
from shebaoka.office.psams.models import Host
from shebaoka.office.psams.services import NewHost

_ACTS = ("psams.host.add", "psams.host.token", "psams.host.end")


@desk(*_ACTS)
def home(request: DeskRequest) -> HttpResponse:
    """Hosts of her area."""
    rows = [
        (each.name, each.organization.name, _state(each), each.token_at, _changes(request, each))
        for each in hosts.hosts(request.actor)
    ]
    names = (_("Host"), _("Body"), _("State"), _("Token since"), _("Change"))
    text = _(
        "A host asks at /api/psams/check in every online transaction whether PSAM, terminal, unit and place"
        " fit and the counter goes on, and fetches signed block lists at /api/psams/lists/CODE."
    )
    page = {
        "title": _("Hosts"),
        "back": reverse("desk:psams:home"),
        "text": text,
        "acts": [to("host-add", _("Register a host"))] if request.actor.may("psams.host.add") else [],
        "sections": [listing(_("Hosts"), [Column(name) for name in names], rows, _("None yet."))],
    }
    return render(request, "desk/psams/page.html", page)


@desk("psams.host.add")
def add(request: DeskRequest) -> HttpResponse:
    """Another host."""
    code = request.actor.organization.code
    return pair(
        request,
        "psams.host.add",
        [Step("host", _("Which host"), HostForm)],
        lambda answers: NewHost(code, answers["name"]),
        title=_("Register a host"),
        back=reverse("desk:psams:hosts"),
    )


@desk("psams.host.token")
def token(request: DeskRequest, id: UUID) -> HttpResponse:
    """A new token, shown this once."""
    found = hosts.host(request.actor, id)
    form = OfficeForm.of(request)
    given = attempt(form, lambda answers: services.host_token(request.actor, host=found.pk))
    page = {
        "form": form,
        "title": _("Token of the host %(name)s") % {"name": found.name},
        "text": _("The token it has now stops counting."),
        "button": _("Make a token"),
        "back": reverse("desk:psams:hosts"),
    }
    if given is not None:
        return render(request, "desk/psams/token.html", {**page, "token": given})
    return render(request, "desk/form.html", page, status=form.status)


@desk("psams.host.end")
def end(request: DeskRequest, id: UUID) -> HttpResponse:
    """It may ask no more."""
    found = hosts.host(request.actor, id)
    return single(
        request,
        WhyForm.of(request),
        lambda answers: services.host_end(request.actor, host=found.pk, why=answers["why"]),
        title=_("End the host %(name)s") % {"name": found.name},
        done=_("The host may ask no more."),
        to=reverse("desk:psams:hosts"),
    )


def _state(host: Host) -> Tag:
    if host.ended_at is not None:
        return Tag(_("Over"))
    return Tag(_("In use"), "good") if host.token else Tag(_("No token yet"), "busy")


def _changes(request: DeskRequest, host: Host) -> object:
    own = request.actor.organization.pk == host.organization_id
    if host.ended_at is not None or not own or not request.actor.may("psams.host.token"):
        return ""
    links = [
        Link(_("Make a token"), reverse("desk:psams:host-token", args=[host.pk]), host.name),
        Link(_("End it"), reverse("desk:psams:host-end", args=[host.pk]), host.name),
    ]
    return format_html_join(" · ", "{}", ((each,) for each in links))
