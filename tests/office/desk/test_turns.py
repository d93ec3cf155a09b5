"""Pages take turns, and the menu is the same for all with the same roles, in each language."""

import threading

import pytest
from django.utils.translation import override

from office.country import Country
from office.pages import signed_in
from shebaoka.office.desk import navigation, turns


def test_a_page_waits_for_its_turn_and_not_for_ever(
    country: Country, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(country, "980100", "organizations.administrator")
    taken = threading.Semaphore(0)
    monkeypatch.setattr(turns, "_turns", taken)
    monkeypatch.setattr(turns, "PATIENCE", 0.01)
    assert client.get("/desk/").status_code == 200
    assert not taken.acquire(blocking=False)  # it came without a turn and gave none back
    taken.release()
    assert client.get("/desk/").status_code == 200
    assert taken.acquire(blocking=False)
    monkeypatch.setattr(turns, "PATIENCE", 600.0)
    assert client.post("/desk/organizations/980100/rename", {"name": ""}).status_code == 200


def test_the_menu_is_of_the_roles_and_of_the_language(country: Country) -> None:
    clerk = country.actor("980100", "organizations.key-custodian")
    auditor = country.actor("980100", "organizations.auditor")
    with override("en"):
        english = navigation.menu(clerk, "/desk/custody/")
        assert navigation.menu(clerk, "/desk/custody/") is english
        assert english.count("aria-current") == 1
        assert '/desk/custody/" aria-current="page"' in english
        assert 'aria-current="true"' in navigation.menu(clerk, "/desk/custody/carriers")
        assert "/desk/audit/" not in english
        assert "/desk/audit/" in navigation.menu(auditor, "/desk/")
    with override("es"):
        assert "Claves y portadores" in navigation.menu(clerk, "/desk/custody/")
