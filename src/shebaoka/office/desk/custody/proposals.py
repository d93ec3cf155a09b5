"""Acts of two persons of custody, each a page of questions made from the same pattern."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.pieces import Say
from shebaoka.office.base.steps import Answers, Step, ask
from shebaoka.office.custody import services
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.acts.proposing import proposed
from shebaoka.office.desk.custody import forms, keeper_forms
from shebaoka.office.organizations.actor import Actor

_COUNTED = {"seal", "seen", "counted"}
Change = Callable[[Answers], Mapping[str, Any]]


def as_they_are(answers: Answers) -> Mapping[str, Any]:
    """Field names of the forms are those of the content."""
    return answers


def split(*names: str) -> Change:
    """Texts of several lines or with commas become tuples."""
    return lambda answers: (
        answers
        | {
            name: tuple(part for part in answers[name].replace(",", "\n").replace("，", "\n").split() if part)
            for name in names
        }
    )


def renamed(answers: Mapping[str, Any], **names: str) -> Mapping[str, Any]:
    """Fields under other names."""
    return {names.get(name, name): value for name, value in answers.items()}


def inventory(answers: Answers) -> Mapping[str, Any]:
    """Seals by serial number, and devices that were seen, become the lines of an inventory."""
    given = {name: value for name, value in answers.items() if name.partition("-")[0] not in _COUNTED}
    found = [
        services.Inventoried(name.partition("-")[2], value if name.startswith("seal-") else "")
        for name, value in answers.items()
        if name.startswith(("seal-", "seen-"))
    ]
    return given | {"inventory": tuple(found)}


def as_tuple(name: str) -> Change:
    """A list becomes a tuple."""
    return lambda answers: answers | {name: tuple(answers[name])}


@dataclass(frozen=True)
class Proposal:
    """A page: the act, its content, the questions. ``about``: the argument of the address that fills the
    first field of that name; ``change``: answers into fields of the content; ``begins``: what stands in the
    fields at first."""

    name: str
    act: str
    content: type[msgspec.Struct]
    steps: tuple[tuple[str, Say, type[forms.ActForm]], ...]
    back: str
    about: str = ""
    change: Change = field(default=as_they_are)
    begins: Callable[[Actor, str], Mapping[str, Any]] | None = None

    def view(self) -> Callable[..., HttpResponse]:
        """The view, for those who may propose it."""

        @desk(self.act)
        def page(request: DeskRequest, value: str = "") -> HttpResponse:
            return self.page(request, value)

        return page

    def page(self, request: DeskRequest, value: str) -> HttpResponse:
        """Questions, check, proposal."""
        from shebaoka.office.organizations.roles import acts

        body = request.actor.organization
        steps = [
            Step(name, title, form, values=lambda answers: {"actor": request.actor})
            for name, title, form in self.steps
        ]
        asked = {name for _step, _title, form in self.steps for name in form.base_fields}

        def finish(answers: Answers) -> HttpResponse:
            given = self.change(answers)
            fixed = {self.about: value} if self.about and self.about not in asked else {}
            content = self.content(organization=body.code, **given, **fixed)
            return proposed(request, self.act, body, content)

        return ask(
            request,
            steps,
            finish,
            title=acts()[self.act].name,
            button=_("Propose"),
            note=_("Nothing changes before the other persons have signed."),
            context={"back": reverse(f"desk:custody:{self.back}")},
            initial=self._initial(request, value),
        )

    def _initial(self, request: DeskRequest, value: str) -> Mapping[str, Any]:
        if self.begins is not None:
            return self.begins(request.actor, value)
        return {self.about: value} if self.about else {}


PROPOSALS = (
    Proposal("place-add", "custody.place.add", services.NewPlace,
             (("place", _("The place"), forms.PlaceForm),), "places"),
    Proposal("place-close", "custody.place.close", services.PlaceClosing,
             (("place", _("The place"), forms.PlaceClosingForm),), "places", "code"),
    Proposal("hsm-add", "custody.hsm.add", services.NewHsm,
             (("device", _("The device"), forms.DeviceForm),
              ("certificate", _("Its certificate"), forms.CertificateForm),
              ("conformity", _("Conformity with the ministry's specifications"), forms.ConformityForm),
              ("keepers", _("Place and keepers"), forms.KeepersForm)), "hsms", change=split("vaults")),
    Proposal("hsm-certify", "custody.hsm.certify", services.NewCertificate,
             (("certificate", _("The certificate"), forms.CertificateForm),), "hsms", "serial"),
    Proposal("hsm-conform", "custody.hsm.conform", services.Conformity,
             (("conformity", _("Conformity with the ministry's specifications"), forms.ConformityForm),),
             "hsms", "serial"),
    Proposal("hsm-keep", "custody.hsm.keep", services.HsmKeeping,
             (("keepers", _("Place and keepers"), forms.KeepersForm),
              ("use", _("Use"), forms.UseForm)), "hsms", "serial",
             lambda answers: renamed(split("vaults")(answers), use="status")),
    Proposal("number", "custody.carrier.number", services.Numbering,
             (("carriers", _("The carriers"), forms.NumberingForm),), "carriers", change=split("serials")),
    Proposal("store", "custody.carrier.store", services.Storing,
             (("place", _("Where it is kept"), forms.StoringForm),), "carriers", "serial"),
    Proposal("pair", "custody.carrier.pair", services.Pairing,
             (("pair", _("The two cards"), forms.PairingForm),), "carriers", change=split("keys")),
    Proposal("take-out", "custody.carrier.take-out", services.TakingOut,
             (("use", _("What it is taken out for"), forms.TakingOutForm),), "carriers", "serial"),
    Proposal("bring-back", "custody.carrier.bring-back", services.BringingBack,
             (("back", _("It is back"), forms.BringingBackForm),), "carriers", "serial"),
    Proposal("find", "custody.carrier.find", services.Finding,
             (("found", _("It is found"), forms.FindingForm),), "carriers", "serial"),
    Proposal("destroy", "custody.carrier.destroy", services.DestroyedCarriers,
             (("destruction", _("The destruction"), forms.DestructionForm),), "destructions",
             change=as_tuple("serials")),
    Proposal("order", "custody.order.submit", services.Application,
             (("order", _("What is applied for"), forms.OrderForm),
              ("people", _("Persons and day"), forms.OrderPeopleForm)), "orders"),
    Proposal("keeper-appoint", "custody.keeper.appoint", services.NewKeeper,
             (("appointment", _("The appointment"), keeper_forms.AppointmentForm),
              ("person", _("The person"), keeper_forms.PersonForm)), "keepers"),
    Proposal("keeper-update", "custody.keeper.update", services.KeeperNews,
             (("reached", _("How she is reached"), keeper_forms.ReachingForm),), "keepers", "person",
             begins=keeper_forms.reached),
    Proposal("keeper-change", "custody.keeper.change", services.KeeperHandOver,
             (("change", _("The change"), keeper_forms.ChangeForm),
              ("inventory", _("What is handed over"), keeper_forms.InventoryForm)), "keepers",
             change=inventory),
    Proposal("envelope-deposit", "custody.envelope.deposit", services.NewEnvelope,
             (("envelope", _("The envelope"), keeper_forms.EnvelopeForm),), "envelopes"),
    Proposal("envelope-open", "custody.envelope.open", services.EnvelopeOrder,
             (("order", _("The leader's order"), keeper_forms.EnvelopeOpeningForm),), "envelopes", "number"),
    Proposal("envelope-reseal", "custody.envelope.reseal", services.Resealing,
             (("seal", _("The new seal"), keeper_forms.ResealingForm),), "envelopes", "number"),
    Proposal("ceremony-plan", "custody.ceremony.plan", services.PlannedCeremony,
             (("script", _("The script"), forms.ScriptForm),), "ceremonies"),
)  # fmt: skip
"""All of them, by the name of their page."""


def views() -> dict[str, tuple[Proposal, Callable[[HttpRequest], HttpResponse]]]:
    """By name, with the view."""
    return {each.name: (each, each.view()) for each in PROPOSALS}
