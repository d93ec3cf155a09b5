"""The enquiry password at a glance: cases by age, who still has the initial one, what is guessed at."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shebaoka.office.access import selectors
from shebaoka.office.access.choices import CaseState, Tallied
from shebaoka.office.access.models import Tally, Verification
from shebaoka.office.access.standing import uniform_of
from shebaoka.office.base import clock
from shebaoka.office.base.pieces import Column, Link, Table, Tag, Tone
from shebaoka.office.cards.papers import number_masked
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.enquiry import leaks, mandates
from shebaoka.office.incidents.choices import IncidentKind
from shebaoka.office.incidents.services import incident_open

SHOWN = 100
_ACTS = (
    ("access.verification.open", "open", gettext_lazy("Open an identity verification")),
    ("access.notice.note", "hand-out-find", gettext_lazy("Notice and letter at hand-out of a card")),
    ("access.leak.open", "leak-open", gettext_lazy("Open a leak case")),
    ("access.mandate.record", "mandate-record", gettext_lazy("Record a written mandate")),
    ("access.uniform.set", "uniform", gettext_lazy("Set the initial passwords uniformly")),
)
_TONES: dict[CaseState, Tone] = {
    CaseState.OPEN: "busy",
    CaseState.FOUND: "busy",
    CaseState.DONE: "good",
    CaseState.REFUSED: "warn",
}


@desk("access.verification.open", "access.uniform.set", "access.figures.read")
def home(request: DeskRequest) -> HttpResponse:
    """Cases, figures, uniform settings."""
    actor = request.actor
    page = {
        "cases": cases(list(selectors.verifications(actor)[:SHOWN])),
        "agencies": _figures(_("By agency"), selectors.initial_by_agency(actor)),
        "employers": _figures(_("By employer"), selectors.initial_by_employer(actor)),
        "uniforms": _uniforms(request),
        "leaks": leaks.leaks(actor) if actor.may("access.leak.open") else None,
        "corrections": leaks.corrections(actor) if actor.may("access.correction.answer") else None,
        "mandates": mandates.mandates(actor) if actor.may("access.mandate.record") else None,
        "acts": [Link(text, reverse(f"desk:enquiry:{name}")) for act, name, text in _ACTS if actor.may(act)],
        "listed": actor.may("access.unserved.take") and uniform_of(actor.organization) is not None,
        "guessed": actor.may("access.attacks.read"),
    }
    return render(request, "desk/enquiry/home.html", page)


@desk("access.attacks.read")
def attacks(request: DeskRequest) -> HttpResponse:
    """What is guessed at: addresses and networks that spray, persons under attack, as digests."""
    names = {
        Tallied.PERSON: _("One person"),
        Tallied.ADDRESS: _("From one address"),
        Tallied.NETWORK: _("From one network"),
    }
    found = selectors.under_attack()
    rows = [
        (each.key[:12], names.get(Tallied(each.kind), each.kind), each.failures, each.last_at, _wait(each))
        for each in found
    ]
    columns = [
        Column(_("Mark")),
        Column(_("What")),
        Column(_("Failures"), numeric=True),
        Column(_("Last try")),
    ]
    columns.append(Column(_("State")))
    table = Table(_("Guessed at just now"), columns, rows, _("Nothing is guessed at."), hide_caption=True)
    off = Table(
        _("Switched off after too many wrong tries"),
        [Column(_("Number")), Column(_("Agency"))],
        [
            (number_masked(each.person.number), each.person.agency.name)
            for each in selectors.switched_off(request.actor)[:SHOWN]
        ],
        _("Nobody."),
        hide_caption=True,
    )
    return render(request, "desk/enquiry/attacks.html", {"table": table, "off": off})


@require_POST
@desk("access.attacks.read")
def incident(request: DeskRequest) -> HttpResponse:
    """The security officer opens an incident from what is guessed at; while it runs, a second one is added
    to it."""
    found = selectors.under_attack()
    lines = [f"{each.kind} {each.key[:12]}: {each.failures}" for each in found[:20]]
    opened = incident_open(
        request.actor,
        organization=request.actor.organization,
        kind=IncidentKind.PASSWORD_SPRAYING,
        summary=_("Guessing at enquiry passwords. Marks and failures: %(lines)s")
        % {"lines": "; ".join(lines)},
        once="access.guessing",
    )
    return redirect("desk:incidents:reported", opened.number)


def cases(found: list[Verification]) -> Table:
    """Identity verifications as a list."""
    rows = [
        (
            Link(each.number, reverse("desk:enquiry:case", args=[each.pk])),
            each.agency.name,
            each.due,
            state(each),
        )
        for each in found
    ]
    columns = [Column(_("Number")), Column(_("Agency")), Column(_("Last day")), Column(_("State"))]
    return Table(_("Identity verifications"), columns, rows, _("None."), hide_caption=True)


def state(case: Verification) -> Tag:
    """The state of a case; an open one whose time limit is over is overdue."""
    if case.closed_at is None and case.due < clock.today():
        return Tag(_("Overdue"), "bad")
    return Tag(case.get_state_display(), _TONES[CaseState(case.state)])


def _figures(caption: str, rows: list[tuple[str, int]]) -> Table:
    columns = [Column(_("Name")), Column(_("Still initial"), numeric=True)]
    return Table(caption, columns, rows, _("Nobody."))


def _uniforms(request: DeskRequest) -> Table:
    columns = [Column(_("Body")), Column(_("From")), Column(_("Last day to change"))]
    columns += [Column(_("Covered"), numeric=True), Column(_("Not served by the rule"), numeric=True)]
    rows = [
        (each.organization.name, each.since, each.due, each.covered, each.unserved)
        for each in selectors.uniforms(request.actor)[:SHOWN]
    ]
    return Table(_("Uniform settings"), columns, rows, _("None yet."), hide_caption=True)


def _wait(tally: Tally) -> str:
    waits = tally.waits_until is not None and tally.waits_until > clock.now()
    return _("Waiting") if waits else _("May try")
