"""Component letters and PIN mailers: a page each, what is on it and where, and what is refused."""

import io
from dataclasses import replace

import pypdf
import pypdfium2  # type: ignore[import-untyped]
import pytest

from shebaoka.paper.letters import ComponentLetter, PinMailer, component_letters_pdf, pin_mailers_pdf

COMPONENT = "0123456789ABCDEF13579BDF02468ACE"
LETTER = ComponentLetter(
    "示例甲 (K-01)", "密钥保管人 A", "RS-2026-001", "RS-2026-001/A-001", "KID-01 v1 SM4", 1, 2,
    COMPONENT, "8CA64D",
)  # fmt: skip
MAILER = PinMailer(
    "测试张三", ("示例甲省示例甲市", "示例路 1 号"), "示例甲市人社局", "PM-000001", "A00000011", "735920"
)
MM = 72 / 25.4
THIRD = 297 / 3


def texts(pdf: bytes) -> list[str]:
    return [page.extract_text().replace("\x00", "") for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def heights(pdf: bytes, text: str) -> list[float]:
    """How far from the upper edge, in mm, each place of a text is."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        leaf = document[0]
        page = leaf.get_textpage()
        search, found = page.search(text), []
        while (place := search.get_next()) is not None:
            found.append((leaf.get_height() - page.get_charbox(place[0])[3]) / MM)
        return found
    finally:
        document.close()


@pytest.fixture(scope="module")
def letter() -> bytes:
    return component_letters_pdf([LETTER])


def test_a_letter_has_its_component_once_in_the_middle_third(letter: bytes) -> None:
    (text,) = texts(letter)
    for part in ("示例甲 (K-01)", "密钥保管人 A", "KID-01 v1 SM4", "8CA64D", "RS-2026-001/A-001"):
        assert part in text
    groups = [COMPONENT[start : start + 4] for start in range(0, 32, 4)]
    for group in groups:
        places = [height for height in heights(letter, group) if THIRD < height < 2 * THIRD]
        assert len(places) == 1
    assert max(heights(letter, "示例甲 (K-01)")) < THIRD


def test_the_figures_around_it_depend_on_the_serial_only(letter: bytes) -> None:
    """They would give the component away if they were made from it."""
    other = component_letters_pdf([replace(LETTER, component=COMPONENT[::-1])])
    outside = [[line for line in texts(pdf)[0].splitlines() if len(line) >= 60] for pdf in (letter, other)]
    assert outside[0] == outside[1]
    assert len("".join(outside[0])) > 2000
    assert component_letters_pdf([LETTER]) == letter


def test_a_mailer_has_the_pin_and_the_end_of_the_card_number_only() -> None:
    pdf = pin_mailers_pdf([MAILER])
    (text,) = texts(pdf)
    assert "测试张三" in text
    assert "示例路 1 号" in text
    assert "0011" in text
    assert "A0000001" not in text
    middle = [line for line in text.splitlines() if len(line) < 60]
    assert "735920" in "".join(middle).replace(" ", "")


def test_a_page_for_each(letter: bytes) -> None:
    pdf = component_letters_pdf([LETTER, replace(LETTER, serial="RS-2026-001/A-002", component="00FF" * 4)])
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) == 2
    assert {(round(float(page.mediabox.width)), round(float(page.mediabox.height))) for page in pages} == {
        (595, 842)
    }


@pytest.mark.parametrize("component", ["", "XYZ0" * 8, "012"])
def test_a_component_that_is_none_is_refused_without_being_repeated(component: str) -> None:
    with pytest.raises(ValueError, match="letter RS-2026-001/A-001: the component is not in hex") as refused:
        component_letters_pdf([replace(LETTER, component=component)])
    assert not component or component not in str(refused.value).replace(LETTER.serial, "")


@pytest.mark.parametrize("pin", ["", "123", "12345678901234567", "12a456", "１２３４５６"])
def test_a_pin_that_is_none_is_refused_without_being_repeated(pin: str) -> None:
    with pytest.raises(ValueError, match="mailer PM-000001: a PIN has 4 to 16 digits") as refused:
        pin_mailers_pdf([replace(MAILER, pin=pin)])
    assert not pin or pin not in str(refused.value).replace("PM-000001", "")


def test_secrets_are_in_no_representation() -> None:
    assert COMPONENT not in repr(LETTER)
    assert "735920" not in repr(MAILER)
