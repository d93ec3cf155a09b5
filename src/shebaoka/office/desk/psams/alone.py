"""What one person does about one PSAM."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.steps import Answers
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import address, places, single
from shebaoka.office.desk.psams.forms import (
    ConfirmForm,
    ContactForm,
    CountersForm,
    InspectionForm,
    LossForm,
    LossReportForm,
    PlaceForm,
    SignForm,
    StockForm,
    WhatForm,
    WhyForm,
)
from shebaoka.office.psams import selectors, services
from shebaoka.office.psams.choices import Form, Source
from shebaoka.office.psams.conditions import accepted_digest, conditions
from shebaoka.office.psams.models import Psam
from shebaoka.office.psams.services import Counters


@desk("psams.psam.stock")
def stock(request: DeskRequest, serial: str) -> HttpResponse:
    """Its outward appearance."""
    found = selectors.psam(request.actor, serial)

    def call(answers: Answers) -> Psam:
        return services.psam_stock(
            request.actor,
            serial=found.serial,
            printed=answers["printed"],
            form=Form(answers["form"]),
            seal=answers["seal"],
            picture=answers["picture"].read() if answers["picture"] else b"",
        )

    title = _("Take PSAM %(serial)s into stock") % {"serial": serial}
    done = _("The PSAM is in stock.")
    return single(request, StockForm.of(request), call, title=title, done=done, to=address(serial))


@desk("psams.psam.accept")
def accept(request: DeskRequest, serial: str) -> HttpResponse:
    """The keeper's signature; the first time she also says how she is reached (R-31)."""
    found = selectors.psam(request.actor, serial)
    digest = accepted_digest(found.owner)
    known = selectors.contact_of(request.user)

    def call(answers: Answers) -> object:
        if known is None:
            services.keeper_record(request.actor, phone=answers["phone"], document=answers["document"])
        return services.psam_accept(request.actor, serial=serial, conditions=digest)

    return single(
        request,
        (ConfirmForm if known else SignForm).of(request),
        call,
        title=_("Sign for PSAM %(serial)s") % {"serial": serial},
        done=_("You have signed for the PSAM."),
        to=address(serial),
        template="desk/psams/accept.html",
        text=_("Conditions of use, with the PSAM management rules of %(name)s in force today:")
        % {"name": found.owner.name},
        conditions=list(conditions().values()),
        button=_("Sign"),
    )


@desk("psams.keeper.record")
def contact(request: DeskRequest) -> HttpResponse:
    """How the keeper who looks is reached."""
    known = selectors.contact_of(request.user)
    return single(
        request,
        ContactForm.of(request, initial={"phone": known.phone if known else ""}),
        lambda answers: services.keeper_record(request.actor, **answers),
        title=_("Your telephone and identity document"),
        done=_("It stands in the register of PSAMs."),
        to=reverse("desk:psams:home"),
    )


@desk("psams.use.log")
def use(request: DeskRequest, serial: str) -> HttpResponse:
    """Counters of a terminal."""
    found = selectors.psam(request.actor, serial)
    issue = selectors.issue_of(found)
    first = {"terminal": found.terminal, "first": (found.sequence or 0) + 1}
    if issue is not None:
        first |= {"unit": issue.unit.code, "place": issue.place.code}
    form = CountersForm.of(request, initial=first)

    def call(answers: Answers) -> object:
        counters = Counters(
            **{name: answers[name] for name in ("terminal", "unit", "place", "first", "last")}
        )
        source = Source(answers["source"])
        return services.use_log(request.actor, serial=serial, counters=counters, source=source)

    title = _("Counters of PSAM %(serial)s") % {"serial": serial}
    done = _("The counters are logged; the result stands below.")
    text = _(
        "Give what the terminal shows. A counter that does not go on, or another place, freezes the PSAM."
    )
    return single(request, form, call, title=title, done=done, to=address(serial), text=text)


