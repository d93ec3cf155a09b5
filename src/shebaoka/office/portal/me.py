"""What a holder sees of herself, masked as long as only digits opened it; what she, or who acts for her, can
do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from shebaoka.office.access.choices import Scope
from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.sections import sections
from shebaoka.office.access.services import Represented, is_masked, represented, seen
from shebaoka.office.base.pieces import Link, Row, Summary
from shebaoka.office.people.reads import SUMMARY
from shebaoka.office.portal.holder import entrant
from shebaoka.office.portal.inbox import unread

_KEPT = 4


@entrant
def home(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """Identity, insured place, contact, as far as a mandate covers them."""
    found = represented(session)
    clear = not is_masked(session)
    shown = found is None or Scope.SUMMARY.value in found.scopes
    if shown:
        seen(session, SUMMARY)
    context = {
        "session": session,
        "summary": _summary(session, clear=clear) if shown else None,
        "masked": not clear,
        "unread": unread(session) if found is None else 0,
        "links": _links(found),
        "own": _own() if found is None else [],
    }
    return render(request, "portal/me.html", context)


def _summary(session: PortalSession, *, clear: bool) -> Summary:
    person = session.whom
    return Summary(
        [
            Row(pgettext("person", "Name"), person.name),
            Row(_("Social security number"), person.number if clear else masked(person.number)),
            Row(_("Sex"), person.get_sex_display()),
            Row(_("Date of birth"), person.birth if clear else f"{person.birth:%Y}"),
            Row(_("Insured at"), person.agency.name),
            Row(_("Telephone"), masked(person.phone)),
            Row(_("Employer"), person.employer.name if person.employer else ""),
        ]
    )


def _links(found: Represented | None) -> list[Link]:
    """What she can do, or who acts for her within the mandate."""
    offered = [
        (Scope.CARDS.value, "portal:cards", _("See my cards, report one lost")),
        (Scope.RECORDS.value, "portal:records", _("See status, qualifications and work record")),
        (Scope.STATEMENT.value, "portal:statement", _("Take a signed statement")),
        (Scope.REQUESTS.value, "portal:requests", _("Ask for a correction, tell of a leak")),
        (Scope.READERS.value, "portal:readers", _("See who looked at my data")),
    ]
    links = [(scope, Link(text if found is None else Scope(scope).label, reverse(page)))
             for scope, page, text in offered]  # fmt: skip
    links[2:2] = [
        (each.scope, Link(each.title, reverse("portal:section", args=[each.name]))) for each in sections()
    ]
    return [link for scope, link in links if found is None or scope in found.scopes]


def _own() -> list[Link]:
    """What is always one's own."""
    offered = (
        ("portal:electronic", _("Show my electronic card")),
        ("portal:mandates", _("Let somebody act for me; act for somebody")),
        ("portal:sessions", _("See where I am signed in")),
        ("portal:passkeys", _("Passkeys: sign in without a password")),
        ("portal:password", _("Change the enquiry password")),
    )
    return [Link(text, reverse(page)) for page, text in offered]


def masked(text: str) -> str:
    """The last four characters, dots for the others."""
    return "•" * max(0, len(text) - _KEPT) + text[-_KEPT:] if len(text) > _KEPT else "•" * len(text)
