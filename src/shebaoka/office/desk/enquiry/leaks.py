"""Leak cases: opened at the counter, what was collected, cause and decision by two persons."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from shebaoka.office.access import selectors, services
from shebaoka.office.access.choices import LeakCause, Occasion, Proof, State
from shebaoka.office.access.models import LeakCase
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.enquiry.forms import DecisionForm, LeakForm
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.reading import fields, purposes, read_noted
from shebaoka.office.organizations.roles import roles
from shebaoka.office.people.selectors import person_by_number

SHOWN = 50
_READ = (
    "people.name",
    "access.leak",
    "access.password-state",
    "access.notices",
    "access.sign-ins",
    "access.reads",
)


@desk("access.leak.open")
def open_leak(request: DeskRequest) -> HttpResponse:
    """Whose data became known, and what she says."""
    form = LeakForm.of(request)

    def put(answers: dict[str, Any]) -> LeakCase:
        person = person_by_number(request.actor, answers["number"])
        return services.leak_open(request.actor, person=person.pk, told=answers["told"])

    made = attempt(form, put)
    if made is not None:
        return redirect("desk:enquiry:leak", made.number)
    page = {"form": form, "title": _("Open a leak case"), "back": reverse("desk:enquiry:home")}
    return render(request, "desk/form.html", page, status=form.status)


@desk("access.leak.open", "access.figures.read")
def leak(request: DeskRequest, number: str) -> HttpResponse:
    """What was told and what was known then."""
    found = selectors.leak(request.actor, number)
    read_noted(
        request.actor,
        organization=found.agency,
        subject=found.person,
        purpose="access.leak",
        fields=_READ,
    )
    known = found.collected
    page = {
        "case": found,
        "state": state(found),
        "password": Summary(
            [
                Row(_("Password"), str(State(known["password"]["state"]).label)),
                Row(_("Changed at"), _time(known["password"]["changed"])),
                Row(_("Last day to change"), known["password"]["due"]),
                Row(_("Time to change it was over"), _("Yes") if known["password"]["late"] else _("No")),
            ]
        ),
        "notices": _table(
            _("Told of her responsibility"),
            [_("Time"), _("Occasion"), _("Version"), _("Confirmed"), _("Proof of delivery")],
            [
                [_time(each["at"]), str(Occasion(each["occasion"]).label), each["version"],
                 _("Yes") if each["accepted"] else _("No"), each["proof"]]
                for each in known["notices"]
            ],
        ),
        "sign_ins": _table(
            _("Sign-ins"),
            [_("Time"), _("Proof"), _("Address"), _("Browser")],
            [
                [_time(each["at"]), str(Proof(each["proof"]).label) if each["proof"] else _("Password"),
                 each["address"], each["agent"][:60]]
                for each in known["sign_ins"]
            ],
        ),
        "reads": _table(
            _("Who read about her"),
            [_("Time"), _("By"), _("What for"), _("What was read")],
            [
                [_time(each["at"]), _reader(each), str(purposes().get(each["purpose"], each["purpose"])),
                 _what(each)]
                for each in known["reads"]
            ],
            _("Nobody has read about her."),
        ),
        "decides": found.decided_at is None and request.actor.may("access.leak.decide"),
    }  # fmt: skip
    return render(request, "desk/enquiry/leak.html", page)


@desk("access.leak.decide")
def decide(request: DeskRequest, number: str) -> HttpResponse:
    """Cause and decision, for another person to check."""
    found = selectors.leak(request.actor, number)
    form = DecisionForm.of(request)

    def put(answers: dict[str, Any]) -> HttpResponse:
        decision = services.LeakDecision(number, LeakCause(answers["cause"]), answers["decision"])
        return proposed(request, "access.leak.decide", found.agency, decision, subject=found)

    answer = attempt(form, put)
    if answer is not None:
        return answer
    page = {
        "form": form,
        "title": _("Cause and decision"),
        "back": reverse("desk:enquiry:leak", args=[number]),
        "note": _("The agency's own duty to keep data secret is not lessened by the holder's fault."),
    }
    return render(request, "desk/form.html", page, status=form.status)


def leaks(actor: Actor) -> Table:
    """Leak cases as a list."""
    rows = [
        (Link(each.number, reverse("desk:enquiry:leak", args=[each.number])), each.opened_at, state(each))
        for each in selectors.leaks(actor)[:SHOWN]
    ]
    return _table(_("Leak cases"), [_("Number"), _("Opened at"), _("State")], rows)


def state(case: LeakCase) -> Tag:
    """Decided, with its cause, or not."""
    if case.decided_at is None:
        return Tag(_("Not decided yet"), "busy")
    return Tag(case.get_cause_display(), "good")


def corrections(actor: Actor) -> Table:
    """What holders asked."""
    rows = [
        (Link(each.wrong, reverse("desk:enquiry:correction", args=[each.pk])),
         each.agency.name, each.asked_at,
         Tag(each.get_state_display(), "busy" if each.answered_at is None else "good"))
        for each in selectors.correction_requests(actor)[:SHOWN]
    ]  # fmt: skip
    return _table(_("Requests for correction"), [_("Content"), _("Agency"), _("Asked at"), _("State")], rows)


def _table(caption: str, names: list[str], rows: list[Any], none: str = "") -> Table:
    return Table(caption, [Column(each) for each in names], rows, none or _("None."))


def _reader(read: dict[str, Any]) -> str:
    """The organization and the roles she read in; who acts for the holder is said to do so."""
    if read.get("for_holder"):
        return _("Who acts for the holder")
    held = [str(roles()[name].name) for name in read.get("roles", ()) if name in roles()]
    return f"{read['by']} ({', '.join(held)})" if held else str(read["by"])


def _what(read: dict[str, Any]) -> str:
    """The fields; earlier cases did not collect them."""
    known = fields()
    return ", ".join(str(known.get(name, name)) for name in read.get("fields", ())) or _("Not recorded")


def _time(text: str) -> object:
    return parse_datetime(text) if text else None
