import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from personalization.support import CITY_CODE, ISSUED, VARIANTS, clock, id_number, people_csv, product, vaults
from shebaoka.card.card import open_card
from shebaoka.chip.store import load_image
from shebaoka.codec.reset import parse_atr
from shebaoka.paper.media import Media
from shebaoka.personalization.batch import Order, Preparation, prepare_batch
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.load import ApplicationResult, Loader
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import ColumnRule, InputForm, MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.outcome import Outcome, write_files
from shebaoka.personalization.prepare import CHUNK, PreparedCard
from shebaoka.personalization.product import CardProduct
from shebaoka.personalization.state import locked, prepared_cards, read_settings
from shebaoka.reader.base import Reader
from shebaoka.vault.model import Blocks


def prepare(tmp_path: Path, people: Path, name: str = "batch", **changes: object) -> Preparation:
    order = replace(Order(people, MappingFile(), product(), ISSUED), **changes)  # type: ignore[arg-type]
    with NumberRegister(tmp_path / "numbers.db") as register:
        return prepare_batch(tmp_path / name, order, vaults().city, register)


def make(directory: Path) -> Outcome:
    return make_cards(directory, vaults().city, workers=1, clock=clock)


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("variant", VARIANTS)
def test_a_list_becomes_cards_and_a_return_file(tmp_path: Path, variant: tuple[str, str]) -> None:
    people = people_csv(tmp_path / "people.csv", 12, "gbk")
    seen: list[tuple[int, int]] = []
    preparation = prepare(tmp_path, people, product=product(variant))
    assert preparation.summary.good == 12
    outcome = make_cards(
        tmp_path / "batch",
        vaults().city,
        progress_bar=lambda done, total: seen.append((done, total)),
        clock=clock,
    )
    assert outcome == Outcome(12, 0, 0)
    assert seen == [(n, 12) for n in range(13)]
    back = lines(tmp_path / "batch" / "return.csv")
    assert [line["row"] for line in back] == [str(n) for n in range(2, 14)]
    assert {line["status"] for line in back} == {"made"}
    assert {line["date"] for line in back} == {"2026-01-03"}
    assert back[0]["number"] == id_number(0, "19700101")
    assert back[0]["algorithm"] == variant[1]
    for column in ("number", "card_number", "identification_code", "atr"):
        assert len({line[column] for line in back}) == 12
    images = sorted((tmp_path / "batch" / "cards").iterdir())
    assert [path.name for path in images] == [f"{n:08d}.card" for n in range(1, 13)]
    for path, line in zip(images, back, strict=True):
        chip = open_card(load_image(path))
        atr = chip.reset()
        assert atr.hex().upper() == line["atr"]
        assert parse_atr(atr).historical[-4:].hex() == path.stem
        assert path.stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "batch" / "stripe.csv").exists()


def test_m19_an_audit_entry_per_card_and_per_application(tmp_path: Path) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 3))
    make(tmp_path / "batch")
    text = (tmp_path / "batch" / "audit.jsonl").read_text("utf-8")
    entries = [json.loads(line) for line in text.splitlines()]
    cards = [entry for entry in entries if entry["event"] == "card"]
    assert [(entry["serial"], entry["status"]) for entry in cards] == [(1, "made"), (2, "made"), (3, "made")]
    applications = [entry["application"] for entry in entries if entry["event"] == "application"]
    assert applications == ["SSSE", "DF01", "DF02", "DF03", "DF04", "DF07"] * 3
    for line in lines(tmp_path / "batch" / "return.csv"):
        assert line["number"] not in text
        assert line["card_number"] not in text
        assert line["identification_code"] not in text


def test_a_card_finished_without_a_line_is_found_and_audited(tmp_path: Path) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 3))
    make(tmp_path / "batch")
    (tmp_path / "batch" / "progress.bin").unlink()  # a kill may come before the line, here of all three
    images = {path: path.stat().st_ino for path in (tmp_path / "batch" / "cards").iterdir()}
    before = (tmp_path / "batch" / "audit.jsonl").read_text("utf-8")
    assert make(tmp_path / "batch") == Outcome(3, 0, 0)
    assert {path: path.stat().st_ino for path in (tmp_path / "batch" / "cards").iterdir()} == images
    added = (tmp_path / "batch" / "audit.jsonl").read_text("utf-8").removeprefix(before)
    entries = [json.loads(line) for line in added.splitlines()]
    assert [(entry["event"], entry["serial"], entry["status"]) for entry in entries] == [
        ("card", serial, "found") for serial in (1, 2, 3)
    ]


def test_a_check_only_leaves_no_trace_in_the_register(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 3)
    order = Order(people, MappingFile(), product(), ISSUED)
    with NumberRegister(tmp_path / "numbers.db") as register:
        for folder in ("batch", "batch", "other"):
            checked = prepare_batch(tmp_path / folder, order, vaults().city, register, check_only=True)
            assert checked.summary.good == 3
            assert not (tmp_path / folder / "prepared.bin").exists()
            with pytest.raises(PersonalizationError, match="not completed"):
                make(tmp_path / folder)
        assert register.reserve("another batch", 0, CITY_CODE[:4], 1) == range(1, 2)
    assert prepare(tmp_path, people).summary.good == 3
    assert make(tmp_path / "batch") == Outcome(3, 0, 0)


