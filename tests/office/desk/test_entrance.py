"""Signing in on the pages: both factors, in the order they come, and nothing without them."""

from django.test import Client

from office.country import Country
from office.pages import signed_in
from shebaoka.office.organizations.models import StaffSession


def test_nobody_is_sent_to_sign_in_and_back(country: Country) -> None:
    answer = Client().get("/desk/?page=2")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        "/desk/sign-in?next=%2Fdesk%2F%3Fpage%3D2",
    )
    assert Client().get("/desk/sign-in").status_code == 200


def test_wrong_answers_are_named_above_the_form(country: Country) -> None:
    client = Client(headers={"accept-language": "en"})
    empty = client.post("/desk/sign-in", {})
    assert empty.status_code == 422
    assert '<a href="#id_number">Fill in: Staff number</a>' in empty.content.decode()
    wrong = client.post("/desk/sign-in", {"number": "980100-leader-1", "password": "guessed"})
    assert wrong.status_code == 403
    assert "There is a problem" in wrong.content.decode()
    assert client.get("/desk/sign-in/code").headers["Location"] == "/desk/sign-in"


def test_a_session_is_begun_with_a_purpose(country: Country) -> None:
    client = signed_in(country, "980100", "organizations.leader")
    assert client.post("/desk/session/begin", {"purpose": "", "minutes": "30"}).status_code == 422
    before = StaffSession.objects.count()
    answer = client.post("/desk/session/begin", {"purpose": "Stock-take", "minutes": "30"})
    assert answer.headers["Location"] == "/desk/"
    assert StaffSession.objects.count() == before + 1
    page = client.get("/desk/").content.decode()
    assert "The staff session has begun." in page
