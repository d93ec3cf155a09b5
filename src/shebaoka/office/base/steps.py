"""Questions one after another, the answers checked by whoever gave them, then one act.

The answers of other steps travel as hidden inputs, so that nothing is kept between requests and two windows
do not disturb each other; every answer is validated again each time. Works without JavaScript."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.base.pieces import Say

Answers = dict[str, Any]
CONFIRM = _("Confirm and send")


@dataclass(frozen=True)
class Step:
    """A page of questions. ``values`` go to the form's ``__init__``, a function of the answers so far."""

    name: str
    title: Say
    form: type[OfficeForm]
    text: Say = ""
    values: Callable[[Answers], Mapping[str, Any]] = field(default=lambda answers: {})
    needed: Callable[[Answers], bool] = field(default=lambda answers: True)


@dataclass(frozen=True)
class Answer:
    """A line of the page where answers are checked."""

    name: Say
    value: object
    step: str


def ask(
    request: HttpRequest,
    steps: Sequence[Step],
    finish: Callable[[Answers], HttpResponse],
    *,
    title: Say,
    button: Say = CONFIRM,
    note: Say = "",
    context: Mapping[str, Any] | None = None,
    template: str = "desk/steps.html",
    initial: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of the next step, of the check, or what ``finish`` answers with.

    ``finish`` gets the answers of all steps together, by field; field names differ between steps. A Refusal
    it raises is shown above the answers. ``note`` stands above the button of the last page: what confirming
    means. Forms with files cannot be steps (raises TypeError): give them a page of their own."""
    flow = _Flow(request, steps, dict(initial or {}))
    shared = {"title": title, "button": button, "note": note, "back": "", **(context or {})}
    problem: OfficeForm | None = None
    if flow.at is None and request.POST.get("_act") == "confirm":
        try:
            return finish(flow.answers)
        except Refusal as refusal:
            problem = OfficeForm({})
            problem.is_valid()
            problem.refuse(refusal)
    if flow.at is None:
        page = {**shared, "form": problem, "answers": flow.check(), "carried": flow.carried("")}
        return render(request, template, page, status=problem.status if problem else 200)
    step, form = flow.at
    seen = [str(field.label) for field in form.visible_fields()]
    # the heading asks the only question: its label would say it twice
    alone = seen == [str(step.title)]
    page = {**shared, "form": form, "step": step, "alone": alone, "carried": flow.carried(step.name)}
    return render(request, template, page, status=form.status)


class _Flow:
    """Where the questions stand after a request: ``at`` is the step to show, None when all is answered."""

    def __init__(self, request: HttpRequest, steps: Sequence[Step], initial: Answers) -> None:
        self.answers: Answers = {}
        self.done: dict[str, OfficeForm] = {}
        self.at: tuple[Step, OfficeForm] | None = None
        answered = set(request.POST.getlist("_answered"))
        change = request.POST.get("_change", "")
        now = request.POST.get("_step", "")
        for step in steps:
            if not step.needed(self.answers):
                continue
            values = dict(step.values(self.answers))
            shown = self.at is None and step.name == change
            if step.name not in answered and step.name != now:
                self.at = self.at or (step, step.form(initial=initial, **values))
                continue
            form = step.form(request.POST, initial=initial, **values)
            if any(isinstance(each, forms.FileField) for each in form.fields.values()):
                raise TypeError(f"{step.name}: a form with files is no step")
            if not form.is_valid():
                self.at = self.at or (step, form)
                continue
            self.done[step.name] = form
            self.answers.update(form.cleaned_data)
            if shown:
                self.at = (step, form)
        self.steps = steps

    def check(self) -> list[Answer]:
        """All answers as they are read."""
        return [
            Answer(form[name].label, form.shown(name), step)
            for step, form in self.done.items()
            for name in form.fields
            if not form[name].is_hidden
        ]

    def carried(self, but: str) -> SafeString:
        """The answers of the other steps as hidden inputs."""
        html = ""
        for name, form in self.done.items():
            if name == but:
                continue
            html += f'<input type="hidden" name="_answered" value="{name}">'
            html += "".join(_hidden(bound) for bound in form)
        return mark_safe(html)  # noqa: S308 - names of steps are ours, inputs are escaped by Django


def _hidden(bound: forms.BoundField) -> str:
    """Without an id: the same field may be on the page once more, to be seen."""
    bound.form.auto_id = False
    return str(bound.as_hidden())
