"""Traces of a real card and PSAM: what is decoded, explained and hidden, and that it runs again."""

import io
from pathlib import Path

import pytest

from shebaoka.chip.chip import Chip
from shebaoka.personalization.fixtures import build_fixture
from shebaoka.reader.base import ReaderError
from shebaoka.reader.exchange import follow
from shebaoka.reader.in_process import InProcessReader
from shebaoka.reader.script import parse_script, run_script
from shebaoka.reader.trace import Exchange, Trace, lines, printing, saving

FIXTURES = Path(__file__).parents[2] / "examples" / "fixtures"
SSSE = "00A404000F7378312E73682EC9E7BBE1B1A3D5CF"
DF01 = "00A4040006D15600000500"
DF03 = "00A4040006D15600000502"
DF04 = "00A4040006D15600000503"
VERIFY = "0020000003123456"
WRONG = "0020000003999999"
CHALLENGE = "0084000008"
BAD_PROOF = "11" * 16


def trace(*commands: str, fixture: str = "card-2.0-3des") -> Trace:
    chip = build_fixture(FIXTURES / f"{fixture}.toml")
    traced = Trace(InProcessReader(chip), kind="psam" if fixture.startswith("psam") else "card")
    traced.reset()
    for command in commands:
        follow(traced, bytes.fromhex(command))
    return traced


def last(*commands: str, fixture: str = "card-2.0-3des") -> Exchange:
    return trace(*commands, fixture=fixture).exchanges[-1]


def details(exchange: Exchange) -> dict[str, str]:
    return {detail.name.en: detail.value for detail in exchange.details}


def why(exchange: Exchange) -> str:
    assert exchange.explanation is not None
    return exchange.explanation.en


def test_a_record_is_decoded_by_the_file_it_stands_in() -> None:
    exchange = last(SSSE, "00B2023406")
    assert exchange.name.en == "READ RECORD"
    assert (exchange.directory and exchange.directory.id, exchange.file and exchange.file.id) == (
        "SSSE",
        "EF06",
    )
    exchange = last(SSSE, "00A4020002EF06", "00B2080014")
    assert details(exchange) == {
        "Addressed": "first with tag 08",
        "08 Social security number": "999999199001010016",
    }
    assert exchange.condition == "free"
    assert exchange.status is not None
    assert exchange.status.ok


def test_an_answer_in_parts_is_decoded_whole() -> None:
    exchange = last(SSSE)
    assert exchange.command.startswith("00C00000")
    assert details(exchange)["Algorithm"] == "3DES"


def test_updates_and_labels_of_codes() -> None:
    exchange = last(SSSE, DF01, "00DC013C03290131")
    assert details(exchange)["29 Employment or retirement status"] == "1 在业 Employed"
    assert exchange.condition == "UK2DF01"


def test_6982_names_what_was_missing() -> None:
    text = why(last(SSSE, DF01, "00B2012C04"))
    assert text.startswith("needs PIN or RK1DF01: the card PIN is not verified")
    assert "RK1DF01 is not authenticated (EXTERNAL AUTHENTICATE P2=88)" in text
    text = why(last(SSSE, DF04, VERIFY, "00B2013404"))
    assert text.startswith("needs PIN and RK1DF04: key RK1DF04 is not authenticated")
    assert "PIN is not verified" not in text
    assert "never" in why(last(SSSE, DF04, VERIFY, "00DC00431C" + "00" * 28))
    assert "BK is not" in why(last(SSSE, CHALLENGE, "841600000411223344"))
    assert "LKDF04 is not" in why(last(SSSE, DF04, CHALLENGE, "841E00010411223344"))
    assert "PUK is not" in why(last(SSSE, CHALLENGE, "842400000411223344"))
    assert "DSK is not" in why(last(SSSE, DF04, "B0560000020701"))
    assert "PIN is not verified" in why(last(SSSE, DF04, "B026000104"))


