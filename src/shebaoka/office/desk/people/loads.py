"""Lists of people: brought in, and their reports row by row."""

import tempfile
from pathlib import Path
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.catalogue import errors
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Table, Tag
from shebaoka.office.base.steps import Answers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.people.common import single
from shebaoka.office.desk.people.forms import ListForm
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import Load
from shebaoka.office.people.services import people_import


@desk("people.import")
def loads(request: DeskRequest) -> HttpResponse:
    """Lists of her area, and a further one."""

    def call(answers: Answers) -> Load:
        sent = answers["file"]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"list.{sent.name.rpartition('.')[2].lower()[:4]}"
            with path.open("wb") as kept:
                for block in sent.chunks():
                    kept.write(block)
            return people_import(
                request.actor,
                agency=request.actor.organization,
                path=path,
                source=Source(answers["source"]),
                name=sent.name[:120],
            )

    found = page_of(request, selectors.loads(request.actor), "page")
    return single(
        request,
        ListForm.of(request),
        call,
        title=_("Import a list of people"),
        done=_("The list is imported."),
        to=lambda made: reverse("desk:people:load", args=[made.pk]),
        back=reverse("desk:people:home"),
        text=_("Good rows are taken; every other row is told why. No good row waits for a bad one."),
        above=_table(list(found)),
    )


@desk("people.import")
def load(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The report of a list."""
    found = selectors.load(request.actor, pk)
    rows = page_of(request, found.rows.order_by("row"), "page")
    names = (_("Row"), _("Taken"), _("Column"), _("What is wrong"), _("What to do"))
    page = {
        "title": found.name,
        "back": reverse("desk:people:loads"),
        "facts": Summary(
            [
                Row(_("Taken"), found.taken),
                Row(_("Known before"), found.known),
                Row(_("Refused"), found.refused),
                Row(_("Source"), found.get_source_display()),
                Row(_("Time"), found.at),
                Row(_("Hash"), found.sha256),
            ]
        ),
        "table": Table(
            _("Rows"),
            [Column(names[0], numeric=True), *(Column(text) for text in names[1:])],
            [
                (each.row, _("Yes") if each.taken else _("No"), each.column, *_words(each.code, each.detail))
                for each in rows
            ],
            _("Every row was taken."),
            hide_caption=True,
        ),
        "pages": rows,
    }
    return render(request, "desk/people/load.html", page)


def _words(code: str, detail: str) -> tuple[str, str]:
    """A problem in the language of the page; the detail takes the place of what the text would name."""
    entry = errors()[code]
    what = str(entry.what).partition("{")[0].rstrip(" （(:：“")
    return f"{what} {detail}".strip(), str(entry.remedy)


def _table(found: list[Load]) -> Table:
    names = (_("List"), _("Time"), _("Taken"), _("Known before"), _("Refused"))
    rows = [
        (
            Link(each.name, reverse("desk:people:load", args=[each.pk])),
            each.at,
            each.taken,
            each.known,
            Tag(str(each.refused), "warn") if each.refused else 0,
        )
        for each in found
    ]
    return Table(_("Lists"), [Column(text) for text in names], rows, _("None yet."))
