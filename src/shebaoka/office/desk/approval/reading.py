"""How values of this part are read, states as tags, and what waits for a reviewer."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shebaoka.office.approval import selectors
from shebaoka.office.approval.choices import Kind, ResultKind, Stage, State
from shebaoka.office.approval.models import Case
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Link, Tag, Task, Tone
from shebaoka.office.organizations.actor import Actor

_TONES: dict[str, Tone] = {
    State.ISSUING: "good",
    State.SUSPENDED: "bad",
    State.CHANGE_PENDING: "warn",
    State.DRAFT: "plain",
    Stage.APPROVED: "good",
    Stage.WITHDRAWN: "plain",
}


def state(value: str) -> Tag:
    """The state of a region."""
    return Tag(State(value).label, _TONES.get(value, "busy"))


def stage(value: str) -> Tag:
    """The stage of a case."""
    return Tag(Stage(value).label, _TONES.get(value, "busy"))


def title(case: Case) -> str:
    """What a case is, of whom."""
    return f"{case.region.organization.name}: {Kind(case.kind).label} {case.number}"


def case(actor: Actor, value: UUID) -> object:
    """A link to the case."""
    try:
        found = selectors.case(actor, value)
    except Refusal:
        return str(value)
    return Link(title(found), reverse("desk:approval:case", args=[found.pk]))


def batch(actor: Actor, value: UUID) -> object:
    """A link to the batch of test cards."""
    try:
        found = selectors.batch(actor, value)
    except Refusal:
        return str(value)
    organization = found.case.region.organization
    text = _("%(name)s: batch %(number)s") % {"name": organization.name, "number": found.number}
    return Link(text, reverse("desk:approval:tests", args=[organization.code]))


def test(actor: Actor, value: str) -> str:
    """One of the three results."""
    return str(ResultKind(value).label) if value in ResultKind.values else value


def passed(actor: Actor, value: bool) -> str:
    """Yes or no of a review or a test."""
    return _("Passed") if value else _("Not passed")


def plain(name: str, value: Any) -> object:
    """A value of the form as it is read on a page."""
    if isinstance(value, dict):
        return "; ".join(f"{year}: {count}" for year, count in sorted(value.items()))
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    if name == "medium":
        return {"contact": _("Contact"), "dual": _("Dual interface")}.get(str(value), "")
    return value


def article(source: str) -> str:
    """An article of the Card Measures (M47) as people cite it."""
    return _("Card Measures, article %(number)s") % {"number": source.removeprefix("M47 art. ")}


def waiting(actor: Actor) -> Iterator[Task]:
    """Cases that wait for a review by the actor's body."""
    if not any(actor.may(f"approval.review.{body}") for body in ("province", "ministry")):
        return
    for found in selectors.to_review(actor)[:20]:
        since = date_format(found.submitted_at) if found.submitted_at else ""
        yield Task(title(found), reverse("desk:approval:case", args=[found.pk]), stage(found.stage), since)


def passed_tag(value: bool) -> Tag:
    """Yes or no as a tag."""
    return Tag(_("Passed"), "good") if value else Tag(_("Not passed"), "bad")