def test_bad_rows_never_stop_good_ones(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    number = id_number(1)
    rows = [
        "社会保障号码,姓名,户口类别",
        f"{number},测试,10",
        f"{number},重复,10",
        f"{id_number(3)[:-1]}?,测试,10",
        f"{id_number(5)},王䶮,10",
        f"{id_number(7)},测试,zz",
        f"{id_number(9)}",
        f"{id_number(11)},测试,20",
    ]
    people.write_text("\n".join(rows) + "\n", "utf-8")
    preparation = prepare(tmp_path, people)
    assert (preparation.summary.rows, preparation.summary.good, preparation.summary.refused) == (7, 2, 5)
    report = lines(tmp_path / "batch" / "validation.csv")
    assert [(line["row"], line["column"], line["kind"]) for line in report] == [
        ("3", "社会保障号码", "duplicate"),
        ("4", "社会保障号码", "id-number"),
        ("5", "姓名", "character"),
        ("6", "户口类别", "code"),
        ("7", "", "unreadable"),
    ]
    assert "row 2" in report[0]["what"]
    assert all(line["advice"] for line in report)
    assert number not in (tmp_path / "batch" / "validation.csv").read_text("utf-8-sig")
    as_json = (tmp_path / "batch" / "validation.json").read_text("utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in as_json[:-1]] == [line["kind"] for line in report]
    assert json.loads(as_json[-1])["summary"]["good"] == 2
    assert make(tmp_path / "batch") == Outcome(2, 0, 0)
    back = lines(tmp_path / "batch" / "return.csv")
    assert [(line["row"], line["status"]) for line in back] == [
        *(("2", "made"), ("8", "made")),
        *((str(row), "refused") for row in range(3, 8)),
    ]


def test_a_duplicate_of_a_refused_row_is_not_held_against_it(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(f"社会保障号码,姓名\n{id_number(1)},\n{id_number(1)},测试\n", "utf-8")
    assert prepare(tmp_path, people).summary.good == 1


def test_people_with_a_card_are_refused_unless_it_is_a_replacement(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 5)
    prepare(tmp_path, people)
    second = prepare(tmp_path, people, "second")
    assert second.summary.problems == {"already-issued": 5}
    assert list(prepared_cards(tmp_path / "second")) == []
    third = prepare(tmp_path, people, "third", reissue=True)
    assert third.summary.good == 5
    serials = [card.serial for name in ("batch", "third") for card in prepared_cards(tmp_path / name)]
    assert len(set(serials)) == 10


def test_m25_numbers_are_unique_over_batches(tmp_path: Path) -> None:
    for part in range(3):
        people = tmp_path / f"{part}.csv"
        numbers = [id_number(i, f"195{part}0101") for i in range(4)]
        people.write_text("社会保障号码,姓名\n" + "".join(f"{n},测试\n" for n in numbers), "utf-8")
        prepare(tmp_path, people, f"b{part}")
    cards = [card for part in range(3) for card in prepared_cards(tmp_path / f"b{part}")]
    assert len({card.historical for card in cards}) == 12
    assert len({card.card_number for card in cards}) == 12
    assert len({card.identification for card in cards}) == 12


def test_more_people_than_one_chunk(tmp_path: Path) -> None:
    count = CHUNK + 5
    steps: list[int] = []
    people = people_csv(tmp_path / "people.csv", count)
    order = Order(people, MappingFile(), product(), ISSUED)
    with NumberRegister(tmp_path / "numbers.db") as register:
        prepare_batch(tmp_path / "batch", order, vaults().city, register, steps.append)
    cards = list(prepared_cards(tmp_path / "batch"))
    assert [card.serial for card in cards] == list(range(1, count + 1))
    assert [card.row for card in cards] == list(range(2, count + 2))
    assert steps == [CHUNK]


class Breaking(Loader):
    """A loader whose chip fails for some serials, the given number of times."""

    failures: Mapping[int, int] = {}
    counts: dict[int, int] = {}  # noqa: RUF012

    def load(self, reader: Reader, card: PreparedCard, blocks: Blocks) -> list[ApplicationResult]:
        if self.counts.get(card.serial, 0) < self.failures.get(card.serial, 0):
            self.counts[card.serial] = self.counts.get(card.serial, 0) + 1
            raise LoadError("DF01.EF05.20: cannot be written, the chip answered 6581 (memory)")
        return super().load(reader, card, blocks)


def test_a_card_that_fails_is_tried_again_then_marked_and_made_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 4))
    monkeypatch.setattr(Breaking, "failures", {2: 1, 3: 2})
    monkeypatch.setattr(Breaking, "counts", {})
    monkeypatch.setattr("shebaoka.personalization.making.Loader", Breaking)
    assert make(tmp_path / "batch") == Outcome(3, 1, 0)
    back = lines(tmp_path / "batch" / "return.csv")
    assert [line["status"] for line in back] == ["made", "made", "failed", "made"]
    assert "DF01.EF05.20" in back[2]["remark"]
    before = {path: path.read_bytes() for path in (tmp_path / "batch" / "cards").iterdir()}
    assert len(before) == 3
    assert make(tmp_path / "batch") == Outcome(4, 0, 0)
    for path, content in before.items():
        assert path.read_bytes() == content
    assert [line["status"] for line in lines(tmp_path / "batch" / "return.csv")] == ["made"] * 4


def test_composite_cards_get_stripe_data_until_the_stripe_ends(tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text(
        f"社会保障号码,姓名,bank_pan\n{id_number(1)},测试,4111111111111111\n{id_number(3)},测试,\n", "utf-8"
    )
    composite = product(media=Media.COMPOSITE, stripe_until=date(2026, 12, 31))
    with pytest.raises(PersonalizationError, match="the hidden stripe ended"):
        prepare(tmp_path, people, product=composite, issued=date(2027, 1, 1))
    assert not (tmp_path / "batch").exists()
    prepare(tmp_path, people, product=composite)
    with pytest.raises(PersonalizationError, match="the hidden stripe ended"):
        make_cards(tmp_path / "batch", vaults().city, clock=lambda: datetime(2027, 1, 1, tzinfo=UTC))
    assert not (tmp_path / "batch" / "cards").exists()
    make(tmp_path / "batch")
    stripes = lines(tmp_path / "batch" / "stripe.csv")
    assert stripes[0]["track2"].startswith(";4111111111111111=3601620980100?")
    assert stripes[1]["track2"].startswith(";9156000002000000023=3601620980100?")


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        (MappingFile(columns={"x": ColumnRule(to="SSSE.EF06.0A")}), "no column 'x'"),
        (MappingFile(input=InputForm(delimiter=";")), "no column goes to"),
    ],
)
def test_a_wrong_order_leaves_no_batch(tmp_path: Path, mapping: MappingFile, reason: str) -> None:
    people = people_csv(tmp_path / "people.csv", 2)
    with pytest.raises(PersonalizationError, match=reason):
        prepare(tmp_path, people, mapping=mapping)
    assert not (tmp_path / "batch").exists()
    with NumberRegister(tmp_path / "numbers.db") as register:
        assert register.reserve("x", 0, "9801", 1) == range(1, 2)


