"""Card commands on images: reading, PIN, trace, and what a wrong call says."""

import json
from pathlib import Path

from cli.conftest import FIXTURES, Shebaoka


def test_show_tells_what_a_card_is(shebaoka: Shebaoka, card: Path) -> None:
    outcome = shebaoka("card", "show", "--chip", card, "--json")
    facts = json.loads(outcome.out)
    assert outcome.code == 0
    assert facts["generation"] == "2.0"
    assert facts["card_number"] == "A00000011"
    assert facts["pin"] == {"set": True, "tries_left": 6, "locked": False}
    assert facts["holder"]["Name"] == "测试"
    assert [a["id"] for a in facts["applications"]] == ["SSSE", "DF01", "DF02", "DF03", "DF04", "DF07"]


def test_show_names_the_annex_applications_of_a_card_that_has_them(
    shebaoka: Shebaoka, tmp_path: Path
) -> None:
    fixture, image = tmp_path / "annex.toml", tmp_path / "annex.chip"
    fixture.write_text("annex = true\n" + (FIXTURES / "card-2.0-3des.toml").read_text("utf-8"), "utf-8")
    assert shebaoka("chip", "build", fixture, "-o", image).code == 0
    facts = json.loads(shebaoka("card", "show", "--chip", image, "--json").out)
    assert [a["id"] for a in facts["applications"]][-3:] == ["DF05", "DF06", "DF07"]
    assert shebaoka("card", "read", "DF05/EF05", "--chip", image).code == 0


def test_free_files_need_nothing(shebaoka: Shebaoka, card: Path) -> None:
    outcome = shebaoka("card", "read", "SSSE/EF05", "--chip", card, "--json")
    records = json.loads(outcome.out)["files"]["SSSE/EF05"]["records"]
    assert outcome.code == 0
    assert [record["items"][0]["tag"] for record in records] == ["01", "02", "03", "04", "05", "06", "07"]
    assert records[4]["items"][0]["shown"] == "2020-01-01"


def test_a_controlled_file_needs_pin_or_key(shebaoka: Shebaoka, card: Path, psam: Path) -> None:
    refused = shebaoka("card", "read", "DF01/EF05", "--chip", card)
    assert refused.code == 1
    assert "PIN or RK1DF01" in refused.out
    by_pin = shebaoka("card", "read", "DF01/EF05", "--chip", card, "--pin", SHEBAOKA_PIN="123456")
    assert by_pin.code == 0
    by_key = shebaoka("card", "read", "DF04/EF05", "--chip", card, "--psam", psam)
    assert by_key.code == 2
    assert "IRK" in by_key.err  # the fixture's PSAM cannot prove the card, and the line says so


def test_a_wrong_pin_is_named_with_the_tries_left(shebaoka: Shebaoka, card: Path) -> None:
    wrong = shebaoka("card", "pin", "verify", "--chip", card, SHEBAOKA_PIN="999999")
    assert wrong.code == 1  # the card said no; 2 is for calls that cannot be done
    assert "5" in wrong.err
    assert "999999" not in wrong.err + wrong.out
    status = json.loads(shebaoka("card", "pin", "status", "--chip", card, "--json").out)
    assert status == {"set": True, "tries_left": 5, "locked": False}


def test_change_pin(shebaoka: Shebaoka, card: Path) -> None:
    changed = shebaoka(
        "card", "pin", "change", "--chip", card, SHEBAOKA_PIN="123456", SHEBAOKA_NEW_PIN="654321"
    )
    assert changed.code == 0
    assert shebaoka("card", "pin", "verify", "--chip", card, SHEBAOKA_PIN="654321").code == 0
    assert shebaoka("card", "pin", "verify", "--chip", card, SHEBAOKA_PIN="123456").code == 1


def test_reset_needs_a_key_source(shebaoka: Shebaoka, card: Path) -> None:
    before = card.read_bytes()
    outcome = shebaoka("card", "pin", "reset", "--chip", card, SHEBAOKA_NEW_PIN="654321")
    assert outcome.code == 2
    assert "PUK" in outcome.err
    assert card.read_bytes() == before


def test_the_trace_decodes_and_hides_the_pin(shebaoka: Shebaoka, card: Path) -> None:
    outcome = shebaoka("card", "read", "DF01/EF05", "--chip", card, "--pin", "--trace", SHEBAOKA_PIN="123456")
    assert "VERIFY" in outcome.err
    assert "READ RECORD" in outcome.err
    assert "EF05" in outcome.err
    assert "123456" not in outcome.err


