"""A ceremony at the desk whose keys are proved to a blank card in a PC/SC reader of the server."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from office.custody.sittings import SECRET, deployed, from_components, room
from office.custody.steps import Steps
from pcsc.stack import READER_NAMES, PcscStack
from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.models import Ceremony
from shebaoka.office.custody.rooms import door
from shebaoka.office.custody.services import ceremonies, ceremony_settle
from shebaoka.paper.transcript import transcript_pdf
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.blanks import Blank, bring_in
from shebaoka.vault.software import SoftwareVault

PARTS = "0123456789abcdeffedcba9876543210", "5a1f00c3d2e4b596877869a5b4c3d2e1"
TRANSPORT = bytes(a ^ b for a, b in zip(*map(bytes.fromhex, PARTS), strict=True))
CARD = "8698805301029907"


@pytest.fixture(autouse=True)
def _rooms_are_left() -> Iterator[None]:
    yield
    door.leave_all()


def blank() -> Chip:
    historical = bytes.fromhex(f"0081543001{CARD}")
    return blank_card(MemoryStore(), historical=historical, algorithm=Algorithm.SM4, transport_key=TRANSPORT)


def test_the_keys_are_proved_to_a_card_in_a_reader(
    steps: Steps, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pcsc_stack: PcscStack
) -> None:
    path = deployed(tmp_path, monkeypatch)
    monkeypatch.setattr(ceremonies, "transcript_pdf", transcript_pdf)
    chip = blank()
    before = dict(chip.state)
    pcsc_stack.put(chip)
    held = room(steps, from_components())
    reader = {Algorithm.SM4: READER_NAMES[0]}
    with pytest.raises(Refusal, match="transport key"):
        held.open(sample="card", readers=reader)
    assert Ceremony.objects.get().status == "approved"
    vault = SoftwareVault.open(path, SECRET)
    bring_in(vault, Blank.CARD, [Algorithm.SM4], [bytes.fromhex(part) for part in PARTS])
    held.open(sample="card", readers=reader)
    state = held.until()
    assert state.end == "held", state.reason
    assert any(CARD in cell for shown in state.shown for row in shown.rows for cell in row)
    assert ceremony_settle(held.ceremony) == ""
    assert dict(chip.state) == before
    made = held.ceremony
    assert CARD in files.read(made.transcript).decode()
    sheets = PdfReader(BytesIO(files.read(made.paper)))
    said = "".join(sheet.extract_text() for sheet in sheets.pages).replace("\0", "")
    assert CARD in said
    assert "SIMULATED" not in said
