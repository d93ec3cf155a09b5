"""A form of the desk does its act once, however often it is sent: double click, back and again, two windows.

``{% once %}`` in a form is its token. What a form did, and that it was sent, are one transaction; sent again
with the same answers it leads to the page the first time led to."""

from collections.abc import Callable
from hashlib import sha256
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.once import sent_before, sent_now

FIELD = "_once"
_NOT_ANSWERS = {"csrfmiddlewaretoken", FIELD}


def token_of(request: HttpRequest) -> UUID | None:
    """The token that came with a form."""
    try:
        return UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return None


def token_for(request: HttpRequest) -> UUID:
    """The token of a form on the page that is shown: the one it was sent with, or a new one."""
    return token_of(request) or uuid4()


def done_once(request: HttpRequest, staff: Staff, view: Callable[[], HttpResponse]) -> HttpResponse:
    """What the view answers to a form, or where the same form led before. A form is done when its view
    redirects; an answer with errors, or another question, leaves its token free. Raises Refusal."""
    token = token_of(request)
    if token is None:
        return view()
    digest = _digest(request)
    # a refusal is let out after the end: what a service counts in spite of it (a wrong code) stays
    refusal = None
    with transaction.atomic():
        before = sent_before(staff, token, digest)
        if before is None:
            try:
                answer = view()
            except Refusal as refused:
                refusal = refused
            else:
                if answer.status_code == 302:
                    sent_now(staff, token, digest, answer.headers["Location"][:400])
    if refusal is not None:
        raise refusal
    if before is None:
        return answer
    messages.info(request, _("This form was sent twice; it was done once. This is its result."))
    return redirect(before)


def _digest(request: HttpRequest) -> str:
    """Over page and answers, keyed: an answer may be a secret."""
    told = [request.path]
    for name in sorted(set(request.POST) - _NOT_ANSWERS):
        told += [name, *request.POST.getlist(name)]
    for name in sorted(request.FILES):
        for file in request.FILES.getlist(name):
            told += [name, str(file.name), sha256(file.read()).hexdigest()]
            file.seek(0)
    return salted_hmac("shebaoka.office.desk.once", "\0".join(told), algorithm="sha256").hexdigest()