@desk("psams.inspection.record")
def inspect(request: DeskRequest, serial: str) -> HttpResponse:
    """The conditions looked at on site."""
    selectors.psam(request.actor, serial)
    return single(
        request,
        InspectionForm.of(request),
        lambda answers: services.inspection_record(request.actor, serial=serial, **answers),
        title=_("Inspection of PSAM %(serial)s") % {"serial": serial},
        done=_("The inspection is recorded."),
        to=address(serial),
    )


@desk("psams.psam.freeze")
def freeze(request: DeskRequest, serial: str) -> HttpResponse:
    """Stopped at once."""
    selectors.psam(request.actor, serial)
    return single(
        request,
        WhyForm.of(request),
        lambda answers: services.psam_freeze(request.actor, serial=serial, why=answers["why"]),
        title=_("Freeze PSAM %(serial)s") % {"serial": serial},
        done=_("The PSAM is frozen; hosts refuse it."),
        to=address(serial),
        button=_("Freeze"),
    )


@desk("psams.psam.damage")
def damage(request: DeskRequest, serial: str) -> HttpResponse:
    """It does not work any more."""
    selectors.psam(request.actor, serial)
    return single(
        request,
        WhatForm.of(request),
        lambda answers: services.psam_damage(request.actor, serial=serial, what=answers["what"]),
        title=_("Damage of PSAM %(serial)s") % {"serial": serial},
        done=_("The damage is recorded. Hand the PSAM in."),
        to=address(serial),
    )


@desk("psams.psam.move")
def move(request: DeskRequest, serial: str) -> HttpResponse:
    """Another place of its unit."""
    found = selectors.psam(request.actor, serial)
    issue = selectors.issue_of(found)
    offered = places(request.actor, issue.unit) if issue else []
    return single(
        request,
        PlaceForm.of(request, places=offered),
        lambda answers: services.psam_move(request.actor, serial=serial, **answers),
        title=_("Another place for PSAM %(serial)s") % {"serial": serial},
        done=_("The new place is recorded."),
        to=address(serial),
    )


@desk("psams.loss.report")
def lose(request: DeskRequest, serial: str) -> HttpResponse:
    """It is lost."""
    selectors.psam(request.actor, serial)
    return single(
        request,
        LossForm.of(request),
        lambda answers: services.loss_report(request.actor, serial=serial, **answers),
        title=_("Loss of PSAM %(serial)s") % {"serial": serial},
        done=_("The loss is reported: hosts refuse the PSAM, and an incident is open."),
        to=address(serial),
        text=_("Report it at once, in writing later."),
        button=_("Report the loss"),
    )


@desk("psams.loss.write")
def write(request: DeskRequest, serial: str) -> HttpResponse:
    """The report in writing."""
    selectors.psam(request.actor, serial)
    return single(
        request,
        LossReportForm.of(request),
        lambda answers: services.loss_write(request.actor, serial=serial, **answers),
        title=_("Written report about PSAM %(serial)s") % {"serial": serial},
        done=_("The written report is recorded."),
        to=address(serial),
    )


@desk("psams.loss.found")
def found_again(request: DeskRequest, serial: str) -> HttpResponse:
    """It is there again."""
    selectors.psam(request.actor, serial)
    return single(
        request,
        WhatForm.of(request),
        lambda answers: services.loss_found(request.actor, serial=serial, where=answers["what"]),
        title=_("PSAM %(serial)s was found") % {"serial": serial},
        done=_("It is recorded. Hand the PSAM in; it is not used again."),
        to=address(serial),
    )


@desk("psams.psam.silent")
def silent(request: DeskRequest, serial: str) -> HttpResponse:
    """Its keys cannot be erased by a command."""
    selectors.psam(request.actor, serial)
    return single(
        request,
        WhatForm.of(request),
        lambda answers: services.psam_silent(request.actor, serial=serial, tried=answers["what"]),
        title=_("PSAM %(serial)s does not answer") % {"serial": serial},
        done=_("It is recorded. Destroy the chip itself."),
        to=address(serial),
    )
