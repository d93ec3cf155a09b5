"""The web session: begun after both factors, ended by a new password or a suspension."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory

from office.conftest import NOW
from office.country import Country
from office.organizations.credentials import NUMBER, PASSWORD, enrolled
from office.organizations.test_sign_in import refused
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.base import clock
from shebaoka.office.base.passkeys import site_of
from shebaoka.office.organizations.jobs import forget
from shebaoka.office.organizations.models import SignIn, Staff, Throttle
from shebaoka.office.organizations.services import password_change, sign_in, staff_suspend
from shebaoka.office.organizations.web import actor_of_request, enter, leave


@pytest.fixture
def request_of(country: Country) -> HttpRequest:
    """A request of the custodian, signed in."""
    enrolled(country)
    request = RequestFactory().get("/", headers={"host": "localhost:8000"})
    request.session = SessionStore()
    request.session["sign_in"] = "x"
    request.session.save()
    before = request.session.session_key
    enter(request, Staff.objects.get(number=NUMBER))
    assert request.session.session_key != before
    request.user = get_user(request)
    return request


def test_entering_and_leaving_write_nothing_past_the_services(request_of: HttpRequest) -> None:
    actor = actor_of_request(request_of)
    assert actor is not None
    assert actor.number == NUMBER
    assert actor.roles == {"organizations.key-custodian"}
    leave(request_of)
    assert actor_of_request(request_of) is None
    assert Row.objects.filter(act="organizations.sign-out").count() == 1
    assert not Bypass.objects.exists()


def test_a_new_password_ends_the_session(country: Country, request_of: HttpRequest) -> None:
    actor = actor_of_request(request_of)
    assert actor is not None
    password_change(actor, present=PASSWORD, new="a new and quite long one")
    assert not get_user(request_of).is_authenticated


def test_a_suspension_ends_the_session(country: Country, request_of: HttpRequest) -> None:
    officer = country.actor("980100", "organizations.security-officer")
    staff_suspend(officer, number=NUMBER, reason="异常")
    assert not get_user(request_of).is_authenticated


@pytest.mark.parametrize(
    ("host", "name"), [("localhost:8000", "localhost"), ("127.0.0.1", "127.0.0.1"), ("[::1]:8000", "[::1]")]
)
def test_the_site_is_where_the_browser_is(host: str, name: str) -> None:
    site = site_of(RequestFactory().get("/", headers={"host": host}))
    assert (site.host, site.origin) == (name, f"http://{host}")


def test_what_signing_in_left_behind_is_forgotten(country: Country) -> None:
    enrolled(country)
    sign_in(number=NUMBER, password=PASSWORD, address="192.0.2.7")
    with refused("organizations.sign-in-failed"):
        sign_in(number="nobody", password="wrong")
    forget()
    assert Throttle.objects.exists()
    with clock.at(NOW + timedelta(days=181)):
        forget()
    assert not Throttle.objects.exists()
    assert not SignIn.objects.filter(address__isnull=False).exists()
    assert not Bypass.objects.exists()
