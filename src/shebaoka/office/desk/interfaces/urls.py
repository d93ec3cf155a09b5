"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.interfaces import tokens

urlpatterns: list[URLPattern] = [
    path("", tokens.home, name="home"),
    path("add", tokens.add, name="add"),
    path("<uuid:id>", tokens.token, name="token"),
    path("<uuid:id>/token", tokens.give, name="give"),
    path("<uuid:id>/withdraw", tokens.withdraw, name="withdraw"),
]
