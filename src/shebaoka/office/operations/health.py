"""Whether the office lives, and whether it can work: for load balancers and whoever watches it."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shebaoka.office.operations.checks import readiness


@require_safe
@never_cache
def live(_request: HttpRequest) -> HttpResponse:
    """200: this process answers. It asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def ready(_request: HttpRequest) -> JsonResponse:
    """200 when every check passes, else 503; names of checks only, nothing about the machine."""
    checks = readiness()
    good = all(check.ok for check in checks)
    return JsonResponse(
        {"ready": good, "checks": {check.name: "ok" if check.ok else "failed" for check in checks}},
        status=200 if good else 503,
    )