def test_first_generation_conditions() -> None:
    text = why(last(SSSE, DF03, VERIFY, "00B2012C05", fixture="card-1.0-3des"))
    assert "RK2DF03 is not authenticated" in text or "RK2DF03" in text


def test_the_layout_follows_the_card() -> None:
    assert last(SSSE, "00B2013414", fixture="card-3.0-sm4").condition == "RKSSSE"
    assert last(SSSE, "00B2012C12", "00B2032C06", "00B2013C10", fixture="card-1.0-3des").status is not None


def test_63cx_names_pin_or_key_and_tries() -> None:
    assert why(last(SSSE, WRONG)) == "wrong PIN, 5 tries are left"
    assert why(last(SSSE, "0020000000")) == "a PIN is set, 6 tries are left"
    assert why(last(SSSE, DF01, CHALLENGE, "0082008310" + BAD_PROOF)) == (
        "authentication of key UK1DF01 failed, 2 tries are left"
    )


def test_6983_names_what_is_locked() -> None:
    assert "PUK releases it" in why(last(SSSE, *[WRONG] * 6, VERIFY))
    tries = [CHALLENGE, "0082008310" + BAD_PROOF] * 4
    assert "key UK1DF01 is locked" in why(last(SSSE, DF01, *tries))


def test_6984_knows_where_the_challenge_went() -> None:
    prove = "0082008310" + BAD_PROOF
    assert "no challenge was fetched" in why(last(SSSE, DF01, prove))
    used = trace(SSSE, DF01, CHALLENGE, prove, prove).exchanges
    assert f"used up by command {used[-2].number}" in why(used[-1])


def test_files_and_keys_that_are_not_there() -> None:
    assert "SSSE has no EF1D" in why(last(SSSE, "00B201EC00"))
    assert "there is no EF77 from SSSE" in why(last(SSSE, "00A4020002EF77"))
    assert "no file is selected in SSSE" in why(last(SSSE, "00B2010412"))
    assert "DF01 has no key 8F" in why(last(SSSE, DF01, CHALLENGE, "0082008F10" + BAD_PROOF))


def test_the_pin_state_ends_with_a_reset() -> None:
    traced = trace(SSSE, VERIFY, DF01, "00B2012C04")
    assert traced.exchanges[-1].explanation is None
    traced.reset()
    for command in (SSSE, DF01, "00B2012C04"):
        follow(traced, bytes.fromhex(command))
    assert "the card PIN is not verified" in why(traced.exchanges[-1])


def test_medical_fields() -> None:
    exchange = last(SSSE, DF04, VERIFY, "B02800010B0100002710650100000001")
    assert details(exchange)["Account balance"] == "0.00"
    assert details(exchange)["Transaction counter"] == "1"
    assert "the matching INITIALIZE command" in why(last(SSSE, DF04, VERIFY, "B02A00000B" + "00" * 11))


def test_a_psam_is_decoded_as_one() -> None:
    app = "00A4040006D15600000590"
    exchange = last(SSSE, app, "BFDE284210" + "1234650100000001" + "2122232425262728", fixture="psam-3des")
    assert details(exchange)["Key"] == "28/42 UK1DF01, one diversification step left"
    text = why(last(SSSE, app, "00D69A000A01012020010120300101", fixture="psam-3des"))
    assert text == "needs KID-01: key KID-01 is not authenticated (EXTERNAL AUTHENTICATE P2=01)"
    assert "DELIVERY SESSION KEY comes first" in why(
        last(SSSE, app, "80FA0000081112131415161718", fixture="psam-3des")
    )
    card_data = last(SSSE, "00B095000F", fixture="psam-3des")
    assert details(card_data)["Issuer"] == "65"


def test_secrets_do_not_appear_anywhere() -> None:
    traced = trace(SSSE, VERIFY, "805E010007123456FF654321", "0020000003654321")
    shown = "\n".join(line for exchange in traced.exchanges for line in lines(exchange, "en"))
    assert "123456" not in shown
    assert "654321" not in shown
    assert "123456" not in repr(traced.exchanges)
    assert "secret bytes masked" in shown


