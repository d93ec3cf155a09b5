"""Do I need a password to use my card? The first page of the portal, from one decision function."""

from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from shebaoka.domain.card_secrets import Needed, Pin, Secret, password_required, said, secrets
from shebaoka.domain.region_rules import RegionRules
from shebaoka.office.base.catalogue import Words
from shebaoka.office.base.forms import OfficeForm, Radios
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.region_rules import region_rules
from shebaoka.office.portal.uses import secret_of, tries
from shebaoka.spec.parameters import Wording

VERDICTS = {
    Needed.NO: _("No password"),
    Needed.YES: _("Yes: the %(secret)s"),
    Needed.IF_SET: _("Only if the card has one: the %(secret)s"),
    Needed.REFUSED: _("Not before you did something else"),
}
PINS = (
    (Pin.UNKNOWN, _("I do not know")),
    (Pin.NONE, _("It has none")),
    (Pin.INITIAL, _("It has its first PIN")),
    (Pin.SET, _("I set it")),
    (Pin.BLOCKED, _("It is locked")),
)


class Question(OfficeForm):
    """What somebody wants to do, where her card is from, and what she knows of its PIN."""

    use = forms.ChoiceField(label=_("What do you want to do?"))
    region = forms.ChoiceField(label=_("Where is your card from?"), required=False)
    pin = forms.ChoiceField(label=_("Your card's PIN"), choices=PINS, required=False, widget=Radios)

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("use", [(key, words(use.name)) for key, use in secrets().uses.items()])
        bodies = Organization.objects.filter(kind__in=ISSUING, closed_on=None).order_by("path")
        self.offer("region", [(body.code, body.name) for body in bodies])


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as the page says it."""

    use: Words
    places: list[Words]
    verdict: str
    reason: Words
    secret: dict[str, Words] | None
    source: str


def start(request: HttpRequest) -> HttpResponse:
    """The question, and its answer once it was put; a link to an answer can be kept."""
    form = Question(request.GET) if "use" in request.GET else Question(initial={"pin": Pin.UNKNOWN})
    told = None
    if form.is_bound and form.is_valid():
        answers = form.cleaned_data
        told = tell(answers["use"], rules_of(answers["region"]), Pin(answers["pin"] or Pin.UNKNOWN))
    return render(request, "portal/start.html", {"form": form, "told": told}, status=form.status)


def four(request: HttpRequest) -> HttpResponse:
    """The four secrets beside each other."""
    rules = rules_of(request.GET.get("region", ""))
    rows = [how(secret, rules) for secret in get_args(Secret)]
    return render(request, "portal/secrets.html", {"rows": rows})


def uses(request: HttpRequest) -> HttpResponse:
    """What the card can do: every use, its secret by the rules of a region, and where it is tried."""
    rules = rules_of(request.GET.get("region", ""))
    lines = [
        {
            "use": words(use.name),
            "answer": f"{reverse('portal:start')}?{urlencode({'use': name})}",
            "secret": words(secret_of(password_required(name, rules))),
            "places": [words(secrets().places[place]) for place in use.places],
            "tried": tries()[name],
        }
        for name, use in secrets().uses.items()
    ]
    return render(request, "portal/uses.html", {"lines": lines})


def tell(use: str, rules: RegionRules, pin: Pin) -> Told:
    """What the page says about a use."""
    answer, entry = password_required(use, rules, pin), secrets().uses[use]
    secret = how(answer.secret, rules) if answer.secret else None
    verdict = str(VERDICTS[answer.needed]) % {"secret": secret["name"] if secret else ""}
    return Told(
        words(entry.name),
        [words(secrets().places[place]) for place in entry.places],
        verdict,
        words(said(secrets().reasons[answer.reason], rules)),
        secret,
        answer.source,
    )


def how(secret: Secret, rules: RegionRules) -> dict[str, Words]:
    """A secret's name, form, and how it is set, changed and recovered there."""
    entry = secrets().secrets[secret]
    names = ("name", "guards", "form", "set", "change", "recover")
    return {name: words(said(getattr(entry, name), rules)) for name in names}


def rules_of(code: str) -> RegionRules:
    """The rules of a body, without one the nation's defaults."""
    found = Organization.objects.filter(code=code, closed_on=None).first() if code else None
    return region_rules(found or Organization.objects.get(parent=None))


def words(text: Wording) -> Words:
    """A text of the library in the language of the page."""
    return Words(text.zh, text.en, text.es)
