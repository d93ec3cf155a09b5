"""What pages of PSAMs share: states as tags, a page of a form, proposing with a check of the answers."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec
from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Column, Link, Say, Table, Tag, Tone
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.psams.forms import ReasonForm
from shebaoka.office.organizations import selectors as tree
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.psams import selectors
from shebaoka.office.psams.choices import Status
from shebaoka.office.psams.models import Psam

_TONES: dict[str, Tone] = {
    Status.ACTIVE: "good",
    Status.IN_STOCK: "good",
    Status.ISSUED: "busy",
    Status.ORDERED: "busy",
    Status.RECEIVED: "busy",
    Status.KEYED: "busy",
    Status.RETURNED: "busy",
    Status.FROZEN: "bad",
    Status.LOST: "bad",
    Status.DAMAGED: "warn",
    Status.EXPIRED: "warn",
    Status.FOUND: "warn",
    Status.TO_DESTROY: "warn",
}


def standing(psam: Psam) -> Tag:
    """The status of a PSAM."""
    return Tag(psam.get_status_display(), _TONES.get(psam.status, "plain"))


def address(serial: str) -> str:
    """Where the page of a PSAM is."""
    return reverse("desk:psams:psam", args=[serial])


def link(psam: Psam) -> Link:
    """A PSAM by its serial number."""
    return Link(psam.serial, address(psam.serial))


def listing(
    caption: Say, columns: Sequence[Column], rows: Iterable[Sequence[object]], empty: Say = ""
) -> Table:
    """A table below the heading that ``page.html`` makes of its caption."""
    return Table(caption, columns, rows, empty, hide_caption=True)


def home(page: str, text: Say) -> Link:
    """A page of this part that takes nothing."""
    return Link(text, reverse(f"desk:psams:{page}"))


def units(actor: Actor) -> list[tuple[str, str]]:
    """Open organizations of her area, to choose from."""
    return [(each.code, f"{each.name} ({each.code})") for each in tree.organizations(actor)]


def keepers(actor: Actor, unit: Organization) -> list[tuple[str, str]]:
    """Who keeps PSAMs at a unit, to choose from."""
    found: Iterable[Staff] = tree.staff(actor, unit).filter(
        assignments__role="organizations.psam-keeper", assignments__until=None, is_active=True
    )
    return [(each.number, f"{each.name} ({each.number})") for each in found]


def places(actor: Actor, unit: Organization) -> list[tuple[str, str]]:
    """Places of a unit, to choose from."""
    return [(each.code, str(each)) for each in selectors.places(actor).filter(unit=unit)]


def single(
    request: DeskRequest,
    form: OfficeForm,
    call: Callable[[Answers], Any],
    *,
    title: Say,
    done: Say,
    to: str,
    back: str = "",
    template: str = "desk/form.html",
    **page: Any,
) -> HttpResponse:
    """The page of an act of one person: a form, then back to ``to`` with ``done`` said. ``call`` gives
    something else than None."""
    made = attempt(form, call)
    if made is not None:
        messages.success(request, str(done))
        return redirect(to)
    shown = {"form": form, "title": title, "back": back or to, **page}
    return render(request, template, shown, status=form.status)


def pair(
    request: DeskRequest,
    act: str,
    steps: list[Step],
    content: Callable[[Answers], msgspec.Struct],
    *,
    title: Say,
    back: str,
    organization: Organization | None = None,
    subject: Model | None = None,
    initial: Answers | None = None,
) -> HttpResponse:
    """The pages of an act of two persons: questions, a check of the answers, the proposal."""
    return ask(
        request,
        [*steps, Step("reason", _("Remark"), ReasonForm)],
        lambda answers: proposed(
            request,
            act,
            organization or request.actor.organization,
            content(answers),
            reason=answers["reason"],
            subject=subject,
        ),
        title=title,
        button=_("Propose"),
        note=_("Nothing changes before another person has checked it."),
        context={"back": back},
        initial=initial,
    )
