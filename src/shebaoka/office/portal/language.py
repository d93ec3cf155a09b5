"""The language of pages: kept in the browser, and with the account of who is signed in, for her messages."""

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from shebaoka.office.access.services import language_choose
from shebaoka.office.portal.holder import session_in


@require_POST
def choose(request: HttpRequest) -> HttpResponseBase:
    """Sets it, for staff as well: the form stands on every page."""
    chosen = request.POST.get("language", "")
    session = session_in(request)
    if session is not None and check_for_language(chosen):
        language_choose(session, chosen)
    return set_language(request)
