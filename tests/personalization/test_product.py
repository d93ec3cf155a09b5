from datetime import date
from pathlib import Path

import pytest

from personalization.support import product
from shebaoka.paper.media import Media
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.product import CardProduct, read_product
from shebaoka.personalization.stripe import check_pan, lrc, luhn_digit, social_pan, track2
from shebaoka.spec.algorithm import Algorithm


def test_a_product_file(tmp_path: Path) -> None:
    path = tmp_path / "product.toml"
    path.write_text(
        'name = "复合卡"\nlayout = "3.0"\nalgorithm = "SM4"\nmedia = "composite"\nstripe_until = 2027-12-31\n'
    )
    own = read_product(path)
    assert own == CardProduct(
        name="复合卡", layout="3.0", algorithm="SM4", media=Media.COMPOSITE, stripe_until=date(2027, 12, 31)
    )
    assert own.suite is Algorithm.SM4
    assert product().suite is Algorithm.TDES


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('name = "x"\nalgorithm = "SSF33"', "algorithm"),
        ('name = "x"\nvendor = "00"', "vendor"),
        ('name = "x"\ncolour = 1', "colour"),
        ("name = ", "malformed TOML"),
        ('name = "x"\npin_limit = 0', "pin_limit"),
        ('name = "x"\nstarting_day = "1301"', "starting_day"),
        ('name = "x"\n[face]\nseal = 3', "face.seal"),
    ],
)
def test_a_wrong_product_file_names_file_and_entry(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "product.toml"
    path.write_text(text)
    with pytest.raises(PersonalizationError, match=rf"product\.toml: .*{reason}"):
        read_product(path)
    with pytest.raises(PersonalizationError, match="cannot be read"):
        read_product(tmp_path / "absent.toml")


def test_the_stripe_ends() -> None:
    own = product(media=Media.COMPOSITE, stripe_until=date(2026, 1, 31))
    own.check(date(2026, 1, 31))
    with pytest.raises(PersonalizationError, match="the hidden stripe ended on 2026-01-31"):
        own.check(date(2026, 2, 1))
    with pytest.raises(PersonalizationError, match="needs stripe_until"):
        product(media=Media.COMPOSITE).check(date(2026, 1, 1))
    with pytest.raises(PersonalizationError, match="only composite"):
        product(media=Media.DUAL, stripe_until=date(2026, 1, 1)).check(date(2026, 1, 1))
    product(media=Media.DUAL).check(date(2099, 1, 1))


def test_track_2() -> None:
    track = track2("4111111111111111", date(2036, 1, 1), "980100")
    assert track[:-1] == ";4111111111111111=3601620980100?"
    columns = [ord(character) & 0x0F for character in track]
    for bit in range(4):
        assert sum(value >> bit & 1 for value in columns) % 2 == 0
    assert lrc(track) == "0"
    pan = social_pan(1)
    assert len(pan) == 19
    assert pan.startswith("915600000200000001")
    assert len(track2(social_pan(99_999_999), date(2036, 1, 1), "980100")) <= 40


@pytest.mark.parametrize(
    "pan", ["4111111111111112", "41111111111", "4111111111111111111111", "4111x11111111111"]
)
def test_a_wrong_pan_is_refused_without_being_repeated(pan: str) -> None:
    with pytest.raises(PersonalizationError) as caught:
        check_pan(pan)
    assert pan not in str(caught.value)
    with pytest.raises(PersonalizationError):
        track2(pan, date(2036, 1, 1), "980100")


@pytest.mark.parametrize("serial", [0, 100_000_000])
def test_serials_out_of_range_have_no_pan(serial: int) -> None:
    with pytest.raises(PersonalizationError):
        social_pan(serial)


def test_luhn_catches_every_wrong_digit() -> None:
    pan = "7992739871" + luhn_digit("7992739871") + "0"
    pan = pan[:-1] + luhn_digit(pan[:-1])
    check_pan(pan)
    for place in range(len(pan)):
        other = pan[:place] + str((int(pan[place]) + 1) % 10) + pan[place + 1 :]
        with pytest.raises(PersonalizationError):
            check_pan(other)


def test_the_chip_has_the_interface_of_its_medium() -> None:
    assert product(media=Media.DUAL).interface == "dual"
    assert product(media=Media.CONTACT).interface == "contact"
    assert product(media=Media.COMPOSITE, stripe_until=date(2030, 1, 1)).interface == "contact"
