"""Where each page of the portal is: the start page answers, ``/me/`` is for who is signed in."""

from django.urls import URLPattern, path

from shebaoka.office.portal import (
    answer,
    card_entrance,
    cards,
    electronic,
    entrance,
    finder,
    me,
    password,
    records,
    requests,
    statement,
    staying,
    stepping,
)

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", answer.start, name="start"),
    path("secrets", answer.four, name="secrets"),
    path("sign-in", entrance.sign_in, name="sign-in"),
    path("sign-in/card", card_entrance.card, name="card"),
    path("sign-in/card/begin", card_entrance.card_begin, name="card-begin"),
    path("sign-in/proof", entrance.proof, name="proof"),
    path("sign-in/code", entrance.code, name="code"),
    path("sign-in/password", entrance.new_password, name="new-password"),
    path("me/stay", staying.stay, name="stay"),
    path("sign-out", entrance.sign_out, name="sign-out"),
    path("cannot-sign-in", finder.cannot, name="cannot"),
    path("me/", me.home, name="me"),
    path("me/sessions", me.sessions, name="sessions"),
    path("me/readers", me.readers, name="readers"),
    path("me/prove", stepping.prove, name="prove"),
    path("me/prove/code", stepping.code, name="prove-code"),
    path("me/cards", cards.mine, name="cards"),
    path("me/cards/<uuid:pk>/lose", cards.lose, name="lose"),
    path("me/cards/<uuid:pk>/release", cards.release, name="release"),
    path("me/electronic", electronic.show, name="electronic"),
    path("me/electronic/open", electronic.begin, name="electronic-open"),
    path("me/electronic/password", electronic.reset, name="electronic-password"),
    path("me/electronic/close", electronic.close, name="electronic-close"),
    path("me/records", records.records, name="records"),
    path("me/requests", requests.mine, name="requests"),
    path("me/requests/correction", requests.correction, name="correction"),
    path("me/requests/leak", requests.leak, name="leak"),
    path("me/statement", statement.take, name="statement"),
    path("check", statement.check, name="check"),
    path("me/password", password.change, name="password"),
]
