"""Sample cards in readers, none for a reason, simulated ones: what each leaves on record, screen, paper."""

from collections.abc import Callable
from pathlib import Path

import pytest

from shebaoka.card.card import blank_card
from shebaoka.chip.chip import Chip
from shebaoka.chip.store import MemoryStore
from shebaoka.personalization.sample_card import ReaderSample, SimulatedSample, Slot
from shebaoka.reader.faults import Fault, FaultReader, Mute, Tear
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.blanks import Blank, bring_in
from shebaoka.vault.ceremony.engine import AbortedError
from shebaoka.vault.ceremony.printing import paper_of
from shebaoka.vault.ceremony.prompts import Show
from shebaoka.vault.ceremony.samples import NoSample, Sample, told
from shebaoka.vault.ceremony.script import CeremonyError
from shebaoka.vault.ceremony.transcript import read_transcript
from shebaoka.vault.model import Vault, VaultError
from vault.ceremony.room import People, Room, script_text

TDES, SM4 = Algorithm.TDES, Algorithm.SM4
PARTS = [bytes.fromhex("0123456789ABCDEFFEDCBA9876543210"), bytes.fromhex("5A1F00C3D2E4B596877869A5B4C3D2E1")]
TRANSPORT = bytes(a ^ b for a, b in zip(*PARTS, strict=True))
HISTORICAL = {
    TDES: bytes.fromhex("00815430018698805301029901"),
    SM4: bytes.fromhex("00815430018698805301029902"),
}
ONE = '[[keys]]\nsuite = "{}"\nnames = ["IRK", "RK1DF01"]\nversions = [1]\n'
BOTH = script_text(source="device", keys=ONE.format("SM4") + ONE.format("3DES"))
JUST_SM4 = script_text(source="device", keys=ONE.format("SM4"))


def chip_of(suite: Algorithm, key: bytes = TRANSPORT) -> Chip:
    return blank_card(MemoryStore(), historical=HISTORICAL[suite], algorithm=suite, transport_key=key)


def room_with_key(folder: Path, text: str = BOTH) -> Room:
    folder.mkdir(exist_ok=True)
    room = Room.of(folder, text)
    bring_in(room.vault(), Blank.CARD, (TDES, SM4), PARTS)
    return room


def in_slots(**chips: Chip) -> ReaderSample:
    def slot(chip: Chip) -> Slot:
        return Slot("读卡器 1", lambda: InProcessReader(chip))

    return ReaderSample({Algorithm[name]: slot(chip) for name, chip in chips.items()})


def sheet(room: Room, language: str = "en") -> str:
    """The lines of the step on paper."""
    read = read_transcript(room.transcript)
    number = [step.data["name"] for step in read.steps].index("sample")
    facts = paper_of(read, language).steps[number].facts  # type: ignore[arg-type]
    return "\n".join(value for _, value in facts)


def screen(people: People) -> str:
    (shown,) = [
        prompt for prompt in people.asked if isinstance(prompt, Show) and prompt.id == "sample.result"
    ]
    return f"{shown.text.en} {shown.rows}"


def test_cards_in_readers_are_proved_and_erased(tmp_path: Path) -> None:
    room, people = room_with_key(tmp_path), People()
    chips = {suite: chip_of(suite) for suite in (TDES, SM4)}
    blank = {suite: dict(chip.state) for suite, chip in chips.items()}
    loaded: list[bytes] = []

    class Watched(InProcessReader):
        def transmit(self, apdu: bytes) -> bytes:
            loaded.append(apdu[:2])
            return super().transmit(apdu)

    slots = {suite: Slot("R", lambda chip=chip: Watched(chip)) for suite, chip in chips.items()}  # type: ignore[misc]
    held = room.hold(people, sample=ReaderSample(slots))
    assert len(held.keys) == 4
    assert loaded.count(b"\x80\x82") == 2 * 3
    assert loaded.count(b"\x00\x82") == 4  # each key was proved by EXTERNAL AUTHENTICATION
    assert [each for each in people.ids() if each.startswith("sample.")] == [
        "sample.begin", "sample.insert-3DES", "sample.insert-SM4", "sample.result", "sample.seen",
    ]  # fmt: skip
    assert {suite: dict(chip.state) for suite, chip in chips.items()} == blank
    step = next(each for each in read_transcript(room.transcript).steps if each.data["name"] == "sample")
    assert step.data == {
        "step": 6, "name": "sample", "kind": "card", "keys": 4,
        "cards": [
            {"cipher": suite.label, "number": HISTORICAL[suite][5:].hex().upper(), "keys": 2}
            for suite in (TDES, SM4)
        ],
    }  # fmt: skip
    assert "SIMULATED" not in sheet(room) + screen(people)
    assert "3DES 8698805301029901: 2 keys" in sheet(room)
    assert "SM4 8698805301029902: 2 keys" in sheet(room)


