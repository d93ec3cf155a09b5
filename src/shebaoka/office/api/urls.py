"""Where programs of others ask."""

from django.urls import URLPattern, path

from shebaoka.office.api import psams

app_name = "api"
urlpatterns: list[URLPattern] = [
    path("psams/check", psams.check, name="psams-check"),
    path("psams/lists/<str:code>", psams.block_list, name="psams-list"),
    path("psams/key", psams.key, name="psams-key"),
]
