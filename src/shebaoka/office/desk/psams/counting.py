"""Counts at units."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Tag
from shebaoka.office.base.steps import Answers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import listing, single
from shebaoka.office.desk.psams.forms import CountForm
from shebaoka.office.organizations.models import Organization
from shebaoka.office.psams import selectors, services
from shebaoka.office.psams.choices import Finding
from shebaoka.office.psams.models import Count
from shebaoka.office.psams.services import Declared


@desk()
def counts(request: DeskRequest) -> HttpResponse:
    """Counts of her area."""
    found = page_of(request, selectors.counts(request.actor))
    rows = [
        (
            Link(each.unit.name, reverse("desk:psams:count", args=[each.pk])),
            each.declared_at,
            each.expected,
            each.checked_at or Tag(_("To be checked on site"), "busy"),
            each.incident,
        )
        for each in found
    ]
    columns = [Column(_("Unit")), Column(_("Declared")), Column(_("In the register"), numeric=True)]
    columns += [Column(_("Checked on site")), Column(_("Incident"))]
    links = [
        Link(
            _("Declare a count for %(name)s") % {"name": body.name},
            reverse("desk:psams:declare", args=[body.code]),
        )
        for body in selectors.bodies_of(request.actor.organization)
        if request.actor.may("psams.count.declare")
    ]
    page = {
        "title": _("Counts"),
        "back": reverse("desk:psams:home"),
        "acts": links,
        "sections": [listing(_("Counts of PSAMs"), columns, rows, _("None yet."))],
        "pages": found,
    }
    return render(request, "desk/psams/page.html", page)


@desk()
def count(request: DeskRequest, id: UUID) -> HttpResponse:
    """One count."""
    found = selectors.count(request.actor, id)
    facts = [
        Row(_("Unit"), found.unit.name),
        Row(_("Declared"), found.declared_at),
        Row(_("Declared by"), str(found.declared_by)),
        Row(_("In the register"), found.expected),
        Row(_("Sample"), found.sample),
        Row(_("Checked on site"), found.checked_at),
        Row(_("Sample checked by"), str(found.checked_by or "")),
        Row(_("Incident"), found.incident),
    ]
    rows = [
        (line.serial, line.get_declared_display(), line.explanation, line.get_seen_display())
        for line in found.lines.order_by("serial")
    ]
    columns = [Column(_("PSAM")), Column(_("Declared")), Column(_("Explanation")), Column(_("Seen on site"))]
    acts = []
    if found.checked_at is None and request.actor.may("psams.count.check"):
        acts.append(Link(_("Check it on site"), reverse("desk:psams:count-check", args=[found.pk])))
    page = {
        "title": _("Count at %(name)s") % {"name": found.unit.name},
        "back": reverse("desk:psams:counts"),
        "facts": Summary(facts),
        "acts": acts,
        "sections": [listing(_("PSAMs"), columns, rows, _("None."))],
    }
    return render(request, "desk/psams/page.html", page)


@desk("psams.count.declare")
def declare(request: DeskRequest, code: str) -> HttpResponse:
    """The unit's own count for a body."""
    unit = request.actor.organization
    body = next((each for each in selectors.bodies_of(unit) if each.code == code), None)
    if body is None:
        raise Refusal("base.not-found", what=code)
    serials = [each.serial for each in selectors.held_by(unit, body)]

    def call(answers: Answers) -> Count:
        said = [Declared(each, Finding(answers[f"f{each}"]), answers[f"e{each}"]) for each in serials]
        return _declared(request, body, said)

    form = CountForm.of(request, serials=serials, explained=True)
    title = _("Declare a count for %(name)s") % {"name": body.name}
    text = _("Look at each PSAM. Explain what is not simply there.")
    done = _("The count is declared. The body checks a sample on site.")
    back = reverse("desk:psams:counts")
    return single(request, form, call, title=title, done=done, to=back, text=text)


@desk("psams.count.check")
def check(request: DeskRequest, id: UUID) -> HttpResponse:
    """The sample on site."""
    found = selectors.count(request.actor, id)
    serials = list(found.lines.exclude(psam=None).order_by("serial").values_list("serial", flat=True))

    def call(answers: Answers) -> Count:
        seen = {each: Finding(answers[f"f{each}"]) for each in serials if answers[f"f{each}"]}
        return services.count_check(request.actor, count=found, seen=seen)

    form = CountForm.of(request, serials=serials, explained=False, needed=False)
    title = _("Count at %(name)s") % {"name": found.unit.name}
    text = _("See at least %(number)s of them.") % {"number": found.sample}
    to = reverse("desk:psams:count", args=[found.pk])
    return single(request, form, call, title=title, done=_("The count is closed."), to=to, text=text)


def _declared(request: DeskRequest, body: Organization, said: list[Declared]) -> Count:
    return services.count_declare(request.actor, unit=request.actor.organization, body=body, declared=said)
