"""The answer to "do I need a password to use my card?": the guide's table, use by use."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.regions import RULES
from shebaoka.domain.card_secrets import Needed, Pin, Secret, password_required, said, secrets


@pytest.mark.parametrize(
    ("use", "needed", "secret"),
    [
        ("show-card", Needed.NO, None),
        ("records", Needed.YES, "enquiry"),
        ("records-phone", Needed.NO, None),
        ("records-counter", Needed.NO, None),
        ("records-machine", Needed.YES, "pin"),
        ("business-machine", Needed.YES, "pin"),
        ("register-hospital", Needed.YES, "pin"),
        ("settle-pool", Needed.YES, "pin"),
        ("pay-account", Needed.YES, "pin"),
        ("settle-elsewhere", Needed.IF_SET, "pin"),
        ("load-account", Needed.YES, "pin"),
        ("cash", Needed.YES, "bank"),
        ("transfer", Needed.YES, "bank"),
        ("purchase", Needed.YES, "bank"),
        ("deposit", Needed.NO, None),
        ("activate", Needed.NO, "pin"),
        ("activate-bank", Needed.NO, "bank"),
        ("report-loss", Needed.YES, "enquiry"),
        ("report-loss-phone", Needed.NO, None),
        ("report-loss-counter", Needed.NO, None),
        ("show-code", Needed.YES, "electronic"),
        ("register-work", Needed.NO, None),
        ("change-details", Needed.YES, "pin"),
    ],
)
def test_the_table_for_a_card_with_a_pin(use: str, needed: Needed, secret: Secret | None) -> None:
    answer = password_required(use, replace(RULES, pin_at_settlement=True), Pin.SET)
    assert (answer.needed, answer.secret) == (needed, secret)


def test_every_use_of_the_data_is_in_the_table() -> None:
    parameters = test_the_table_for_a_card_with_a_pin.pytestmark[0].args[1]  # type: ignore[attr-defined]
    assert {row[0] for row in parameters} == secrets().uses.keys()


def test_a_card_without_pin_is_asked_for_none() -> None:
    assert password_required("pay-account", RULES, Pin.NONE).needed is Needed.NO


def test_a_blocked_pin_first_goes_to_the_counter() -> None:
    answer = password_required("pay-account", RULES, Pin.BLOCKED)
    assert (answer.needed, answer.reason) == (Needed.REFUSED, "pin-blocked")
    assert password_required("change-details", RULES, Pin.BLOCKED).reason == "document"


def test_an_initial_pin_spends_only_where_the_region_says_so() -> None:
    strict, soft = replace(RULES, initial_pin_spends=False), replace(RULES, initial_pin_spends=True)
    assert password_required("pay-account", strict, Pin.INITIAL).reason == "pin-initial"
    assert password_required("pay-account", soft, Pin.INITIAL).needed is Needed.YES
    assert password_required("business-machine", soft, Pin.INITIAL).reason == "pin-initial"
    assert password_required("records-machine", strict, Pin.INITIAL).needed is Needed.YES


def test_the_region_decides_about_settlement_and_accounts() -> None:
    assert (
        password_required("settle-pool", replace(RULES, pin_at_settlement=False), Pin.SET).needed is Needed.NO
    )
    assert password_required("cash", replace(RULES, financial=False)).reason == "no-bank"
    assert password_required("records", replace(RULES, enquiry_initial="real-name")).reason == "real-name"


@given(st.sampled_from(sorted(secrets().uses)), st.sampled_from(list(Pin)), st.booleans(), st.booleans())
def test_there_is_always_an_answer_with_words(use: str, pin: Pin, financial: bool, settles: bool) -> None:
    answer = password_required(use, replace(RULES, financial=financial, pin_at_settlement=settles), pin)
    assert answer.reason in secrets().reasons
    assert answer.secret is None or answer.secret in secrets().secrets
    if pin is not Pin.UNKNOWN and answer.secret == "pin" and use != "settle-elsewhere":
        assert answer.needed is not Needed.IF_SET


def test_no_use_asks_for_two_and_the_enquiry_password_opens_nothing_but_the_portal() -> None:
    for key, use in secrets().uses.items():
        if password_required(key, RULES, Pin.SET).secret == "enquiry":
            assert use.places == ("online",)


def test_the_words_name_the_regions_values() -> None:
    words = secrets().secrets["pin"]
    told = said(words.recover, replace(RULES, pin_tries=6))
    assert "6" in told.zh
    assert "6" in told.en
    assert "6" in told.es
    for secret in secrets().secrets.values():
        for text in (secret.form, secret.set, secret.change, secret.recover):
            assert "{" not in said(text, RULES).zh + said(text, RULES).en + said(text, RULES).es