def test_a_trace_file_replays_as_a_script(shebaoka: Shebaoka, card: Path, tmp_path: Path) -> None:
    trace = tmp_path / "read.apdu"
    assert shebaoka("card", "read", "SSSE/EF05", "--chip", card, "--trace-file", trace).code == 0
    replayed = shebaoka("script", "run", trace, "--chip", card)
    assert replayed.code == 0, replayed.out
    changed = trace.read_text("utf-8").replace("0201339000", "0201349000")
    trace.write_text(changed, "utf-8")
    different = shebaoka("script", "run", trace, "--chip", card)
    assert different.code == 1
    assert "0201339000" in different.out


def test_a_psam_is_no_card(shebaoka: Shebaoka, psam: Path) -> None:
    outcome = shebaoka("card", "show", "--chip", psam)
    assert outcome.code == 2
    assert "is the image of a psam" in outcome.err


def test_bad_calls_are_one_line_and_code_2(shebaoka: Shebaoka, tmp_path: Path) -> None:
    garbage = tmp_path / "garbage.chip"
    garbage.write_bytes(b"no chip at all")
    for arguments in (
        ["card", "show"],
        ["card", "show", "--chip", tmp_path / "none.chip"],
        ["card", "show", "--chip", garbage],
        ["card", "show", "--chip", tmp_path],
        ["card", "read", "DF99/EF05", "--chip", garbage],
        ["script", "run", tmp_path / "none.apdu", "--chip", garbage],
        ["chip", "build", garbage, "-o", tmp_path / "x.chip"],
        ["chip", "build", FIXTURES / "card-2.0-3des.toml", "-o", garbage],
        ["spec", "show", "nothing-like-this"],
        ["spec", "check", garbage],
    ):
        outcome = shebaoka(*arguments)
        assert outcome.code == 2, arguments
        assert outcome.err.count("\n") == 1, outcome.err
        assert outcome.err.startswith("shebaoka: ")
        assert "Traceback" not in outcome.err
    assert garbage.read_bytes() == b"no chip at all"
    assert not (tmp_path / "x.chip").exists()


def test_a_check_is_told_in_a_few_lines(shebaoka: Shebaoka, card: Path) -> None:
    before = card.read_bytes()
    checked = shebaoka("card", "check", "--chip", card)
    assert checked.code == 0
    lines = checked.out.splitlines()
    assert len(lines) < 20
    assert any(line.startswith("not tested: ") and "DF01 EF05" in line for line in lines)
    assert "0 fail" in checked.out
    assert card.read_bytes() == before


def test_a_missing_folder_is_named(shebaoka: Shebaoka, tmp_path: Path) -> None:
    outcome = shebaoka("chip", "build", FIXTURES / "card-2.0-3des.toml", "-o", tmp_path / "none" / "x.chip")
    assert (outcome.code, outcome.err) == (2, f"shebaoka: {tmp_path}/none: no such folder\n")


def test_a_sealed_image_needs_its_passphrase(shebaoka: Shebaoka, tmp_path: Path) -> None:
    image = tmp_path / "sealed.chip"
    fixture = FIXTURES / "card-2.0-3des.toml"
    built = shebaoka("chip", "build", fixture, "-o", image, "--sealed", SHEBAOKA_PASSPHRASE="correct horse")
    assert built.code == 0
    assert shebaoka("card", "show", "--chip", image, SHEBAOKA_PASSPHRASE="correct horse").code == 0
    wrong = shebaoka("card", "show", "--chip", image, SHEBAOKA_PASSPHRASE="battery staple")
    assert wrong.code == 2
    assert "passphrase" in wrong.err
    assert "battery" not in wrong.err


def test_a_trace_file_replaces_traces_only_and_is_private(
    shebaoka: Shebaoka, card: Path, tmp_path: Path
) -> None:
    before = card.read_bytes()
    refused = shebaoka("card", "read", "SSSE/EF05", "--chip", card, "--trace-file", card)
    assert refused.code == 2
    assert "is no trace" in refused.err
    assert card.read_bytes() == before
    trace = tmp_path / "read.apdu"
    for _ in range(2):
        assert shebaoka("card", "read", "SSSE/EF05", "--chip", card, "--trace-file", trace).code == 0
    assert trace.stat().st_mode & 0o777 == 0o600
