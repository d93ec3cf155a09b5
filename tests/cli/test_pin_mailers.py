"""``shebaoka cards pin-mailers``: the PIN of each holder in a letter of his own, and nowhere else."""

import stat
from pathlib import Path

import pytest
from pypdf import PdfReader

from cli.conftest import Outcome, Shebaoka
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Body, KeyDefinition, Level
from shebaoka.vault.software import SoftwareVault

PASSPHRASE = "a sentence of this test"
PINS = ("739105", "", "40862957")
PEOPLE = (
    ("980101198503120019", "李样本"),
    ("980101197001010012", "王样本"),
    ("980101199001010017", "张样本"),
)
PRODUCT = 'name = "letters"\nalgorithm = "3DES"\n'
MAPPING = "".join(
    f'[columns."{column}"]\nto = "{place}"\n'
    for column, place in {"社会保障号码": "SSSE.EF06.08", "姓名": "name", "密码": "pin"}.items()
)


@pytest.fixture
def batch(tmp_path: Path, shebaoka: Shebaoka, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three cards, two of them with a PIN."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHEBAOKA_PASSPHRASE", PASSPHRASE)
    for level, code in (("nation", ""), ("province", "98"), ("city", "980100")):
        more = ("--code", code) if code else ()
        made = shebaoka(
            "vault", "create", f"{level}.vault", "--level", level, "--name", "示例", *more, "-a", "3DES"
        )
        assert made.code == 0, made.err
    assert shebaoka("vault", "hand-down", "nation.vault", "province.vault").code == 0
    assert shebaoka("vault", "hand-down", "province.vault", "city.vault").code == 0
    rows = [f"{number},{name},{pin}" for (number, name), pin in zip(_checked(), PINS, strict=True)]
    Path("people.csv").write_text("社会保障号码,姓名,密码\n" + "\n".join(rows) + "\n", "utf-8")
    Path("product.toml").write_text(PRODUCT, "utf-8")
    Path("mapping.toml").write_text(MAPPING, "utf-8")
    made = shebaoka(
        "cards", "make", "people.csv", "-m", "mapping.toml", "-p", "product.toml", "--vault", "city.vault",
        "-o", "batch",
    )  # fmt: skip
    assert made.code == 0, made.out + made.err
    return Path("batch")


def _checked() -> list[tuple[str, str]]:
    from shebaoka.domain.citizen_id import check_digit

    return [(number[:17] + check_digit(number[:17]), name) for number, name in PEOPLE]


def letters(shebaoka: Shebaoka, *more: str | Path) -> Outcome:
    return shebaoka("cards", "pin-mailers", "batch", "--vault", "city.vault", "-o", "pins.pdf", *more)


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_letters_with_pins(shebaoka: Shebaoka, batch: Path) -> None:
    before = files(Path())
    done = letters(shebaoka)
    assert (done.code, done.err) == (0, "")
    assert done.out == "pins.pdf: 2 letters; print and seal them, then destroy the file\n"
    assert stat.S_IMODE(Path("pins.pdf").stat().st_mode) == 0o600
    pages = [page.extract_text().replace("\x00", "") for page in PdfReader("pins.pdf").pages]
    assert len(pages) == 2
    for page, name, pin in zip(pages, ("李样本", "张样本"), (PINS[0], PINS[2]), strict=True):
        assert name in page
        assert pin in page.replace("\n", "").replace(" ", "")
    after = files(Path())
    assert after.keys() - before.keys() == {Path("pins.pdf")}
    assert {path: after[path] for path in before} == before
    for path, content in before.items():
        if path.name != "people.csv":
            assert not any(pin.encode() in content for pin in PINS if pin), path
    assert not any(pin in done.out + done.err for pin in PINS if pin)


def test_some_lines_and_refusals(shebaoka: Shebaoka, batch: Path) -> None:
    assert "pins.pdf: 1 letters" in letters(shebaoka, "--first", "4").out
    assert "exists already" in letters(shebaoka).err
    Path("pins.pdf").unlink()
    before = files(Path())
    assert "has a PIN in these lines" in letters(shebaoka, "--first", "3", "--last", "3").err
    other = shebaoka("cards", "pin-mailers", "batch", "--vault", "province.vault", "-o", "pins.pdf")
    assert "the vault 示例 (98)'s" in other.err
    twin = Path("twin.vault")
    vault = SoftwareVault.create(twin, PASSPHRASE, Body(Level.CITY, "980100", "示例"), work=2)
    vault.import_test_key(
        KeyDefinition("TRANSPORT", "transport", Algorithm.TDES, exportable=False), bytes(range(16))
    )
    vault.save()
    wrong = shebaoka("cards", "pin-mailers", "batch", "--vault", twin, "-o", "pins.pdf")
    assert "row 2: the PIN does not open with this vault's transport key" in wrong.err
    twin.unlink()
    assert wrong.code == other.code == 2
    assert files(Path()) == before


def test_a_batch_is_not_resumed_for_another_delivery_of_blanks(shebaoka: Shebaoka, batch: Path) -> None:
    before = {path: path.read_bytes() for path in batch.rglob("*") if path.is_file()}
    again = (
        "cards",
        "make",
        "people.csv",
        "-m",
        "mapping.toml",
        "-p",
        "product.toml",
        "--vault",
        "city.vault",
    )
    refused = shebaoka(*again, "-o", batch, "--transport-version", "2")
    assert (refused.code, refused.out) == (2, "")
    assert "was prepared for blanks with transport key version 1, not 2" in refused.err
    assert {path: path.read_bytes() for path in batch.rglob("*") if path.is_file()} == before
    assert shebaoka(*again, "-o", batch, "--transport-version", "1").code == 0
