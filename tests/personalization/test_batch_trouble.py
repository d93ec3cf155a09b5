"""Batches with several workers, damaged files, full disks: one line, and going on later."""

import json
from io import FileIO
from pathlib import Path

import pytest

from personalization import support
from personalization.support import CITY_CODE, VARIANTS, clock, id_number, people_csv, product, vaults
from personalization.test_batch import make, prepare
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.personalization import journal
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.load import ApplicationResult, Loader
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.mapping import MappingFile
from shebaoka.personalization.numbering import NumberRegister
from shebaoka.personalization.outcome import Outcome
from shebaoka.personalization.prepare import PreparedCard
from shebaoka.personalization.state import prepared_cards
from shebaoka.reader.base import Reader
from shebaoka.vault.model import Blocks

OF_1_0 = MappingFile(columns={"社会保障号码": "SSSE.EF06.08", "户口所在地地址": "DF01.EF05.21"})


def test_two_workers_make_the_same_cards_as_one(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 130)
    prepare(tmp_path, people)
    seen: list[int] = []
    outcome = make_cards(
        tmp_path / "batch",
        vaults().city,
        workers=2,
        progress_bar=lambda done, total: seen.append(done),
        clock=clock,
    )
    assert outcome == Outcome(130, 0, 0)
    assert seen == list(range(131))
    assert len(list((tmp_path / "batch" / "cards").iterdir())) == 130
    entries = (tmp_path / "batch" / "audit.jsonl").read_text("utf-8").splitlines()
    serials = [json.loads(line)["serial"] for line in entries if json.loads(line)["event"] == "card"]
    assert sorted(serials) == list(range(1, 131))


def test_a_worker_that_dies_is_reported_and_the_batch_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 60))

    class Broken(Loader):
        def load(self, reader: Reader, card: PreparedCard, blocks: Blocks) -> list[ApplicationResult]:
            if card.serial == 55:
                raise RuntimeError("the machine is on fire")
            return super().load(reader, card, blocks)

    with monkeypatch.context() as patch:
        patch.setattr("shebaoka.personalization.making.Loader", Broken)
        with pytest.raises(
            PersonalizationError, match="worker stopped: RuntimeError: the machine is on fire"
        ):
            make_cards(tmp_path / "batch", vaults().city, workers=2, clock=clock)
    assert make(tmp_path / "batch") == Outcome(60, 0, 0)


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_key_and_no_pin_in_any_file_of_a_batch(
    tmp_path: Path, variant: tuple[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    people = tmp_path / "people.csv"
    rows = "".join(f"{id_number(n)},测试,{n}73915{n}\n" for n in range(1, 9, 2))
    people.write_text("社会保障号码,姓名,pin\n" + rows, "utf-8")
    prepare(tmp_path, people, product=product(variant))
    make_cards(tmp_path / "batch", vaults().city, passphrase="open sesame", clock=clock)
    own = support.line(variant, ["社会保障号码", "姓名", "pin"])
    transport = SoftwareCipher(own.suite, TEST_TRANSPORT_KEY)
    cards = list(prepared_cards(tmp_path / "batch"))
    secrets = [transport.decrypt(block.tobytes()) for blocks in own.loader.blocks(cards) for block in blocks]
    secrets += [TEST_TRANSPORT_KEY, *(f"{n}73915{n}".encode() for n in range(1, 9, 2))]
    secrets += [bytes.fromhex(f"{n}73915{n}0"[:6]) for n in range(1, 9, 2)]
    assert len(secrets) > 500
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path != people]
    assert len(files) > 10
    for path in files:
        content = path.read_bytes()
        assert not any(secret in content or secret.hex().encode() in content.lower() for secret in secrets), (
            path
        )
    assert caplog.text == ""


def test_damaged_preparation_is_found(tmp_path: Path) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 3))
    path = tmp_path / "batch" / "prepared.bin"
    good = path.read_bytes()
    path.write_bytes(good[:-1])
    with pytest.raises(PersonalizationError, match=r"prepared\.bin: 2 of 3 cards are readable"):
        make(tmp_path / "batch")
    middle = len(good) // 2
    path.write_bytes(good[:middle] + bytes((good[middle] ^ 1,)) + good[middle + 1 :])
    with pytest.raises(PersonalizationError, match=r"prepared\.bin: 1 of 3"):
        make(tmp_path / "batch")
    path.unlink()
    with pytest.raises(PersonalizationError, match=r"prepared\.bin: cannot be read"):
        make(tmp_path / "batch")
    path.write_bytes(good)
    assert make(tmp_path / "batch") == Outcome(3, 0, 0)


def test_a_full_disk_is_one_line_and_the_batch_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(tmp_path, people_csv(tmp_path / "people.csv", 4))
    whole = journal.write_whole
    calls = 0

    def full(file: FileIO, data: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:
            file.write(data[: len(data) // 2])
            raise OSError(28, "No space left on device")
        whole(file, data)

    with monkeypatch.context() as patch:
        patch.setattr("shebaoka.personalization.journal.write_whole", full)
        with pytest.raises(PersonalizationError, match="batch: cannot be written: No space left on device"):
            make(tmp_path / "batch")
    assert make(tmp_path / "batch") == Outcome(4, 0, 0)
    assert len(list((tmp_path / "batch" / "cards").iterdir())) == 4


def test_a_product_its_layout_does_not_know_is_refused(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 1)
    with pytest.raises(PersonalizationError, match=r"a 1\.0 card works with 3DES"):
        prepare(tmp_path, people, product=product(("1.0", "SM4")))
    assert not (tmp_path / "batch").exists()


def test_a_vault_that_lacks_a_key_is_refused_before_anything_is_taken(tmp_path: Path) -> None:
    people = people_csv(tmp_path / "people.csv", 2)
    with pytest.raises(PersonalizationError, match="holds no RK3DF03 version 1"):
        prepare(tmp_path, people, product=product(("1.0", "3DES")), mapping=OF_1_0)
    assert not (tmp_path / "batch").exists()
    with NumberRegister(tmp_path / "numbers.db") as register:
        assert register.reserve("another batch", 0, CITY_CODE[:4], 1) == range(1, 2)
