"""The room of a ceremony that is held from the desk: everybody sees the same, each answers what is asked of
her. Forms here are not kept to be recognized when they come twice: nothing of an answer is to stay."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import attempt
from shebaoka.office.base.pieces import Column, Notice, Piece, Table, Tag, Task, TaskList
from shebaoka.office.custody.choices import CeremonyStatus
from shebaoka.office.custody.models import Ceremony
from shebaoka.office.custody.rooms.vaults import vaults_of
from shebaoka.office.custody.rooms.wire import Question, Said, Shown, State
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import (
    ceremony_answer,
    ceremony_letters,
    ceremony_open,
    ceremony_settle,
    ceremony_stop,
)
from shebaoka.office.custody.services.ceremonies import script_of
from shebaoka.office.custody.services.sittings import role_of, state_of
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.room_forms import ClosingForm, OpeningForm, QuestionForm
from shebaoka.office.desk.custody.single_forms import WhyForm
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.ceremony.script import Script
from shebaoka.vault.ceremony.words import role_name, step_name


@sensitive_post_parameters()
@desk("custody.ceremony.open", once=False)
def begin(request: DeskRequest, number: str) -> HttpResponse:
    """The operator opens the vault, and the ceremony begins."""
    found = own(request, number)
    vaults = vaults_of(found.organization)
    form = OpeningForm.of(request, vaults=vaults)
    back = reverse("desk:custody:ceremony", args=[number])

    def take(answers: dict[str, str]) -> Ceremony:
        readers = {Algorithm.TDES: answers["reader_3des"], Algorithm.SM4: answers["reader_sm4"]}
        return ceremony_open(
            request.actor,
            organization=found.organization.code,
            number=number,
            vault=answers["vault"],
            secret=answers.get("secret", ""),
            sample=answers["sample"],
            readers={suite: name for suite, name in readers.items() if name},
            reason=answers["reason"],
        )

    if attempt(form, take) is not None:
        return redirect("desk:custody:room", number)
    text = (
        _("The ceremony begins at once; all who take part are present, each signed in at a page of her own.")
        if vaults
        else _(
            "No vault of this body is in the settings of the deployment: hold the ceremony at the station."
        )
    )
    page = {
        "form": form if vaults else None,
        "title": _("Begin the ceremony"),
        "text": text,
        "back": back,
        "button": _("Open the vault and begin"),
    }
    return render(request, "desk/custody/secret_form.html", page, status=form.status)


@sensitive_post_parameters()
@desk("custody.ceremony.answer", "custody.ceremony.stop", once=False)
def room(request: DeskRequest, number: str) -> HttpResponse:
    """What the ceremony asks now, and of whom."""
    found = own(request, number)
    if found.status != CeremonyStatus.SITTING:
        return redirect("desk:custody:ceremony", number)
    try:
        state = state_of(found)
    except Refusal as refusal:
        return _gone(request, found, refusal)
    script = script_of(found.script)
    role = role_of(script, request.actor)
    form: QuestionForm | None = None
    if state.question is not None and state.question.by == role:
        data = request.POST if request.method == "POST" else None
        form = QuestionForm(data, asked=state.question, text=spoken(state.question.text))
        if request.method == "POST" and request.POST.get("question") != state.question.id:
            return _moved_on(request, number)
        answered = attempt(form, lambda answers: _given(request, found, answers))
        if answered is not None:
            state = answered
            if not state.end:
                return redirect("desk:custody:room", number)
    elif request.method == "POST":
        return _moved_on(request, number)
    if state.end:
        return _settled(request, found, state)
    page = {
        "ceremony": found,
        "back": reverse("desk:custody:ceremony", args=[number]),
        "stop": reverse("desk:custody:room-stop", args=[number]),
        "may_stop": request.actor.may("custody.ceremony.stop"),
        "role": spoken_role(role),
        "form": form,
        "asked": spoken(state.question.text) if state.question else "",
        "plain": state.question is not None and state.question.kind == "confirm",
        "button": _button(state.question),
        "letters": reverse("desk:custody:room-letters", args=[number])
        if state.question is not None and state.question.id == f"letters.{role}"
        else "",
        "waits": _waits(script, state.question, role),
        "last": _last(state),
        "steps": _steps(state),
        "seen": [_seen(each) for each in reversed(_before(state))],
    }
    return render(request, "desk/custody/room.html", page, status=form.status if form else 200)


@desk("custody.ceremony.stop", once=False)
def stop(request: DeskRequest, number: str) -> HttpResponse:
    """It is aborted."""
    found = own(request, number)
    form = WhyForm.of(request)
    given = {"organization": found.organization.code, "number": number}
    stopped = attempt(form, lambda a: ceremony_stop(request.actor, **given, reason=a["why"]))
    if stopped is not None:
        return _settled(request, found, stopped)
    page = {
        "form": form,
        "title": _("Abort the ceremony"),
        "text": _("No key of it will be stored. The reason stands in the transcript."),
        "back": reverse("desk:custody:room", args=[number]),
        "button": _("Abort the ceremony"),
    }
    return render(request, "desk/custody/secret_form.html", page, status=form.status)


@sensitive_post_parameters()
@desk("custody.ceremony.end", once=False)
def close(request: DeskRequest, number: str) -> HttpResponse:
    """An interrupted ceremony gets its end."""
    found = own(request, number)
    form = ClosingForm.of(request)

    def take(answers: dict[str, str]) -> tuple[str]:
        return (ceremony_settle(found, secret=answers["secret"]),)

    done = attempt(form, take)
    if done is not None:
        return _told(request, number, done[0])
    page = {
        "form": form,
        "title": _("Close the interrupted ceremony"),
        "text": _("It is recorded as aborted, unless the vault shows that its keys were stored."),
        "back": reverse("desk:custody:ceremony", args=[number]),
        "button": _("Close it"),
    }
    return render(request, "desk/custody/secret_form.html", page, status=form.status)


@desk("custody.ceremony.letters", once=False)
def letters(request: DeskRequest, number: str) -> HttpResponse:
    """Her own component letters, to be printed and sealed; kept nowhere."""
    found = own(request, number)
    content = ceremony_letters(request.actor, organization=found.organization.code, number=number)
    headers = {"Content-Disposition": 'inline; filename="letters.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def own(request: DeskRequest, number: str) -> Ceremony:
    """A ceremony of her own body. Raises Refusal."""
    found = registers.ceremony(request.actor, number)
    if found.organization != request.actor.organization:
        raise Refusal("custody.only-its-own", name=found.organization.name)
    return found


def spoken(text: Said) -> str:
    """A text of the room in the language of the page."""
    return str(text)


def spoken_role(role: str) -> str:
    """The name of a role; empty for none."""
    if not role:
        return ""
    name = role_name(role)
    return spoken(Said(name.zh, name.en, name.es))


def _given(request: DeskRequest, found: Ceremony, answers: dict[str, str]) -> State:
    return ceremony_answer(
        request.actor,
        organization=found.organization.code,
        number=found.number,
        question=answers["question"],
        text=answers.get("text", ""),
    )


def _settled(request: DeskRequest, found: Ceremony, state: State) -> HttpResponse:
    if state.end == "aborted" and state.reason is not None:
        said = _("The ceremony was aborted, no key was stored: %(reason)s.")
        messages.warning(request, said % {"reason": spoken(state.reason)})
    try:
        objection = ceremony_settle(found)
    except Refusal as refusal:
        objection = f"{refusal.what} {refusal.remedy}"
    return _told(request, found.number, objection)


def _told(request: DeskRequest, number: str, objection: str) -> HttpResponse:
    if objection:
        messages.warning(request, objection)
    messages.success(request, _("The ceremony is over; its transcript is registered."))
    return redirect("desk:custody:ceremony", number)


def _moved_on(request: DeskRequest, number: str) -> HttpResponse:
    messages.warning(request, _("The ceremony asks something else by now; your answer was not taken."))
    return redirect("desk:custody:room", number)


def _gone(request: DeskRequest, found: Ceremony, refusal: Refusal) -> HttpResponse:
    if refusal.code == "custody.room-gone" and request.actor.may("custody.ceremony.end"):
        return redirect("desk:custody:room-close", found.number)
    raise refusal


def _button(asked: Question | None) -> str:
    if asked is None or asked.kind != "confirm":
        return _("Send")
    return _("Begin") if asked.id.endswith(".begin") else _("I confirm")


def _waits(script: Script, asked: Question | None, role: str) -> Piece | None:
    if asked is None or asked.by == role:
        return None
    person = script.persons[asked.by]
    text = _("It waits for %(name)s (%(role)s).") % {"name": person.name, "role": spoken_role(asked.by)}
    return Notice(text, "busy")


def _last(state: State) -> Piece | None:
    """What was wrong with the last answer, or what everybody is to hear."""
    if not state.shown:
        return None
    last = state.shown[-1]
    if last.columns:
        return _table(last)
    if last.id == "opening" and state.step:
        return None
    return Notice(spoken(last.text), "warn" if last.id.endswith(".wrong") else "busy")


def _before(state: State) -> tuple[Shown, ...]:
    """What was shown, without a table that stands above already."""
    return state.shown[:-1] if state.shown and state.shown[-1].columns else state.shown


def _steps(state: State) -> TaskList:
    done, now, later = Tag(_("Finished"), "good"), Tag(_("Now"), "busy"), Tag(_("To do"))
    tasks = []
    for number, name in enumerate(state.steps, 1):
        tag = done if number < state.step else now if number == state.step else later
        title = step_name(name)
        tasks.append(Task(spoken(Said(title.zh, title.en, title.es)), "", tag))
    return TaskList(tasks)


def _seen(each: Shown) -> dict[str, object]:
    return {"text": spoken(each.text), "table": _table(each, hidden=True) if each.columns else None}


def _table(each: Shown, *, hidden: bool = False) -> Table:
    columns = [Column(spoken(column)) for column in each.columns]
    return Table(spoken(each.text), columns, each.rows, hide_caption=hidden)
