"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.people import search

urlpatterns: list[URLPattern] = [
    path("", search.home, name="home"),
]
