"""Acts that one person does: reports, steps, parts of a hand-over, lists of vaults, transcripts."""

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Say
from shebaoka.office.custody import services
from shebaoka.office.custody.procedures import steps_of
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import Entrusted, KeyLine
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.custody.forms import ReportForm, carriers
from shebaoka.office.desk.custody.keeper_forms import (
    EnteringForm,
    LeavingForm,
    PhotographForm,
    TrainingForm,
)
from shebaoka.office.desk.custody.single_forms import (
    AgreementForm,
    KeyListForm,
    NoteForm,
    PrepareForm,
    RecordForm,
    ReviewForm,
    SupervisionForm,
    TranscriptForm,
    VisitForm,
    WhyForm,
)
from shebaoka.office.organizations.roles import acts


@desk("custody.carrier.lose")
def lose(request: DeskRequest, serial: str) -> HttpResponse:
    """At once: a carrier is lost."""
    return _one(request, "custody.carrier.lose", ReportForm(_post(request)), "carrier", serial,
                lambda a: (services.carrier_lose(request.actor, organization=_own(request), serial=serial,
                                                 what=a["what"]) or serial),
                _("The loss is recorded and an incident is opened."))  # fmt: skip


@desk("custody.carrier.damage")
def damage(request: DeskRequest, serial: str) -> HttpResponse:
    """A carrier is damaged."""
    return _one(request, "custody.carrier.damage", ReportForm(_post(request)), "carrier", serial,
                lambda a: services.carrier_damage(request.actor, organization=_own(request), serial=serial,
                                                  what=a["what"]),
                _("The damage is recorded."))  # fmt: skip


@desk("custody.movement.step")
def step(request: DeskRequest, serial: str) -> HttpResponse:
    """The next step of the use of a carrier."""
    found = registers.carrier(request.actor, serial)
    use = found.movements.filter(in_at=None).first()
    done = use.steps.count() if use else 0
    following = steps_of(found.kind)[done:]
    if use is None or not following:
        raise Refusal("custody.not-out" if use is None else "custody.other-step", serial=serial, step="-")
    following_step = following[0]
    return _one(request, "custody.movement.step", NoteForm(_post(request)), "carrier", serial,
                lambda a: services.movement_step(request.actor, organization=_own(request), serial=serial,
                                                 step=following_step.name, remark=a["remark"]),
                _("The step is recorded."), text=following_step.text, button=_("It is done"))  # fmt: skip


@desk("custody.order.refuse")
def order_refuse(request: DeskRequest, number: str) -> HttpResponse:
    """An application is refused."""
    return _one(request, "custody.order.refuse", WhyForm(_post(request)), "order-page", number,
                lambda a: services.order_refuse(request.actor, number=number, remark=a["why"]),
                _("The application is refused."))  # fmt: skip


@desk("custody.keys.read")
def keys_read(request: DeskRequest) -> HttpResponse:
    """The register of keys is brought up to date."""
    form = KeyListForm(_post(request), request.FILES or None)

    def take(answers: dict[str, Any]) -> object:
        found = key_lines(answers["file"].read())
        return services.keys_read(request.actor, organization=_own(request), keys=found, hsm=answers["hsm"])

    return _one(request, "custody.keys.read", form, "keys", "", take, _("The register is up to date."))


@desk("custody.ceremony.end")
def ceremony_end(request: DeskRequest, number: str) -> HttpResponse:
    """A ceremony was held or aborted."""
    form = TranscriptForm(_post(request), request.FILES or None)
    return _one(request, "custody.ceremony.end", form, "ceremony", number,
                lambda a: services.ceremony_end(request.actor, organization=_own(request), number=number,
                                                transcript=a["file"].read(), head=a["head"]),
                _("The transcript is proved and registered."))  # fmt: skip


@desk("custody.hand-over.prepare")
def prepare(request: DeskRequest) -> HttpResponse:
    """A hand-over is prepared."""
    form = PrepareForm(_post(request), actor=request.actor)
    stored = ", ".join(f"{serial}" for serial, _name in carriers(request.actor, "stored")[:20])

    def take(answers: dict[str, Any]) -> object:
        rows = [row.split() for row in answers.pop("carriers").splitlines() if row.strip()]
        named = [Entrusted(row[0], row[1] if len(row) > 1 else "") for row in rows]
        return services.hand_over_prepare(
            request.actor, organization=_own(request), carriers=named, **answers
        ).number

    text = _("Carriers in their places: %(serials)s") % {"serials": stored} if stored else ""
    saved = _("The hand-over is prepared. Nothing leaves before its four documents are there.")
    return _one(request, "custody.hand-over.prepare", form, "hand-overs", "", take, saved, text=text)


@desk("custody.hand-over.record")
def record(request: DeskRequest, number: str) -> HttpResponse:
    """The first document."""
    form = RecordForm(_post(request))
    return _part(request, "custody.hand-over.record", form, number, services.hand_over_record)


