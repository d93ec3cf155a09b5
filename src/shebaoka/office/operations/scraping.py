"""The page that Prometheus reads."""

import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shebaoka.office.operations.metrics import exposition


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics, for whoever has the token of SHEBAOKA_METRICS_TOKEN. Without a token set nobody gets them
    in production; in a test deployment everybody does."""
    token = settings.CONFIGURATION.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if token and not hmac.compare_digest(given.encode(), token.encode()):
        raise Http404
    if not token and settings.CONFIGURATION.production:
        raise Http404
    return HttpResponse(
        exposition(settings.CONFIGURATION.path), content_type="text/plain; version=0.0.4; charset=utf-8"
    )
