"""Card check: finds what is wrong, says what it could not test, changes nothing and spends no try."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shebaoka.codec.apdu import Command
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.layouts import card_layout
from shebaoka.spec.model import Item, ItemType, Meaning, Text
from shebaoka.terminal import errors
from shebaoka.terminal.check import Area, CheckReport, Outcome, as_data, check_card, html, markdown
from shebaoka.terminal.check.model import Notebook
from shebaoka.terminal.check.probe import Probe, is_harmless
from shebaoka.terminal.check.records import check_once
from shebaoka.terminal.content import FileReading, ItemReading, RecordReading
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.settings import Settings
from terminal.support import ALGORITHMS, NOW, PIN, Tap, chip, psam, state

SETTINGS = Settings(clock=lambda: NOW)
GENERATIONS = ["card-1.0-3des", "card-2.0-3des", "card-2.0-sm4", "card-3.0-3des", "card-3.0-sm4"]


def check(name: str, change: Mapping[str, Any] | None = None, **options: Any) -> CheckReport:
    card = chip(name, change)
    before = state(card)
    tap = Tap(InProcessReader(card))
    report = check_card(tap, SETTINGS, **options)
    assert state(card) == before
    assert report.commands == len(tap.commands)
    return report


def found(report: CheckReport, id_: str) -> list[str]:
    return [finding.place for finding in report.findings if finding.id == id_]


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_good_card_passes(name: str) -> None:
    report = check(name)
    assert report.passed, [f.text() for f in report.findings if f.outcome is Outcome.FAIL]
    assert report.label == "self-test"
    assert report.city_code == "650100"
    assert report.layout == name[5:8]
    assert {finding.area for finding in report.findings} == set(Area)
    assert found(report, "check-writing") == ["UPDATE"]
    assert found(report, "check-irk-versions")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_with_keys_and_pin_every_file_is_looked_at(algorithm: str) -> None:
    keys = PsamKeys(InProcessReader(psam(algorithm)))
    report = check(f"card-2.0-{algorithm}", keys=keys, code=PIN)
    assert report.passed
    assert found(report, "check-genuine")
    assert report.count(Outcome.NOT_TESTED) == 1  # writing
    assert len(found(report, "check-content")) >= 35


def test_versions_and_missing_keys_are_listed() -> None:
    report = check("card-2.0-3des")
    [versions] = [f for f in report.findings if f.id == "check-irk-versions"]
    assert versions.details["versions"] == ("1", "2", "3")
    places = found(report, "check-key")
    assert {"SSSE BK", "DF01 RK1DF01", "DF04 DSK", "DF07 UK3DF07"} <= set(places)
    fewer = check("card-2.0-3des", {"keys": {"versions": {"read": 1, "internal-authentication": 1}}})
    [note] = [f for f in fewer.findings if f.id == "check-key" and f.place == "DF01 RK1DF01"]
    assert (note.outcome, note.details["versions"]) == (Outcome.NOTE, ("1",))
    [versions] = [f for f in fewer.findings if f.id == "check-irk-versions"]
    assert versions.outcome is Outcome.NOTE


@pytest.mark.parametrize(
    ("files", "id_", "place", "outcome"),
    [
        (
            {"SSSE": {"EF06": {"08": {"hex": "393939393939313939303031303130303137"}}}},
            "check-number-not",
            "SSSE EF06 #1 08",
            Outcome.FAIL,
        ),
        ({"SSSE": {"EF05": {"07": "A00000012"}}}, "check-card-number-not", "SSSE EF05 #7 07", Outcome.NOTE),
        ({"SSSE": {"EF06": {"0A": {"hex": "37"}}}}, "check-code-not", "SSSE EF06 #4 0A", Outcome.FAIL),
        ({"SSSE": {"EF06": {"0D": {"hex": "19900230"}}}}, "check-value-not", "SSSE EF06 #7 0D", Outcome.FAIL),
        ({"SSSE": {"EF06": {"0D": {"hex": "199002AA"}}}}, "check-value-not", "SSSE EF06 #7 0D", Outcome.FAIL),
        (
            {"SSSE": {"EF06": {"09": {"hex": "B2E2CA" + "00" * 27}}}},
            "check-value-not",
            "SSSE EF06 #2 09",
            Outcome.FAIL,
        ),
        (
            {"SSSE": {"EF05": {"04": {"hex": "000000000000000000000000"}}}},
            "check-number-not",
            "SSSE EF05 #4 04",
            Outcome.FAIL,
        ),
    ],
)
def test_faults_in_the_data_are_found(files: dict[str, Any], id_: str, place: str, outcome: Outcome) -> None:
    report = check("card-2.0-3des", {"files": files})
    findings = [f for f in report.findings if f.id == id_ and f.place == place]
    assert [f.outcome for f in findings] == [outcome]
    assert report.passed is (outcome is Outcome.NOTE)
    assert "1990010100" not in str(as_data(report))  # numbers of persons stay out of the report


def test_tag_60_in_both_files_is_found() -> None:
    layout = card_layout("2.0")
    readings = {}
    for directory, fid in (("DF02", 0xEF06), ("DF03", 0xEF05)):
        file = layout.directory(directory).file(fid)
        assert file is not None
        item = Item(0x60, Text("失业", "Unemployment"), ItemType.CN, 4, Meaning.DATE)
        record = RecordReading(1, b"", (ItemReading(item, b"", "20200101"),))
        readings[directory, fid] = FileReading(directory, file, (record,))
    notes = Notebook()
    check_once(notes, readings)
    assert [finding.id for finding in notes.findings] == ["check-tag-twice"]
    del readings["DF03", 0xEF05]
    check_once(notes, readings)
    assert len(notes.findings) == 1


def broken(start: str, answer: str, name: str = "card-2.0-3des") -> CheckReport:
    card = chip(name)
    tap = Tap(InProcessReader(card))
    tap.answers[bytes.fromhex(start)] = lambda _: bytes.fromhex(answer)
    return check_card(tap, SETTINGS)


def test_a_card_that_lets_anybody_read_is_found() -> None:
    report = broken("00B20104", "0101319000")
    assert "DF01 EF05" in found(report, "check-refused-not")
    assert not report.passed


def test_a_card_that_hides_free_data_is_found() -> None:
    card = chip("card-3.0-3des")
    tap = Tap(InProcessReader(card))
    current = {"layout": "2.00"}
    tap.answers[bytes.fromhex("00B2032C")] = lambda answer: answer.replace(
        b"3.00", current["layout"].encode()
    )
    report = check_card(tap, SETTINGS)  # a card that says 2.00 and protects EF06 as 3.0 does
    assert found(report, "check-open-not") == ["SSSE EF06"]


def test_a_card_that_counts_without_a_challenge_is_not_asked_further() -> None:
    card = chip("card-2.0-3des")
    tap = Tap(InProcessReader(card))
    asked: list[int] = []

    def count(_: bytes) -> bytes:
        asked.append(tap.commands[-1][3])
        return bytes.fromhex("6A88" if tap.commands[-1][3] == 0x07 else "63C2")

    tap.answers[bytes.fromhex("0082")] = count
    report = check_card(tap, SETTINGS)
    assert len(asked) == 2
    assert len(found(report, "check-key-counts")) == 1


def test_a_card_that_hides_its_keys_is_not_judged() -> None:
    report = broken("0082", "6984")
    assert found(report, "check-keys-hidden") == ["-"]
    assert report.passed


def test_a_pin_that_counts_questions_is_found() -> None:
    card = chip("card-2.0-3des")
    tap = Tap(InProcessReader(card))
    left = iter(range(9, 0, -1))
    tap.answers[bytes.fromhex("0020")] = lambda _: bytes((0x63, 0xC0 | next(left)))
    assert found(check_card(tap, SETTINGS), "check-pin-counts")


def test_missing_file_and_application_are_found() -> None:
    assert "DF02 EF09" in found(broken("00A4020002EF09", "6A82"), "check-file-not")
    assert found(broken("00A4040006D15600000504", "6A82"), "check-directory-not") == ["DF07"]


def test_cards_that_cannot_be_judged_still_give_a_report() -> None:
    assert found(broken("00A40400", "6A81"), "check-environment-not") == ["SSSE"]
    report = broken("00B2", "6982")
    assert not report.passed
    tap = Tap(InProcessReader(chip("card-2.0-3des")))
    tap.atr = lambda _: b"\x3b\x00"
    assert found(check_card(tap, SETTINGS), "check-reset-not") == ["ATR"]
    blocked = chip("card-2.0-3des")
    blocked.power_off()
    with pytest.raises(errors.NoCardError):
        check_card(Mute(), SETTINGS)


class Mute:
    def reset(self) -> bytes:
        raise OSError("no card")

    def transmit(self, apdu: bytes) -> bytes:
        raise OSError("no card")

    def close(self) -> None: ...


def test_report_is_rendered_in_every_form_and_language() -> None:
    report = check("card-2.0-sm4")
    for language in ("en", "zh", "es"):
        assert "self-test" in markdown(report, language)
        assert "<script" not in html(report, language)
        assert as_data(report, language)["passed"] is True
    assert "内部鉴别" in html(report, "zh")
    assert markdown(report).count("\n| ") == len(report.findings) + 1


@given(
    st.integers(0, 255),
    st.sampled_from([0xD6, 0xDC, 0x20, 0x82, 0x5E, 0x24, 0x1E, 0x16, 0x28, 0x2A, 0x2C, 0x56]),
    st.integers(0, 255),
    st.integers(0, 255),
    st.binary(min_size=1, max_size=20),
)
@settings(max_examples=100)
def test_the_probe_sends_nothing_that_changes_a_card(
    cla: int, ins: int, p1: int, p2: int, data: bytes
) -> None:
    command = Command(cla, ins, p1, p2, data + b"\x01")
    if ins == 0x56 and p1 == 0x01:
        return
    if ins == 0x82 and not any(command.data[:16]):
        return
    assert not is_harmless(command)
    with pytest.raises(ValueError, match="no place in a check"):
        Probe(Mute()).ask(command)
