"""What programs read: JSON of every card command, of errors too; Chinese where it is asked for."""

import json
from pathlib import Path

from cli.conftest import FIXTURES, Shebaoka

EXTENSION = FIXTURES.parent / "extensions" / "990100-city-services.toml"


def test_pin_commands_answer_in_json(shebaoka: Shebaoka, card: Path) -> None:
    verified = shebaoka("card", "pin", "verify", "--chip", card, "--json", SHEBAOKA_PIN="123456")
    assert json.loads(verified.out) == {"verified": True}
    changed = shebaoka(
        "card", "pin", "change", "--chip", card, "--json", SHEBAOKA_PIN="123456", SHEBAOKA_NEW_PIN="654321"
    )
    assert json.loads(changed.out) == {"changed": True}


def test_a_wrong_pin_is_an_error_in_json(shebaoka: Shebaoka, card: Path) -> None:
    wrong = shebaoka("card", "pin", "verify", "--chip", card, "--json", SHEBAOKA_PIN="999999")
    assert wrong.code == 1
    error = json.loads(wrong.out)["error"]
    assert error.pop("message") in wrong.err
    assert error == {"id": "pin-wrong", "tries_left": 5}
    assert "999999" not in wrong.out


def test_a_bad_call_is_an_error_in_json(shebaoka: Shebaoka, tmp_path: Path) -> None:
    missing = shebaoka("card", "show", "--json", "--chip", tmp_path / "none.chip")
    assert missing.code == 2
    assert "none.chip" in json.loads(missing.out)["error"]["message"]
    assert missing.err.count("\n") == 1
    assert shebaoka("card", "show", "--chip", tmp_path / "none.chip").out == ""


def test_chinese_from_answer_to_refusal(shebaoka: Shebaoka, card: Path) -> None:
    assert "还可尝试 6 次" in shebaoka("card", "pin", "status", "--chip", card, "-l", "zh").out
    wrong = shebaoka("card", "pin", "verify", "--chip", card, "-l", "zh", SHEBAOKA_PIN="999999")
    assert "个人密码错误" in wrong.err
    shown = shebaoka("card", "show", "--chip", card, "--language", "zh").out
    assert "发卡地区" in shown
    assert "Issuing city" not in shown
    traced = shebaoka("card", "read", "SSSE/EF05", "--chip", card, "-l", "zh", "--trace")
    assert "访问条件" in traced.err
    assert "数据项" in traced.out


def test_one_item_is_read_alone(shebaoka: Shebaoka, card: Path) -> None:
    read = shebaoka("card", "read", "SSSE/EF06/09", "SSSE/EF06/0A", "--chip", card, "--json", "--trace")
    records = json.loads(read.out)["files"]["SSSE/EF06"]["records"]
    assert [record["items"][0]["tag"] for record in records] == ["09", "0A"]
    assert "> 00B2090014" in read.err or "> 00B2090020" in read.err
    assert "08 Social security number" not in read.err
    for wrong in ("SSSE/EF06/9", "EF06", "foo", "DF03/EF07/"):
        refused = shebaoka("card", "read", wrong, "--chip", card)
        assert refused.code == 2
        assert "not a file name" in refused.err
    absent = shebaoka("card", "read", "SSSE/EF06/70", "--chip", card)
    assert absent.code == 1
    assert "no item 70" in absent.out


def test_a_trace_tells_card_and_psam_apart(shebaoka: Shebaoka, card: Path, psam: Path) -> None:
    outcome = shebaoka("card", "read", "SSSE/EF05", "--chip", card, "--psam", psam, "--trace")
    headlines = [line for line in outcome.err.splitlines() if not line.startswith((" ", "shebaoka"))]
    assert any(line.startswith("PSAM 1 Reset") for line in headlines)
    assert any(line.startswith("1 Reset") for line in headlines)


def test_a_trace_knows_the_files_and_keys_of_a_city(shebaoka: Shebaoka, tmp_path: Path) -> None:
    image, fixture = tmp_path / "card.chip", tmp_path / "card.toml"
    text = (FIXTURES / "card-3.0-sm4.toml").read_text("utf-8")
    fixture.write_text(f'extensions = ["{EXTENSION}"]\n' + text.replace("650100", "990100"), "utf-8")
    assert shebaoka("chip", "build", fixture, "-o", image).code == 0
    words = ["card", "read", "DF0A/EF0C", "--chip", image, "--pin", "--trace", "--extension", EXTENSION]
    outcome = shebaoka(*words, SHEBAOKA_PIN="123456")
    assert "EF0C Library" in outcome.err or "读者" in outcome.err
    assert "condition: PIN" in outcome.err


def test_every_card_command_traces_into_a_file(shebaoka: Shebaoka, card: Path, tmp_path: Path) -> None:
    for words in (["show"], ["check"], ["pin", "status"], ["pin", "verify"]):
        trace = tmp_path / "trace.apdu"
        call = ["card", *words, "--chip", card, "--trace", "--trace-file", trace]
        outcome = shebaoka(*call, SHEBAOKA_PIN="123456")
        assert outcome.code == 0, outcome.err
        assert "SELECT, SSSE" in outcome.err
        text = trace.read_text("utf-8")
        assert "123456" not in text + outcome.err
        if words != ["pin", "verify"]:
            assert shebaoka("script", "run", trace, "--chip", card).code == 0


def test_a_card_is_not_served_where_it_does_not_fit(
    shebaoka: Shebaoka, card: Path, psam: Path, tmp_path: Path
) -> None:
    contact = tmp_path / "contact.chip"
    assert shebaoka("chip", "build", FIXTURES / "card-1.0-3des.toml", "-o", contact).code == 0
    before = card.read_bytes()
    for words, reason in (
        ([psam], "needs a card"),
        ([card, "--psam", card], "--psam needs a psam"),
        ([contact, "--dual"], "contact interface only"),
        ([card, "--dual", "--psam", psam], "two slots"),
    ):
        refused = shebaoka("card", "serve", *words)
        assert refused.code == 2
        assert reason in refused.err
    assert card.read_bytes() == before
