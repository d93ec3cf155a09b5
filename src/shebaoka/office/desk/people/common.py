"""What pages of people share: a page of a form, a person who is read for a stated purpose."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Say
from shebaoka.office.base.steps import Answers
from shebaoka.office.desk.access import DeskRequest
from shebaoka.office.organizations.reading import purposes, read_noted
from shebaoka.office.people.models import Person

PURPOSE = "people.purpose"
"""In the web session: what the person at the desk reads people for, until she says something else."""


def purpose_of(request: DeskRequest) -> str:
    """The purpose she stated, empty before that."""
    stated = str(request.session.get(PURPOSE, ""))
    return stated if stated in purposes() else ""


def noted(request: DeskRequest, person: Person, purpose: str = "", *, fields: Sequence[str]) -> None:
    """Her reading of these fields of this person stands in the record (R-19)."""
    read_noted(
        request.actor,
        organization=person.agency,
        subject=person,
        purpose=purpose or purpose_of(request),
        fields=fields,
    )


def page_of_person(person: Person) -> str:
    """Where a person's page is."""
    return reverse("desk:people:person", args=[person.pk])


def single(
    request: DeskRequest,
    form: OfficeForm,
    call: Callable[[Answers], Any],
    *,
    title: Say,
    done: Say,
    to: str | Callable[[Any], str],
    back: str = "",
    **page: Any,
) -> HttpResponse:
    """The page of an act of one person: a form, then to ``to`` with ``done`` said. ``call`` gives something
    else than None, which ``to`` may turn into an address."""
    made = attempt(form, call)
    if made is not None:
        messages.success(request, str(done))
        return redirect(to(made) if callable(to) else to)
    shown = {"form": form, "title": title, "back": back or (to if isinstance(to, str) else ""), **page}
    return render(request, "desk/form.html", shown, status=form.status)
