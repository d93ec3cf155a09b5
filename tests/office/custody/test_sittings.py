"""A ceremony held from the desk: each answers for herself, components are nowhere, an end that is proved."""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as office
from django.db import connection
from pypdf import PdfReader

from office.custody.sittings import COMPONENTS, SECRET, deployed, from_components, room
from office.custody.steps import CUSTODIAN, LEADER, OPERATOR, Steps
from office.custody.test_ceremonies import NUMBER, script
from shebaoka.office.audit.models import Row
from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import jobs
from shebaoka.office.custody.models import Ceremony, KeyRecord
from shebaoka.office.custody.rooms import door, letters
from shebaoka.office.custody.rooms.samples import sample_of
from shebaoka.office.custody.rooms.wire import Stop
from shebaoka.office.custody.services import (
    ceremonies,
    ceremony_end,
    ceremony_letters,
    ceremony_settle,
    ceremony_stop,
    sittings,
)
from shebaoka.office.custody.services.sittings import FOLDER, ceremony_answer, state_of
from shebaoka.paper.transcript import transcript_pdf
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.ceremony.transcript import End, read_transcript
from shebaoka.vault.software import SoftwareVault

LONG = os.environ.get("SHEBAOKA_LONG") == "1"


@pytest.fixture(autouse=True)
def _rooms_are_left() -> Iterator[None]:
    yield
    door.leave_all()


def folder() -> Path:
    return office.CONFIGURATION.path / FOLDER


