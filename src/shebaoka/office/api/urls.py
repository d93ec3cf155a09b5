"""Where programs of others ask."""

from django.urls import URLPattern, URLResolver, path

from shebaoka.office.api.interface import interface

urlpatterns: list[URLPattern | URLResolver] = [path("", interface.urls)]