@pytest.mark.parametrize(
    ("sample", "paper", "chinese"),
    [
        (SimulatedSample(), "SIMULATED, no real chip, SM4", "模拟样卡（非真实卡片）"),
        (NoSample("blank  cards\nnot come"), "not tested, because: blank cards not come", "未做测试，理由"),
    ],
)
def test_what_was_not_a_card_is_told(tmp_path: Path, sample: Sample, paper: str, chinese: str) -> None:
    room, people = Room.of(tmp_path, JUST_SM4), People()
    room.hold(people, sample=sample)
    assert paper in sheet(room)
    assert chinese in sheet(room, "zh")
    assert paper.split(",", maxsplit=1)[0].split()[0].lower() in screen(people).lower()
    data = next(step.data for step in read_transcript(room.transcript).steps if step.data["name"] == "sample")
    assert data["kind"] == sample.kind
    assert told(data).data == {key: data[key] for key in data if key not in ("step", "name")}


def test_a_record_of_former_form_is_of_a_simulated_card() -> None:
    assert told({"card": "9880", "keys": 3}).data == {
        "kind": "simulated",
        "cards": [{"cipher": "", "number": "9880", "keys": 3}],
        "keys": 3,
    }


def _without_key(folder: Path) -> Room:
    return Room.of(folder, BOTH)


@pytest.mark.parametrize(
    ("place", "sample", "problem"),
    [
        (room_with_key, in_slots(TDES=chip_of(TDES)), "SM4 keys are to be made: .*--sample-sm4 READER"),
        (room_with_key, in_slots(SM4=chip_of(SM4)), "3DES keys are to be made: .*--sample-3des READER"),
        (_without_key, in_slots(TDES=chip_of(TDES), SM4=chip_of(SM4)), "`shebaoka keys blanks card`"),
    ],
)
def test_refused_before_anything_is_recorded(
    tmp_path: Path, place: Callable[[Path], Room], sample: Sample, problem: str
) -> None:
    room, people = place(tmp_path), People()
    before = room.vault_path.read_bytes()
    with pytest.raises(CeremonyError, match=problem):
        room.hold(people, sample=sample)
    assert room.transcript.read_bytes() == b""
    assert people.asked == []
    assert room.vault_path.read_bytes() == before


@pytest.mark.parametrize("reason", ["", " \n", "a\x00b"])
def test_no_sample_needs_a_reason(reason: str) -> None:
    with pytest.raises(CeremonyError, match="needs a reason"):
        NoSample(reason)


def test_a_card_of_another_delivery_aborts(tmp_path: Path) -> None:
    room, chip = room_with_key(tmp_path, JUST_SM4), chip_of(SM4, bytes(range(16)))
    with pytest.raises(AbortedError, match="refuses its transport key: 63C"):
        room.hold(People(), sample=in_slots(SM4=chip))
    assert {key.name for key in room.vault().handles()} == {"TRANSPORT"}


def test_a_card_pulled_at_every_command(tmp_path: Path) -> None:
    room = room_with_key(
        tmp_path, script_text(source="device", keys=ONE.replace(', "RK1DF01"', "").format("SM4"))
    )
    before = room.vault_path.read_bytes()
    counting = FaultReader(InProcessReader(chip_of(SM4)), {})
    room.hold(People(), sample=ReaderSample({SM4: Slot("R", lambda: counting)}))
    faults: tuple[Fault, ...] = (Mute(), Mute(executed=True), Tear(1, "before"), Tear(1, "after"))
    aborted = 0
    for number in range(1, counting.commands + 1):
        for fault in faults:
            place, chip = f"command {number} {fault}", chip_of(SM4)
            blank = dict(chip.state)
            room.vault_path.write_bytes(before)
            room.transcript.unlink()
            vault = room.vault()
            pulled = FaultReader(InProcessReader(chip), {number: fault})
            said = attempt(room, vault, ReaderSample({SM4: Slot("R", lambda reader=pulled: reader)}))  # type: ignore[misc]
            if said:
                aborted += 1
                assert "sample card" in said, place
                assert room.vault_path.read_bytes() == before, place
                assert [key.name for key in vault.handles()] == ["TRANSPORT"] * 2, place
                room.transcript.unlink()
                assert not attempt(room, room.vault(), in_slots(SM4=chip)), place  # the same card again
            assert dict(chip.state) == blank, place
    assert aborted > 2 * counting.commands


def attempt(room: Room, vault: Vault, sample: Sample) -> str:
    """Why the ceremony was aborted, or nothing."""
    try:
        room.hold(People(), vault, sample)
    except AbortedError as error:
        return str(error)
    return ""


def test_a_vault_that_cannot_wrap_says_so_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    room = room_with_key(tmp_path, JUST_SM4)
    vault = room.vault()

    def refuse(*_: object) -> bytes:
        raise VaultError("this token wraps nothing")

    monkeypatch.setattr(vault, "wrap_for_chip", refuse)
    with pytest.raises(CeremonyError, match=r"this token wraps nothing; .*\(--no-sample\)"):
        room.hold(People(), vault, in_slots(SM4=chip_of(SM4)))
    assert [key.name for key in vault.handles()] == ["TRANSPORT"] * 2
