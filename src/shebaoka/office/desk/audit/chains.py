"""How the chains stand: how long, how far signed, what verifying showed, what came past the services."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.journal.checkpoint import read_checkpoint
from shebaoka.journal.record import read_record
from shebaoka.office.audit.models import Row
from shebaoka.office.audit.selectors import checkpoints
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Code, Column, Link, Table, Tag
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.audit import words
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.services import audit_verify

_SHOWN = 10


@desk("organizations.audit.read")
def chains(request: DeskRequest) -> HttpResponse:
    """The chains of her area, the last checkpoints, the last verifications."""
    actor = request.actor
    states = selectors.audit_chains(actor)
    rows = [(each.code, each.rows, each.signed, each.open_rows, Code(each.hash[:16])) for each in states]
    columns = [Column(_("Organization"))]
    columns += [Column(name, numeric=True) for name in (_("Rows"), _("Signed up to"), _("Not signed yet"))]
    acts = []
    if actor.may("organizations.audit.verify"):
        acts.append(Link(_("Verify the record of your area now"), reverse("desk:audit:verify")))
    if actor.may("organizations.audit.export"):
        acts.append(Link(_("Download the record of your area"), reverse("desk:audit:export")))
    if actor.organization.kind == Kind.MINISTRY:
        acts.append(Link(_("Writes past the services"), reverse("desk:audit:bypasses")))
    page = {
        "title": _("Chains, checkpoints, verification"),
        "text": _(
            "Every organization has a chain of rows; a checkpoint signs where all chains end. Write down the"
            " hash of the last checkpoint where the administrators of the database cannot reach it."
        ),
        "acts": acts,
        "sections": [
            _checks(actor),
            _checkpoints(),
            _listing(_("Chains"), [*columns, Column(_("Last hash"))], rows, _("No row yet.")),
        ],
    }
    return render(request, "desk/audit/page.html", page)


@desk("organizations.audit.verify")
def verify(request: DeskRequest) -> HttpResponse:
    """Follows the chains of her area now."""
    form = OfficeForm.of(request)
    report = attempt(form, lambda answers: audit_verify(request.actor))
    if report is not None:
        if report.good:
            text = _("Everything holds: %(rows)s rows, %(checkpoints)s checkpoints.")
            messages.success(request, text % {"rows": report.rows, "checkpoints": report.checkpoints})
        else:
            text = _("The record does not hold: %(count)s findings. They stand below.")
            messages.error(request, text % {"count": len(report.findings)})
        return redirect("desk:audit:chains")
    page = {
        "form": form,
        "title": _("Verify the record of your area now"),
        "text": _("Every row, link and signature is checked. The result stands in your own chain."),
        "button": _("Verify"),
        "back": reverse("desk:audit:chains"),
    }
    return render(request, "desk/form.html", page, status=form.status)


@desk("organizations.audit.read")
def bypasses(request: DeskRequest) -> HttpResponse:
    """Writes that came past the services."""
    found = page_of(request, selectors.audit_bypasses(request.actor))
    rows = [
        (
            each.at,
            each.relation,
            each.operation,
            Code(each.row_id or ""),
            each.login,
            each.address or "",
            each.entered or Tag(_("Not yet"), "busy"),
        )
        for each in found
    ]
    names = (_("Time"), _("Table"), _("Operation"), _("Row"), _("Database login"), _("Address"))
    columns = [*map(Column, names), Column(_("Row of the ministry's chain"))]
    page = {
        "title": _("Writes past the services"),
        "back": reverse("desk:audit:chains"),
        "text": _("Each is to be explained: who repaired what, on whose order."),
        "sections": [_listing(_("Writes past the services"), columns, rows, _("None."))],
        "pages": found,
    }
    return render(request, "desk/audit/page.html", page)


def _checks(actor: Any) -> Table:
    rows = [_check(actor, each) for each in selectors.audit_checks(actor)[:_SHOWN]]
    names = (_("Time"), _("What was verified"), _("Result"), _("Findings"))
    columns = [Column(name) for name in names]
    columns.insert(2, Column(_("Rows"), numeric=True))
    return _listing(_("Verifications"), columns, rows, _("Not verified yet."))


def _check(actor: Any, row: Row) -> list[object]:
    data = read_record(row.line.encode()).data
    findings = [str(each) for each in data.get("findings", ())]
    state = Tag(_("Does not hold"), "bad") if findings else Tag(_("Holds"), "good")
    return [row.at, words.act(row.act), int(data.get("rows", 0)), state, "; ".join(findings)]


def _checkpoints() -> Table:
    rows = [
        (each.number, each.at, len(read_checkpoint(each.content.encode()).heads), Code(each.hash))
        for each in checkpoints()[:_SHOWN]
    ]
    columns = [Column(_("Number")), Column(_("Time")), Column(_("Chains that had grown"), numeric=True)]
    return _listing(_("Checkpoints"), [*columns, Column(_("Hash"))], rows, _("None yet."))


def _listing(caption: str, columns: list[Column], rows: list[Any], empty: str) -> Table:
    return Table(caption, columns, rows, empty, hide_caption=True)
