"""What signing in leaves behind is forgotten after a while; the chains keep what happened."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore

from shebaoka.office.base import clock
from shebaoka.office.base.jobs import job
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.models import Challenge, SentForm, SignIn, Throttle

_GUESSES = timedelta(days=2)  # twice the longest wait there can be
_FORMS = timedelta(days=7)
_ADDRESSES = timedelta(days=180)


@job("organizations.forget", cron="10 19 * * *")  # 03:10 in China
def forget() -> None:
    """Throttles and challenges that are over, tokens of forms, network addresses of old sign-ins, expired web
    sessions."""
    now = clock.now()
    with writing("organizations.forget"):
        Throttle.objects.filter(last_at__lt=now - _GUESSES).delete()
        Challenge.objects.filter(ends_at__lt=now - _GUESSES).delete()
        SentForm.objects.filter(at__lt=now - _FORMS).delete()
        SignIn.objects.filter(began_at__lt=now - _ADDRESSES, address__isnull=False).update(address=None)
    SessionStore.clear_expired()
