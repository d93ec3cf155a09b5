"""Proposing a value, its end, or the publication of the rules. Another person checks each."""

from collections.abc import Callable

import msgspec
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base import clock
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.parameters.forms import DayForm, EndForm, ReasonForm, SourceForm, ValueForm
from shebaoka.office.desk.parameters.table import entry_of
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.selectors import organization
from shebaoka.office.parameters.registry import words
from shebaoka.office.parameters.rules_text import compose, digest
from shebaoka.office.parameters.selectors import in_force
from shebaoka.office.parameters.services import NewSetting, Publishing, Withdrawal
from shebaoka.office.parameters.services.publishing import values_for


@desk("parameters.setting.set")
def set_value(request: DeskRequest, code: str, key: str) -> HttpResponse:
    """Another value of a parameter."""
    node, entry = organization(request.actor, code), entry_of(key)
    steps = [
        Step("value", _("New value"), ValueForm, values=lambda answers: {"parameter": entry}),
        Step("source", _("Where it says so"), SourceForm),
        Step("reason", _("Reason"), ReasonForm),
    ]

    def content(answers: Answers) -> NewSetting:
        given = {name: answers[name] for name in ("value", "since", "source", "place")}
        return NewSetting(organization=node.code, key=key, **given)

    found = in_force(node, key).value
    initial = {"value": str(found).lower() if isinstance(found, bool) else found}
    note = _("Nothing changes before another person has checked it.")
    if entry.published:
        note += " " + _("The next version of the published rules is made with it.")
    return _propose(
        request,
        node,
        "parameters.setting.set",
        steps,
        content,
        str(words(entry.name)),
        note,
        reverse("desk:parameters:parameter", args=[node.code, key]),
        initial,
    )


@desk("parameters.setting.withdraw")
def withdraw(request: DeskRequest, code: str, key: str) -> HttpResponse:
    """The end of a body's own value."""
    node, entry = organization(request.actor, code), entry_of(key)
    steps = [Step("end", _("When and why"), EndForm), Step("reason", _("Reason"), ReasonForm)]

    def content(answers: Answers) -> Withdrawal:
        return Withdrawal(node.code, key, answers["since"], answers["place"])

    return _propose(
        request,
        node,
        "parameters.setting.withdraw",
        steps,
        content,
        str(words(entry.name)),
        _("Nothing changes before another person has checked it."),
        reverse("desk:parameters:parameter", args=[node.code, key]),
        {},
    )


@desk("parameters.rules.publish")
def publish(request: DeskRequest, code: str) -> HttpResponse:
    """A version of the region's rules."""
    node = organization(request.actor, code)
    steps = [Step("day", _("From when"), DayForm), Step("reason", _("Reason"), ReasonForm)]

    def content(answers: Answers) -> Publishing:
        since = answers["since"]
        if since < clock.today():
            return Publishing(node.code, since)
        values = values_for(node, since)
        return Publishing(node.code, since, digest(compose(node.name, since, values), values))

    return _propose(
        request,
        node,
        "parameters.rules.publish",
        steps,
        content,
        _("Publish the application management rules"),
        _("The text is made from the parameters in force on that day and is never changed afterwards."),
        reverse("desk:parameters:rules", args=[node.code]),
        {},
    )


def _propose(
    request: DeskRequest,
    node: Organization,
    act: str,
    steps: list[Step],
    content: Callable[[Answers], msgspec.Struct],
    title: str,
    note: str,
    back: str,
    initial: Answers,
) -> HttpResponse:
    return ask(
        request,
        steps,
        lambda answers: proposed(request, act, node, content(answers), reason=answers["reason"]),
        title=title,
        button=_("Propose"),
        note=note,
        context={"back": back},
        initial=initial,
    )
