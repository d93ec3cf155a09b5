"""Questions about several carriers at once: sending, receiving, counting, taking back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.custody.models import Dispatch, HandOver
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import (
    ArrivedCarrier,
    Counted,
    Explained,
    SealBack,
    SentCarrier,
)
from shebaoka.office.custody.services.common import CUSTODIAN
from shebaoka.office.desk.custody.forms import ActForm, carriers, lines, people
from shebaoka.office.organizations.actor import Actor

_A, _B = "a", "b"


class SendingForm(ActForm):
    """To whom, with which paper, by whom."""

    order = forms.ChoiceField(label=_("Application"), required=False)
    document = forms.CharField(label=_("Document number"), max_length=60)
    place = forms.CharField(label=_("Place of the hand-over"), max_length=120)
    transport = forms.CharField(
        label=_("Transport"), max_length=200, help_text=_("Two persons, all the way.")
    )
    courier_a = forms.CharField(label=_("First courier, staff number"), max_length=40)
    courier_b = forms.CharField(label=_("Second courier, staff number"), max_length=40)

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        waiting = [
            (o.number, f"{o.organization.name}: {o.number}") for o in registers.orders_to_answer(actor)
        ]
        above = actor.organization.parent
        if above is not None:
            waiting.append(("", _("None: back to %(name)s") % {"name": above.name}))
        self.offer("order", waiting)


class SentCarriersForm(ActForm):
    """Which carriers go, and with which courier."""

    few = 3

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        self.serials = [serial for serial, _name in carriers(actor, "stored", "numbered", "damaged")]
        offered = [("", _("It stays")), (_A, _("First courier")), (_B, _("Second courier"))]
        for serial, name in carriers(actor, "stored", "numbered", "damaged"):
            self.fields[f"c{serial}"] = forms.ChoiceField(label=name, choices=offered, required=False)

    @staticmethod
    def sent(answers: dict[str, Any]) -> tuple[SentCarrier, ...]:
        """The carriers that go."""
        couriers = {_A: answers["courier_a"].strip(), _B: answers["courier_b"].strip()}
        return tuple(
            SentCarrier(name[1:], couriers[chosen])
            for name, chosen in answers.items()
            if name[:1] == "c" and name[1:].isdigit() and chosen
        )


class ReceivingForm(ActForm):
    """What was found of every carrier of a memorandum."""

    def __init__(self, *args: Any, actor: Actor, dispatch: Dispatch, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        offered = people(actor, CUSTODIAN)
        for line in dispatch.lines.all():
            serial, name = line.carrier.serial, str(line.carrier)
            self.fields[f"s{serial}"] = forms.CharField(
                label=_("%(carrier)s: seal found") % {"carrier": name},
                help_text=_("Empty when it did not arrive."),
                max_length=20,
                required=False,
            )
            self.fields[f"k{serial}"] = forms.ChoiceField(
                label=_("%(carrier)s: who takes it") % {"carrier": name}, choices=offered, required=False
            )
            self.fields[f"e{serial}"] = forms.CharField(
                label=_("%(carrier)s: explanation of a difference") % {"carrier": name},
                max_length=200,
                required=False,
            )

    @staticmethod
    def arrived(answers: dict[str, Any]) -> tuple[ArrivedCarrier, ...]:
        """A line for each."""
        serials = [name[1:] for name in answers if name[0] == "s"]
        return tuple(
            ArrivedCarrier(
                serial,
                bool(answers[f"s{serial}"]),
                answers[f"s{serial}"],
                answers[f"k{serial}"],
                answers[f"e{serial}"],
            )
            for serial in serials
        )


class CountForm(ActForm):
    """The seals that were found, carrier by carrier, and what else lay there."""

    def __init__(self, *args: Any, actor: Actor, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        for serial, name in carriers(actor, "numbered", "stored", "received", "returned", "damaged"):
            self.fields[f"s{serial}"] = forms.CharField(
                label=_("%(carrier)s: seal found") % {"carrier": name},
                help_text=_("Empty when it is not there. A carrier without a seal: a dash."),
                max_length=20,
                required=False,
            )
            self.fields[f"e{serial}"] = forms.CharField(
                label=_("%(carrier)s: explanation of a difference") % {"carrier": name},
                max_length=200,
                required=False,
            )
        self.fields["others"] = lines(
            _("Other carriers that were found"),
            _("One a line: serial number, seal, explanation, blanks between."),
            required=False,
        )

    @staticmethod
    def counted(answers: dict[str, Any]) -> tuple[tuple[Counted, ...], tuple[Explained, ...]]:
        """What was found, and the explanations."""
        found, explained = [], []
        for name, value in answers.items():
            if name[0] == "s" and name[1:].isdigit() and value:
                found.append(Counted(name[1:], "" if value == "-" else value))
            if name[0] == "e" and name[1:].isdigit() and value:
                explained.append(Explained(name[1:], value))
        for row in answers["others"].splitlines():
            serial, _blank, rest = row.strip().partition(" ")
            seal, _blank, why = rest.strip().partition(" ")
            if serial:
                found.append(Counted(serial, seal))
                explained.append(Explained(serial, why))
        return tuple(found), tuple(explained)


class TakingBackForm(ActForm):
    """The seals of what came back, and who keeps each."""

    def __init__(self, *args: Any, actor: Actor, hand_over: HandOver, **values: Any) -> None:
        super().__init__(*args, actor=actor, **values)
        offered = people(actor, CUSTODIAN)
        for line in hand_over.lines.all():
            if line.carrier.status != "at-third-party":
                continue
            serial, name = line.carrier.serial, str(line.carrier)
            self.fields[f"s{serial}"] = forms.CharField(
                label=_("%(carrier)s: seal found") % {"carrier": name}, max_length=20
            )
            self.fields[f"k{serial}"] = forms.ChoiceField(
                label=_("%(carrier)s: who takes it") % {"carrier": name}, choices=offered
            )

    @staticmethod
    def back(answers: dict[str, Any]) -> tuple[SealBack, ...]:
        """A line for each."""
        serials = [name[1:] for name in answers if name[0] == "s"]
        return tuple(SealBack(s, answers[f"s{s}"], answers[f"k{s}"]) for s in serials)
