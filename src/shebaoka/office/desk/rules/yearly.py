"""Yearly audits and restore tests of a body."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import files
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Column, Link, Table, Tag, Task, Tone
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.rules.forms import AuditForm, RestoreForm
from shebaoka.office.organizations import selectors as organizations
from shebaoka.office.organizations.models import Organization
from shebaoka.office.rules import services, yearly
from shebaoka.office.rules.choices import DrillResult, Yearly
from shebaoka.office.rules.models import KeyAudit, RestoreTest
from shebaoka.office.rules.papers import audit_pdf, restore_pdf

_TONES: dict[str, Tone] = {
    DrillResult.PASSED: "good",
    DrillResult.FINDINGS: "warn",
    DrillResult.FAILED: "bad",
}
_ACTS = {Yearly.AUDIT: "rules.audit.record", Yearly.RESTORE: "rules.restore.record"}


@desk("rules.audit.record")
def audit(request: DeskRequest, code: str) -> HttpResponse:
    """An audit that was made."""
    node = organizations.organization(request.actor, code)
    form = AuditForm.of(request)
    made = attempt(
        form, lambda a: services.audit_record(request.actor, organization=node, **_with_file(a, "report"))
    )
    return _page(request, node, form, made, _("Record the yearly audit"))


@desk("rules.restore.record")
def restore(request: DeskRequest, code: str) -> HttpResponse:
    """A backup that was restored to try it."""
    node = organizations.organization(request.actor, code)
    form = RestoreForm.of(request, body=node)
    made = attempt(
        form, lambda a: services.restore_record(request.actor, organization=node, **_with_file(a, "minutes"))
    )
    return _page(request, node, form, made, _("Record a restore test"))


@desk()
def audit_paper(request: DeskRequest, id: UUID) -> HttpResponse:
    """Its record on paper."""
    found = KeyAudit.objects.filter(pk=id, organization__path__startswith=request.actor.organization.path)
    return _pdf(audit_pdf(_first(found.select_related("organization"))))


@desk()
def restore_paper(request: DeskRequest, id: UUID) -> HttpResponse:
    """Its record on paper."""
    found = RestoreTest.objects.filter(pk=id, organization__path__startswith=request.actor.organization.path)
    return _pdf(restore_pdf(_first(found.select_related("organization", "done_by", "witness"))))


@desk()
def file(request: DeskRequest, id: UUID) -> HttpResponse:
    """The report of an audit, the minutes of a restore test."""
    path = request.actor.organization.path
    kept = [
        *KeyAudit.objects.filter(pk=id, organization__path__startswith=path).values_list(
            "report_name", "report_file"
        ),
        *RestoreTest.objects.filter(pk=id, organization__path__startswith=path).values_list(
            "minutes_name", "minutes_file"
        ),
    ]
    name, digest = _first(each for each in kept if each[1])
    headers = {"Content-Disposition": f'attachment; filename="{digest[:12]}.{name.rpartition(".")[2]}"'}
    return HttpResponse(files.read(digest), content_type=files.media_type(name), headers=headers)


def cells(due: Iterable[yearly.Due]) -> list[object]:
    """When each was done last, marked when it is overdue."""
    return [
        Tag(_("Overdue") if each.last else _("Never"), "warn") if each.overdue else each.last for each in due
    ]


def tasks(request: DeskRequest, node: Organization) -> list[Task]:
    """What is to be done once a year, with where it is recorded."""
    found = []
    for each in yearly.dues([node])[node.pk]:
        url = reverse(f"desk:rules:{each.what.value}", args=[node.code])
        state = Tag(_("Overdue"), "warn") if each.overdue else Tag(_("Done"), "good")
        told = {"last": each.last, "by": each.by}
        hint = _("Last on %(last)s, next until %(by)s") % told if each.last else _("Never done")
        found.append(Task(each.what.label, url if request.actor.may(_ACTS[each.what]) else "", state, hint))
    return found


def audits(found: Iterable[KeyAudit]) -> Table:
    """Audits."""
    rows = [
        (
            each.auditor,
            each.unit,
            each.held_on,
            Tag(each.get_result_display(), _TONES[each.result]),
            each.findings,
            _links(each.pk, "audit-paper", each.report_file, each.held_on),
        )
        for each in found
    ]
    heads = (_("Auditor"), _("Unit"), _("Held on"), _("Result"), _("Findings"), _("Minutes"))
    return Table(_("Yearly audits"), [Column(h) for h in heads], rows, _("None yet."), hide_caption=True)


def restores(found: Iterable[RestoreTest]) -> Table:
    """Restore tests."""
    rows = [
        (
            each.get_what_display(),
            each.held_on,
            Tag(each.get_result_display(), _TONES[each.result]),
            f"{each.done_by}, {each.witness}",
            each.backup_of,
            _links(each.pk, "restore-paper", each.minutes_file, each.held_on),
        )
        for each in found
    ]
    heads = (_("What"), _("Held on"), _("Result"), _("By"), _("Backup of"), _("Minutes"))
    return Table(_("Restore tests"), [Column(h) for h in heads], rows, _("None yet."), hide_caption=True)


def _links(id: UUID, paper: str, digest: str, about: object) -> object:
    if digest:
        return Link(_("File"), reverse("desk:rules:yearly-file", args=[id]), str(about))
    return Link(_("PDF"), reverse(f"desk:rules:{paper}", args=[id]), str(about))


def _with_file(answers: dict[str, Any], name: str) -> dict[str, Any]:
    sent = answers[name]
    if "source" in answers:
        answers["media"] = answers.pop("source")
    return {**answers, name: (sent.name, sent.read()) if sent else None}


def _page(
    request: DeskRequest, node: Organization, form: AuditForm | RestoreForm, made: object, title: str
) -> HttpResponse:
    back = reverse("desk:rules:body", args=[node.code])
    if made is not None:
        messages.success(request, _("It is recorded."))
        return redirect(back)
    page = {"form": form, "title": title, "text": node.name, "button": _("Save"), "back": back}
    return render(request, "desk/form.html", page, status=form.status)


def _first(found: Iterable[Any]) -> Any:
    for each in found:
        return each
    raise Http404


def _pdf(content: bytes) -> HttpResponse:
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": "inline"})