def test_a_ready_batch_is_not_prepared_again(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 2)
    prepare(tmp_path, people)
    before = {path.name: path.read_bytes() for path in (tmp_path / "batch").iterdir()}
    with pytest.raises(PersonalizationError, match="prepared already"):
        prepare(tmp_path, people)
    assert {path.name: path.read_bytes() for path in (tmp_path / "batch").iterdir()} == before


def test_only_one_process_works_on_a_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shebaoka.personalization.state.PATIENCE", 1)
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 2))
    with locked(tmp_path / "batch"), pytest.raises(PersonalizationError, match="another process works"):
        make(tmp_path / "batch")
    assert not list((tmp_path / "batch" / "cards").iterdir())
    assert make(tmp_path / "batch") == Outcome(2, 0, 0)


def test_wrong_vaults_and_directories_are_refused(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 2)
    order = Order(people, MappingFile(), product(), ISSUED)
    with (
        NumberRegister(tmp_path / "numbers.db") as register,
        pytest.raises(PersonalizationError, match="made with a city's vault"),
    ):
        prepare_batch(tmp_path / "batch", order, vaults().province, register)
    with pytest.raises(PersonalizationError, match="no batch here"):
        make(tmp_path / "batch")
    prepare(tmp_path, people)
    with pytest.raises(PersonalizationError, match="the batch is 示例甲市's"):
        make_cards(tmp_path / "batch", vaults().province)
    (tmp_path / "batch" / "batch.json").write_text("{")
    with pytest.raises(PersonalizationError, match=r"batch\.json: damaged"):
        make(tmp_path / "batch")


def test_a_sealed_batch_of_images(tmp_path: Path) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 1))
    make_cards(tmp_path / "batch", vaults().city, passphrase="open sesame", clock=clock)
    [image] = (tmp_path / "batch" / "cards").iterdir()
    with pytest.raises(ValueError, match="passphrase"):
        load_image(image)
    assert open_card(load_image(image, "open sesame")).reset()


def test_the_return_file_tells_what_is_open(tmp_path: Path) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 2))
    assert write_files(tmp_path / "batch") == Outcome(0, 0, 2)
    assert [line["status"] for line in lines(tmp_path / "batch" / "return.csv")] == ["open", "open"]


def test_settings_say_what_the_batch_is(tmp_path: Path) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 2))
    settings = read_settings(tmp_path / "batch")
    assert (settings.city_code, settings.ready, settings.product) == ("980100", True, product())
    layout = settings.layout()
    names: Sequence[str] = [place.text for place in settings.record_plan(layout).places]
    assert tuple(names) == settings.places
    assert isinstance(settings.product, CardProduct)
