"""A staff session says until when it lasts, and one act lengthens it (WCAG 2.2.1)."""

from office.country import Country
from office.pages import signed_in
from shebaoka.office.base import clock
from shebaoka.office.organizations.models import StaffSession

JSON = {"accept": "application/json"}


def test_a_staff_session_is_lengthened_by_one_act(country: Country) -> None:
    client = signed_in(country, "980100", "people.counter-clerk")
    first = country.actor("980100", "people.counter-clerk").session
    assert first is not None
    assert f'data-left="{first.left}"'[:13] in client.get("/desk/").content.decode()
    with clock.at(first.ends_at - (first.ends_at - first.began_at) / 10):
        left = client.get("/desk/session/stay", headers=JSON).json()["left"]
        assert left == first.left
        assert client.post("/desk/session/stay", headers=JSON).json()["left"] > left
        assert client.post("/desk/session/stay", {"next": "/desk/people/"})["Location"] == "/desk/people/"
        assert client.post("/desk/session/stay", {"next": "//x/desk/"})["Location"] == "/desk/session"
    hers = StaffSession.objects.filter(staff=first.staff)
    assert hers.filter(closed_at=None).count() == 1
    assert set(hers.values_list("purpose", flat=True)) == {first.purpose}
