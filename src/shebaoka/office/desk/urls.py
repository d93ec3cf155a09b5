"""Where each page of the desk is: ``/desk/<part>/``; names are ``desk:home``, ``desk:<part>:<page>``."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from shebaoka.office.desk import home

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("", include("shebaoka.office.desk.entrance.urls")),
    *(
        path(f"{part}/", include((f"shebaoka.office.desk.{part}.urls", part)))
        for part in settings.DESK
        if part != "entrance"
    ),
]
