"""Sign-ins of the demonstration: their codes are those of RFC 6238, their file is its user's alone."""

import stat
from base64 import b32encode
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from shebaoka.demo.office.accounts import Account, AccountError, code_of, find, read, seconds_left, write

SECRET = b32encode(b"12345678901234567890").decode()
ONE = Account("DEMO-N01", "示例", ("organizations.key-custodian",), "示例部", "A-PASSWORD-HERE", SECRET)


@pytest.mark.parametrize(
    ("at", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"),
     (2000000000, "279037"), (20000000000, "353130")],
)  # fmt: skip
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert code_of(SECRET, at) == code
    assert ONE.code(at) == code


def test_a_code_is_shown_for_thirty_seconds() -> None:
    assert code_of(SECRET, 60) == code_of(SECRET, 89.9) != code_of(SECRET, 90)
    assert [seconds_left(at) for at in (60, 61.5, 89)] == [30, 29, 1]


def test_the_address_says_what_an_application_needs() -> None:
    parts = urlsplit(ONE.uri)
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert unquote(parts.path) == "/Shebaoka demo:DEMO-N01"
    asked = {"secret": [SECRET], "issuer": ["Shebaoka demo"], "digits": ["6"], "period": ["30"]}
    assert parse_qs(parts.query) == asked


def test_they_are_kept_for_their_user_alone(tmp_path: Path) -> None:
    file = write(tmp_path, [ONE])
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read(tmp_path) == [ONE]
    assert find(read(tmp_path), " demo-n01") == ONE
    with pytest.raises(AccountError, match="DEMO-N02: not among the sign-ins of the demonstration: DEMO-N01"):
        find([ONE], "DEMO-N02")
    file.write_text("[{}]")
    with pytest.raises(AccountError, match="not as the demonstration wrote it"):
        read(tmp_path)


def test_secrets_do_not_show_in_its_name() -> None:
    assert repr(ONE) == str(ONE) == "<account DEMO-N01>"