@desk("custody.hand-over.agree")
def agree(request: DeskRequest, number: str) -> HttpResponse:
    """The second."""
    form = AgreementForm(_post(request), request.FILES or None)
    return _part(request, "custody.hand-over.agree", form, number, services.hand_over_agree)


@desk("custody.hand-over.review")
def review(request: DeskRequest, number: str) -> HttpResponse:
    """The third."""
    form = ReviewForm(_post(request), request.FILES or None)
    return _part(request, "custody.hand-over.review", form, number, services.hand_over_review)


@desk("custody.hand-over.supervise")
def supervise(request: DeskRequest, number: str) -> HttpResponse:
    """The fourth."""
    form = SupervisionForm(_post(request), actor=request.actor)
    return _part(request, "custody.hand-over.supervise", form, number, services.hand_over_supervise)


@desk("custody.hand-over.visit")
def visit(request: DeskRequest, number: str) -> HttpResponse:
    """A supervision visit."""
    form = VisitForm(_post(request))
    return _part(request, "custody.hand-over.visit", form, number, services.hand_over_visit)


@desk("custody.hand-over.withdraw")
def withdraw(request: DeskRequest, number: str) -> HttpResponse:
    """A hand-over is withdrawn."""
    form = WhyForm(_post(request))
    return _part(request, "custody.hand-over.withdraw", form, number, services.hand_over_withdraw)


@desk("custody.keeper.train")
def keeper_train(request: DeskRequest, number: str) -> HttpResponse:
    """A custodian was trained."""
    return _one(request, "custody.keeper.train", TrainingForm(_post(request)), "keeper", number,
                lambda a: services.keeper_train(request.actor, organization=_own(request), person=number,
                                                **a),
                _("The training is recorded."))  # fmt: skip


@desk("custody.room.enter")
def room_enter(request: DeskRequest) -> HttpResponse:
    """People go into a key room."""
    form = EnteringForm(_post(request), actor=request.actor)
    return _one(request, "custody.room.enter", form, "visits", "",
                lambda a: services.room_enter(request.actor, organization=_own(request), **a),
                _("It is in the log."))  # fmt: skip


@desk("custody.room.leave")
def room_leave(request: DeskRequest, visit: UUID) -> HttpResponse:
    """They have left."""
    return _one(request, "custody.room.leave", LeavingForm(_post(request)), "visits", "",
                lambda a: services.room_leave(request.actor, organization=_own(request), visit=visit,
                                              remark=a["remark"]),
                _("It is in the log."))  # fmt: skip


@desk("custody.destruction.attach")
def photograph(request: DeskRequest, number: str) -> HttpResponse:
    """A photograph or paper of a destruction."""
    form = PhotographForm(_post(request), request.FILES or None)
    return _one(request, "custody.destruction.attach", form, "destruction", number,
                lambda a: services.destruction_attach(request.actor, organization=_own(request),
                                                      number=number, name=a["file"].name,
                                                      content=a["file"].read(), shows=a["shows"]),
                _("The file is kept."))  # fmt: skip


def key_lines(content: bytes) -> list[KeyLine]:
    """The keys of a list as ``vault show --json`` prints it. Raises Refusal ``custody.key-list``."""
    known = set(KeyLine.__struct_fields__)
    try:
        told = json.loads(content)
        return [
            msgspec.convert({name: value for name, value in key.items() if name in known}, KeyLine)
            for key in told["keys"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, msgspec.ValidationError):
        raise Refusal("custody.key-list") from None


def _part(
    request: DeskRequest, act: str, form: OfficeForm, number: str, service: Callable[..., object]
) -> HttpResponse:
    registers.hand_over(request.actor, number)

    def take(answers: dict[str, Any]) -> object:
        given = dict(answers)
        for name in ("approved", "in_order"):
            if name in given:
                given[name] = given[name] == "yes"
        if "scan" in given:
            given["scan"] = (given["scan"].name, given["scan"].read())
        return service(request.actor, organization=_own(request), number=number, **given)

    return _one(request, act, form, "hand-over", number, take, _("It is recorded."))


def _one(
    request: DeskRequest,
    act: str,
    form: OfficeForm,
    page: str,
    argument: str,
    take: Callable[[dict[str, Any]], object],
    done: str,
    *,
    text: Say = "",
    button: Say = "",
) -> HttpResponse:
    """The form, the service, and back to the page of what it is about."""
    url = reverse(f"desk:custody:{page}", args=[argument] if argument else [])
    if request.method == "POST" and attempt(form, take) is not None:
        messages.success(request, done)
        return redirect(url)
    shown = {
        "form": form,
        "title": acts()[act].name,
        "back": url,
        "text": text,
        "button": button or _("Save"),
    }
    return render(request, "desk/form.html", shown, status=form.status)


def _own(request: DeskRequest) -> str:
    return request.actor.organization.code


def _post(request: DeskRequest) -> Any:
    return request.POST if request.method == "POST" else None
