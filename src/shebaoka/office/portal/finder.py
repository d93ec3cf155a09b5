"""Who cannot sign in: what to do, the agency of the insured place, and the way by card or activation code."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from shebaoka.office.access import services
from shebaoka.office.access.models import SignInBegun
from shebaoka.office.base.forms import attempt
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import text, text_if_known
from shebaoka.office.portal.entrance import begin
from shebaoka.office.portal.forms import FinderForm, NumberForm
from shebaoka.office.portal.holder import address

_MOST = 50


def cannot(request: HttpRequest) -> HttpResponse:
    """A strong proof instead of the password, and the agencies of a place."""
    form = NumberForm.of(request)

    def recover(answers: dict[str, Any]) -> SignInBegun:
        return services.recovery_begin(number=answers["number"], address=address(request))

    begun = attempt(form, recover)
    if begun is not None:
        return begin(request, begun, recovers=True)
    finder = FinderForm(request.GET if "place" in request.GET else None)
    place = finder.cleaned_data["place"].strip() if finder.is_bound and finder.is_valid() else ""
    context = {"form": form, "finder": finder, "agencies": agencies(place) if finder.is_bound else None}
    return render(request, "portal/cannot.html", context, status=form.status)


def agencies(place: str) -> list[tuple[Organization, str, str]]:
    """Offices of a place by its name or code, with address and telephone."""
    found = Organization.objects.filter(kind__in=(Kind.CITY, Kind.AGENCY), closed_on=None).order_by("path")
    for word in place.split():
        place_of = {"region__startswith": word} if word.isdigit() else {"name__contains": word}
        found = found.filter(**place_of)
    return [
        (each, text_if_known(each, "enquiry.agency-address"), text(each, "cards.service-telephone"))
        for each in found[:_MOST]
    ]