def test_held_by_five_people_at_their_own_pages(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = deployed(tmp_path, monkeypatch)
    monkeypatch.setattr(ceremonies, "transcript_pdf", transcript_pdf)
    held = room(steps)
    opened = held.open()
    assert (opened.status, opened.vault) == ("sitting", "province")
    state = held.until()
    assert (state.end, state.step, len(state.steps)) == ("held", 8, 8)
    assert SoftwareVault.open(vault, SECRET).handles()
    assert ceremony_settle(held.ceremony) == ""
    made = held.ceremony
    key = KeyRecord.objects.get()
    assert (made.status, made.keys, key.key_id) == ("held", 1, "98:BK:1:SM4")
    sheets = PdfReader(BytesIO(files.read(made.paper)))
    said = "".join(sheet.extract_text() for sheet in sheets.pages)
    assert key.kcv in said.replace("\0", "")
    proof = tmp_path / "transcript"
    proof.write_bytes(files.read(made.transcript))
    read = read_transcript(proof, made.head)
    assert read.end is End.COMPLETED
    assert key.kcv in proof.read_text()
    assert not (folder() / made.file).exists()
    with pytest.raises(Refusal, match="is over"):
        ceremony_stop(held.actor("witness"), organization="980000", number=NUMBER, reason="x")


def test_components_are_nowhere(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps)
    held.open()
    state = held.until("component.BK.1.SM4.custodian-b.again")
    said = "".join(each.text.en for each in state.shown)
    live = (folder() / held.ceremony.file).read_text()
    held.until()
    ceremony_settle(held.ceremony)
    kept = b"".join(files.read(d) for d in (held.ceremony.transcript, held.ceremony.paper)).decode("latin-1")
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = ""
        for name in tables:
            cursor.execute(f'SELECT t::text FROM "{name}" t')  # noqa: S608 - names of the catalogue
            rows += "".join(row[0] for row in cursor.fetchall())
    for component in COMPONENTS.values():
        for text in (said, live, kept, rows, caplog.text):
            assert component.lower() not in text.lower()
    asked = Row.objects.filter(act="custody.ceremony.answer", actor__contains="key-custodian-1")
    assert asked.filter(line__contains='"component.BK.1.SM4.custodian-a"').count() == 1


def test_each_question_is_answered_by_whom_it_asks(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps)
    held.open()
    state = held.until("component.BK.1.SM4.custodian-a")
    asked = state.question
    assert asked is not None
    others = [held.actor(role) for role in ("operator", "witness", "custodian-b")]
    others.append(steps.actor("980000", CUSTODIAN, 3))
    before = Row.objects.count()
    for other in others:
        with pytest.raises(Refusal) as refusal:
            ceremony_answer(
                other, organization="980000", number=NUMBER, question=asked.id, text=COMPONENTS["custodian-a"]
            )
        assert refusal.value.code == "custody.not-your-turn"
    with pytest.raises(Refusal, match="something else"):
        ceremony_answer(
            held.actor("custodian-a"), organization="980000", number=NUMBER, question="minutes.begin", text=""
        )
    assert state_of(held.ceremony) == state
    assert Row.objects.count() == before
    for wrong in ("zz", COMPONENTS["custodian-b"][:-2]):
        again = held.answer(asked, wrong).question
        assert again is not None
        assert again.id.endswith(".again")
        assert held.answer(again, wrong).shown[-1].id.endswith(".wrong")
    ceremony_stop(held.actor("witness"), organization="980000", number=NUMBER, reason="x")


@pytest.mark.parametrize(
    "place", ["approval.begin", "component", "check-values", "minutes"] if LONG else ["component"]
)
def test_aborted_at_any_step_nothing_is_left(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    vault = deployed(tmp_path, monkeypatch)
    before = vault.read_bytes()
    held = room(steps)
    held.open()
    held.until(place)
    state = ceremony_stop(held.actor("custodian-b"), organization="980000", number=NUMBER, reason="封签破损")
    assert state.end == "aborted"
    ceremony_settle(held.ceremony)
    made = held.ceremony
    assert (made.status, made.keys, KeyRecord.objects.exists()) == ("aborted", 0, False)
    assert vault.read_bytes() == before
    assert "封签破损" in files.read(made.transcript).decode()


@pytest.mark.parametrize("torn", [False, True] if LONG else [True])
def test_a_room_whose_process_was_killed(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, torn: bool
) -> None:
    """The transcript is there as far as it was written; nobody answers the door."""
    vault = deployed(tmp_path, monkeypatch)
    before = vault.read_bytes()
    held = room(steps)
    held.open()
    held.until("check-values.read")
    path = folder() / held.ceremony.file
    written = path.read_bytes()
    door.knock(
        held.ceremony.room, Stop("x")
    )  # the thread of the test ends, what it wrote afterwards is undone
    path.write_bytes(written + (b'{"torn' if torn else b""))
    monkeypatch.setattr(door, "_SOCKET", "nobody")
    with pytest.raises(Refusal, match="interrupted"):
        held.until()
    ceremony_settle(held.ceremony)
    made = held.ceremony
    assert (made.status, made.keys) == ("aborted", 0)
    assert not Path(made.room.partition(":")[2]).exists()
    assert "interrupted" in files.read(made.transcript).decode()
    assert vault.read_bytes() == before


def test_killed_while_the_keys_were_stored(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The record of it is cut before the end; the vault says that they are there."""
    deployed(tmp_path, monkeypatch, asked=True)
    held = room(steps)
    held.open(secret=SECRET)
    held.until()
    path = folder() / held.ceremony.file
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    monkeypatch.setattr(door, "_SOCKET", "nobody")
    with pytest.raises(Refusal, match="passphrase, PIN or password is missing"):
        ceremony_settle(held.ceremony)
    assert held.ceremony.status == "sitting"
    ceremony_settle(held.ceremony, secret=SECRET)
    assert (held.ceremony.status, held.ceremony.keys, KeyRecord.objects.count()) == ("held", 1, 1)


def test_nobody_answers(steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    deployed(tmp_path, monkeypatch)
    held = room(steps)
    real = time.monotonic
    held.open()
    monkeypatch.setattr(time, "monotonic", lambda: real() + 3700)
    until = real() + 10
    while not state_of(held.ceremony).end and real() < until:
        time.sleep(0.1)
    monkeypatch.undo()
    jobs.ceremonies()
    assert held.ceremony.status == "aborted"
    assert "nobody answered for 60 minutes" in files.read(held.ceremony.transcript).decode()


def test_who_may_not_begin(steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from shebaoka.office.custody.services import ceremony_open

    deployed(tmp_path, monkeypatch)
    held = room(steps)
    given: dict[str, Any] = {"organization": "980000", "number": NUMBER, "vault": "province", "secret": ""}
    before = set(folder().glob("*"))
    for actor, code in (
        (steps.actor("980000", OPERATOR, 2), "custody.not-its-operator"),
        (steps.actor("980000", LEADER), "organizations.not-allowed"),
        (steps.actor("990000", OPERATOR), "organizations.not-yours"),
    ):
        with pytest.raises(Refusal) as refusal:
            ceremony_open(actor, sample="simulated", **given)
        assert refusal.value.code == code
    for wrong in ({"vault": "city"}, {"sample": "card"}, {"sample": "none"}):
        with pytest.raises(Refusal):
            held.open(**wrong)
    monkeypatch.setenv("VAULT_OF_98", "not it")
    with pytest.raises(Refusal, match="does not open"):
        held.open()
    assert (held.ceremony.status, held.ceremony.room) == ("approved", "")
    assert set(folder().glob("*")) == before


def test_one_at_a_time_and_only_by_the_office_ended(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps)
    held.open()
    with pytest.raises(Refusal, match="is being held"):
        held.open()
    with pytest.raises(Refusal, match="is being held"):
        ceremony_end(held.actor("operator"), organization="980000", number=NUMBER, transcript=b"", head="")
    with pytest.raises(Refusal, match="is being held"):
        ceremony_settle(held.ceremony)
    jobs.ceremonies()
    assert held.ceremony.status == "sitting"
    ceremony_stop(held.actor("operator"), organization="980000", number=NUMBER, reason="x")


def test_letters_are_for_their_custodian_in_their_step(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, monkeypatch)
    # fonts take their time
    monkeypatch.setattr(letters, "component_letters_pdf", lambda sheets: f"%PDF {sheets[0].serial}".encode())
    held = room(steps, script().replace('source = "device"', 'source = "device"\nletters = true'))
    held.open(sample="none", reason="无空白卡")
    given = {"organization": "980000", "number": NUMBER}
    with pytest.raises(Refusal, match="no such"):
        ceremony_letters(held.actor("custodian-a"), **given)
    state = held.until("letters.custodian-a")
    assert ceremony_letters(held.actor("custodian-a"), **given).startswith(b"%PDF")
    with pytest.raises(Refusal):
        ceremony_letters(held.actor("custodian-b"), **given)
    with pytest.raises(Refusal) as refusal:
        ceremony_letters(steps.actor("980000", CUSTODIAN, 3), **given)
    assert refusal.value.code == "custody.not-your-turn"
    assert state.question is not None
    held.answer(state.question)
    with pytest.raises(Refusal, match="no such"):
        ceremony_letters(held.actor("custodian-a"), **given)
    assert held.until().end == "held"
    ceremony_settle(held.ceremony)
    assert KeyRecord.objects.count() == 2


def test_a_carrier_it_uses_was_taken_out(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, monkeypatch)
    steps.received()
    carrier = '\n[[carriers]]\nname = "主控卡"\nserial = "9800000000000003"\nseal = "F3"\ncustodian = "A"\n'
    held = room(steps, from_components().replace("\n[[keys]]", f"{carrier}\n[[keys]]"))
    with pytest.raises(Refusal, match="is not out"):
        held.open()
    assert Ceremony.objects.get().status == "approved"


def test_what_keys_are_tested_on(monkeypatch: pytest.MonkeyPatch) -> None:
    readers = {Algorithm.TDES: "0", Algorithm.SM4: "Reader 1"}
    assert sample_of("card", readers, "").kind == "card"
    assert sample_of("none", {}, "无空白卡").kind == "none"
    assert sample_of("simulated", {}, "").kind == "simulated"
    monkeypatch.setattr(office, "PRODUCTION", True)
    for kind, given, reason in (
        ("simulated", {}, ""),
        ("card", {}, ""),
        ("none", {}, " "),
        ("x", readers, ""),
    ):
        with pytest.raises(Refusal):
            sample_of(kind, given, reason)


def test_a_level_that_wants_it_at_the_station_only(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(tmp_path, monkeypatch)
    held = room(steps)
    monkeypatch.setattr(sittings, "switch", lambda body, key: key != "custody.ceremony-at-the-desk")
    with pytest.raises(Refusal, match="isolated station"):
        held.open()
    assert held.ceremony.status == "approved"
