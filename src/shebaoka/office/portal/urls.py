"""Where each page of the portal is: the start page answers, ``/me/`` is for who is signed in."""

from django.urls import URLPattern, path

from shebaoka.office.portal import answer, entrance, finder, me, password

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", answer.start, name="start"),
    path("secrets", answer.four, name="secrets"),
    path("sign-in", entrance.sign_in, name="sign-in"),
    path("sign-in/proof", entrance.proof, name="proof"),
    path("sign-in/code", entrance.code, name="code"),
    path("sign-in/password", entrance.new_password, name="new-password"),
    path("sign-out", entrance.sign_out, name="sign-out"),
    path("cannot-sign-in", finder.cannot, name="cannot"),
    path("me/", me.home, name="me"),
    path("me/sessions", me.sessions, name="sessions"),
    path("me/readers", me.readers, name="readers"),
    path("me/password", password.change, name="password"),
]
