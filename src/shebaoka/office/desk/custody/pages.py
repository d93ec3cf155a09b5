"""How pages of registers are put together: a title, notices, what can be done, facts, tables."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shebaoka.office.base.pieces import Column, Link, Notice, Piece, Say, Table, Tag, Tone
from shebaoka.office.custody.choices import CarrierStatus
from shebaoka.office.desk.access import DeskRequest
from shebaoka.office.organizations.models import Staff

_TONES: dict[str, Tone] = {
    CarrierStatus.STORED: "good",
    CarrierStatus.OUT: "busy",
    CarrierStatus.SENT: "busy",
    CarrierStatus.AT_THIRD_PARTY: "busy",
    CarrierStatus.DAMAGED: "warn",
    CarrierStatus.LOST: "bad",
}


@dataclass(frozen=True)
class Part:
    """A section under its own heading."""

    title: Say
    piece: object
    pages: object = ""


@dataclass(frozen=True)
class Page:
    """What a page shows, from top to bottom."""

    title: Say
    back: tuple[Say, str] | None = None
    notices: Sequence[Notice] = ()
    links: Sequence[Link] = ()
    facts: Piece | None = None
    parts: Sequence[Part] = field(default=())


def shown(request: DeskRequest, page: Page) -> HttpResponse:
    """The page."""
    return render(request, "desk/custody/page.html", {"it": page})


def offered(request: DeskRequest, links: Iterable[tuple[str, Say, str, Sequence[str]]]) -> list[Link]:
    """Links to the acts this person may do: act, text, name of the page, its arguments."""
    return [
        Link(text, reverse(f"desk:custody:{page}", args=arguments))
        for act, text, page, arguments in links
        if request.actor.may(act)
    ]


def grid(caption: Say, heads: Iterable[Say], rows: Iterable[Sequence[object]]) -> Table:
    """A table under a heading that says the same as its caption."""
    return Table(caption, [Column(head) for head in heads], rows, _("None yet."), hide_caption=True)


def latest(table: Table, pages: object) -> list[Part]:
    """A table whose first row is the latest."""
    return [Part(_("The latest first"), table, pages)]


def register(table: Table, pages: object) -> list[Part]:
    """A register."""
    return [Part(_("Register"), table, pages)]


def status_tag(status: str, text: Say) -> Tag:
    """A status of a carrier or device."""
    return Tag(text, _TONES.get(status, "plain"))


def who(member: Staff | None) -> str:
    """Name and number; empty for nobody."""
    return f"{member.name} ({member.number})" if member else ""


def when(time: datetime | None) -> str:
    """A time as it is read here; empty for none."""
    return date_format(localtime(time), "SHORT_DATETIME_FORMAT") if time else ""
