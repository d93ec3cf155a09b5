"""Where each page is."""

from django.urls import URLPattern, URLResolver, include, path

from shebaoka.office.operations import health, scraping
from shebaoka.office.portal.language import choose

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/live", health.live, name="health-live"),
    path("health/ready", health.ready, name="health-ready"),
    path("metrics", scraping.metrics, name="metrics"),
    path("language", choose, name="set_language"),
    path("api/", include("shebaoka.office.api.urls")),
    path("desk/", include("shebaoka.office.desk.urls")),
    path("", include("shebaoka.office.portal.urls")),
]

handler400 = "shebaoka.office.base.error_pages.bad_request"
handler403 = "shebaoka.office.base.error_pages.denied"
handler404 = "shebaoka.office.base.error_pages.not_found"
handler500 = "shebaoka.office.base.error_pages.our_fault"
