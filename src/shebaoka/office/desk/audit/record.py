"""The rows of the record: who did what, when, about what."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.journal.canonical import JournalError, instant
from shebaoka.journal.record import Record, read_record
from shebaoka.office.audit.models import Row
from shebaoka.office.base.paging import stretch_of
from shebaoka.office.base.pieces import Code, Column, Link, Notice, Summary, Table
from shebaoka.office.base.pieces import Row as Line
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.audit import words
from shebaoka.office.desk.audit.forms import FilterForm
from shebaoka.office.organizations import selectors


@desk("organizations.audit.read")
def home(request: DeskRequest) -> HttpResponse:
    """Rows of her area, the last first."""
    form = FilterForm(request.GET or None)
    valid = not form.is_bound or form.is_valid()
    chosen = form.chosen() if form.is_bound and valid else {}
    of = None
    if form.is_bound and valid and (code := form.cleaned_data["organization"].strip()):
        of = selectors.organization(request.actor, code)
    found = stretch_of(request, selectors.audit_rows(request.actor, of, **chosen))
    rows = [
        (
            Link(f"{each.chain_id} {each.sequence}", _address(each)),
            each.at,
            words.act(each.act),
            Link(each.actor, _filtered(by=each.actor)) if each.actor else "",
            _object(each),
        )
        for each in found
    ]
    names = (_("Row"), _("Time"), _("Act"), _("Done by"), _("Object"))
    table = Table(
        _("Rows found"), [Column(name) for name in names], rows, _("None found."), hide_caption=True
    )
    page = {"filter": form, "rows": table, "pages": found, "links": _links(request)}
    return render(request, "desk/audit/record.html", page, status=200 if valid else 422)


@desk("organizations.audit.read")
def row(request: DeskRequest, chain: str, sequence: int) -> HttpResponse:
    """One row: what its record says, and whether it hangs together."""
    found = selectors.audit_row(request.actor, chain, sequence)
    record = _read(found)
    if record is None:
        problem = Notice(_("The record does not hold: it cannot be read."), "bad")
    else:
        problem = _problem(found, record)
    facts = [
        Line(_("Organization"), found.chain_id),
        Line(_("Number"), found.sequence),
        Line(_("Time"), found.at),
        Line(_("Act"), words.act(found.act)),
        Line(_("Name of the act"), Code(found.act)),
        Line(_("Object"), _object(found)),
    ]
    if record is not None:
        facts += [Line(words.person(role), number) for role, number in record.persons.items()]
        told = [
            Line(words.told(name), _told(value)) for name, value in record.data.items() if name != "subject"
        ]
        chained = [
            Line(_("Hash of this row"), Code(record.hash)),
            Line(_("Hash of the row before"), Code(record.previous)),
        ]
    page = {
        "title": _("Row %(sequence)s of %(chain)s") % {"sequence": sequence, "chain": chain},
        "problem": problem,
        "facts": Summary(facts),
        "told": Summary(told) if record is not None and told else None,
        "chained": Summary(chained) if record is not None else None,
        "before": reverse("desk:audit:row", args=[chain, sequence - 1]) if sequence > 1 else "",
    }
    return render(request, "desk/audit/row.html", page)


def _read(found: Row) -> Record | None:
    try:
        return read_record(found.line.encode())
    except JournalError:
        return None


def _problem(found: Row, record: Record) -> Notice:
    if not record.intact or (record.chain, record.sequence) != (found.chain_id, found.sequence):
        return Notice(_("The record does not hold: its hash is not that of what it says."), "bad")
    told = (record.act, record.persons.get("actor", ""), record.data.get("subject", ""), record.time)
    if told != (found.act, found.actor, found.subject, instant(found.at)):
        return Notice(_("The columns of the row say something else than its record."), "bad")
    return Notice(_("The record matches its hash. Verifying shows whether the chain holds."), "good")


def _told(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or _("None")
    return str(value)


def _object(found: Row) -> object:
    if not found.subject:
        return ""
    return Link(words.thing(found.subject), _filtered(text=found.subject), found.subject[-4:])


def _filtered(**chosen: str) -> str:
    return f"{reverse('desk:audit:home')}?{urlencode(chosen)}"


def _address(found: Row) -> str:
    return reverse("desk:audit:row", args=[found.chain_id, found.sequence])


def _links(request: DeskRequest) -> list[Link]:
    links = [Link(_("Chains, checkpoints, verification"), reverse("desk:audit:chains"))]
    if request.actor.may("organizations.audit.export"):
        links.append(Link(_("Download the record of your area"), reverse("desk:audit:export")))
    return links