def test_malformed_commands_are_traced_too() -> None:
    for command in ("00", "00FF", "00A40400", "00A40400FF00", "00B2", "", "FFFFFFFFFF", "00DC013CFF29"):
        exchange = last(SSSE, command)
        assert exchange.status is not None
        assert exchange.command == command


def test_silence_is_told() -> None:
    traced = Trace(InProcessReader(build_fixture(FIXTURES / "card-2.0-3des.toml")))
    with pytest.raises(ReaderError):
        traced.transmit(bytes.fromhex(SSSE))
    assert "no power" in traced.exchanges[-1].problem
    assert traced.exchanges[-1].status is None


@pytest.mark.parametrize("language", ["zh", "en"])
def test_printing(language: str) -> None:
    out = io.StringIO()
    chip = build_fixture(FIXTURES / "card-2.0-3des.toml")
    traced = Trace(InProcessReader(chip), sinks=[printing(out, "zh" if language == "zh" else "en")])
    traced.reset()
    follow(traced, bytes.fromhex(SSSE))
    follow(traced, bytes.fromhex(DF01))
    follow(traced, bytes.fromhex("00B2012C04"))
    text = out.getvalue()
    assert ("访问条件: PIN or RK1DF01" if language == "zh" else "condition: PIN or RK1DF01") in text
    assert ("卡密码（PIN）未验证" if language == "zh" else "the card PIN is not verified") in text


def test_a_saved_trace_runs_again() -> None:
    saved: list[str] = []
    chip = build_fixture(FIXTURES / "card-2.0-3des.toml")
    traced = Trace(InProcessReader(chip), sinks=[saving(saved.append)])
    traced.reset()
    commands = (SSSE, "00B2012C00", WRONG, DF01, "00B2012C04", CHALLENGE, "0082008310" + BAD_PROOF)
    for command in commands:
        follow(traced, bytes.fromhex(command))
    text = "\n".join(saved)
    assert "#> 0020000003******" in text
    again = build_fixture(FIXTURES / "card-2.0-3des.toml")
    result = run_script(parse_script(text), InProcessReader(again))
    assert result.ok
    assert result.commands == len(traced.exchanges) - 2  # without the reset and the masked VERIFY


def test_making_a_card_is_traced_with_its_directories(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Trace] = []

    def traced(chip: Chip) -> Trace:
        made.append(Trace(InProcessReader(chip)))
        return made[-1]

    monkeypatch.setattr("shebaoka.personalization.fixtures.InProcessReader", traced)
    build_fixture(FIXTURES / "card-2.0-3des.toml")
    exchanges = made[0].exchanges
    assert all(e.status.ok for e in exchanges if e.status)
    created = [e for e in exchanges if e.name.en == "CREATE FILE"]
    assert details(created[0])["Creates"].endswith("目录 directory")
    places = {(e.directory.id, details(e)["Creates"].split()[0]) for e in created if e.directory}
    assert {("SSSE", "EF05"), ("DF01", "EF16"), ("DF04", "EF08"), ("DF07", "EF05")} <= places
    keys = [e for e in exchanges if e.name.en == "WRITE KEY"]
    assert keys
    assert all(e.secret for e in keys)


def test_the_issuer_commands_say_which_master_is_missing() -> None:
    assert why(last(SSSE, "80E00000026200")) == (
        "the master key of SSSE is not authenticated (AUTHENTICATE MASTER)"
    )


def test_a_wrong_master_key_is_called_so() -> None:
    text = why(last(CHALLENGE, "8082000010" + BAD_PROOF))
    assert text == "authentication of the master key of MF failed, 9 tries are left"
    commands = [CHALLENGE, "8082000010" + BAD_PROOF] * 11
    assert why(last(*commands)) == "the master key of MF is locked; no command of the standard releases it"
