"""A ceremony at the desk as its people see it: each her own page, forms without JavaScript, in three
languages."""

import html
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from office.custody.sittings import COMPONENTS, PEOPLE, SECRET, Room, deployed, from_components, room
from office.custody.steps import CUSTODIAN, LEADER, Steps
from office.custody.test_ceremonies import NUMBER, script
from office.pages import signed_in
from shebaoka.office.custody.models import KeyRecord
from shebaoka.office.custody.rooms import door
from shebaoka.office.custody.rooms.wire import Stop
from shebaoka.office.custody.services.sittings import state_of
from shebaoka.office.organizations.models import SentForm

LONG = os.environ.get("SHEBAOKA_LONG") == "1"
_LANGUAGES = {"operator": "en", "witness": "es", "custodian-a": "zh-hans", "custodian-b": "zh-hans"}


@pytest.fixture(autouse=True)
def _rooms_are_left() -> Iterator[None]:
    yield
    door.leave_all()


def page(name: str) -> str:
    return reverse(f"desk:custody:{name}", args=[NUMBER])


def at_pages(held: Room) -> dict[str, Client]:
    """Everybody at a page of her own, in her language."""
    return {
        role: signed_in(held.steps.country, "980000", desk, nth, _LANGUAGES[role])
        for role, (desk, nth) in PEOPLE.items()
    }


def shown(client: Client) -> str:
    return client.get(page("room")).content.decode()


def begin(client: Client, **answers: str) -> str:
    given = {"vault": "province", "sample": "simulated", "reader_3des": "", "reader_sm4": "", "reason": ""}
    answer = client.post(page("room-begin"), {**given, **answers})
    return answer.content.decode() if answer.status_code != 302 else answer.headers["Location"]


def play(held: Room, clients: dict[str, Client], until: str = "") -> None:
    """Each fills in the form that her page shows."""
    while held.ceremony.status == "sitting":
        asked = state_of(held.ceremony).question
        assert asked is not None
        if until and asked.id.startswith(until):
            return
        form = shown(clients[asked.by])
        question = re.search(r'name="question" value="([^"]+)"', form)
        assert question is not None, form
        answers = {"question": html.unescape(question[1]), "text": held.expected(asked)}
        assert clients[asked.by].post(page("room"), answers).status_code == 302


def test_held_on_pages(steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps)
    clients = at_pages(held)
    operator = clients["operator"]
    assert "Hold it here" in operator.get(page("ceremony")).content.decode()
    assert 'name="secret"' not in operator.get(page("room-begin")).content.decode()
    assert begin(operator) == page("room")
    assert "Your turn" in operator.get("/desk/").content.decode()
    play(held, clients, "component.BK.1.SM4.custodian-a")
    typing = shown(clients["custodian-a"])
    assert 'type="password"' in typing
    assert "单独在键盘前" in typing
    waiting = shown(clients["witness"])
    assert 'name="question"' not in waiting
    assert "Espera a 示例0 (custodio de claves A)" in waiting
    play(held, clients, "check-values.custodian-a")
    kcv = state_of(held.ceremony).shown[-1].rows[0][-1]
    assert all(kcv in shown(client) for client in clients.values())
    play(held, clients)
    assert held.ceremony.status == "held"
    over = operator.get(page("ceremony")).content.decode()
    assert held.ceremony.head in over
    for name in ("transcript", "transcript-pdf"):
        kept = clients["witness"].get(page(name)).getvalue()
        assert kcv.encode() in kept or kept.startswith(b"%PDF")
    assert KeyRecord.objects.get().kcv == kcv
    assert not SentForm.objects.exists()
    assert not any(component in over for component in COMPONENTS.values())


def test_wrong_answers_and_answers_of_others(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, monkeypatch, asked=True)
    held = room(steps)
    clients = at_pages(held)
    assert "does not open" in begin(clients["operator"], secret="no")
    assert begin(clients["operator"], secret=SECRET) == page("room")
    play(held, clients, "approval.number")
    operator = clients["operator"]
    assert operator.post(page("room"), {"question": "approval.number", "text": ""}).status_code == 422
    assert operator.post(page("room"), {"question": "approval.number", "text": "批1"}).status_code == 302
    assert "Not what the script says" in shown(operator)
    for client, question in ((clients["witness"], "approval.number"), (operator, "approval.begin")):
        answer = client.post(page("room"), {"question": question, "text": "批2026-1"})
        assert answer.headers["Location"] == page("room")
    asked = state_of(held.ceremony).question
    assert asked is not None
    assert asked.id == "approval.number"
    outside = signed_in(steps.country, "980000", CUSTODIAN, 3)
    assert 'name="question"' not in shown(outside)
    assert outside.post(page("room-stop"), {"why": "x"}).status_code == 403
    assert signed_in(steps.country, "990000", CUSTODIAN).get(page("room")).status_code == 404
    assert signed_in(steps.country, "000000", CUSTODIAN).get(page("room")).status_code == 403
    leader = signed_in(steps.country, "980000", LEADER)
    assert leader.post(page("room-stop"), {"why": "停"}).status_code == 302
    assert held.ceremony.status == "aborted"
    assert "The ceremony was aborted, no key was stored: 停." in leader.get(page("ceremony")).content.decode()


def test_interrupted_and_closed_on_its_page(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps)
    clients = at_pages(held)
    begin(clients["operator"])
    door.knock(held.ceremony.room, Stop("x"))
    monkeypatch.setattr(door, "_SOCKET", "nobody")
    assert clients["operator"].get(page("room")).headers["Location"] == page("room-close")
    assert "interrumpió" in shown(clients["witness"])
    assert "Interrumpida" in clients["witness"].get("/desk/").content.decode()
    assert clients["operator"].post(page("room-close"), {"secret": ""}).status_code == 302
    assert held.ceremony.status == "aborted"


@pytest.mark.skipif(not LONG, reason="the services of it are tested always")
def test_letters_come_to_their_custodian(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps, script().replace('source = "device"', 'source = "device"\nletters = true'))
    clients = at_pages(held)
    begin(clients["operator"], sample="none", reason="无空白卡")
    play(held, clients, "letters.custodian-a")
    assert page("room-letters") in shown(clients["custodian-a"])
    sheets = clients["custodian-a"].get(page("room-letters"))
    assert (sheets.content[:4], sheets.headers["Cache-Control"]) == (b"%PDF", "no-store")
    assert clients["custodian-b"].get(page("room-letters")).status_code == 404
    assert clients["operator"].get(page("room-letters")).status_code == 403
    play(held, clients)
    assert held.ceremony.status == "held"


def test_without_a_vault_it_is_held_at_the_station(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHEBAOKA_SETTINGS", str(tmp_path / "none.toml"))
    held = room(steps, from_components())
    client = at_pages(held)["operator"]
    assert "at the station" in client.get(page("room-begin")).content.decode()
