"""Parameters as a value for the pure rules."""

from office.country import Country
from office.parameters.deciding import put
from shebaoka.office.parameters.region_rules import key_of, names, region_rules
from shebaoka.spec.parameters import parameters


def test_every_rule_of_cards_and_passwords_is_in_the_value() -> None:
    keys = {key for key in parameters() if key.startswith(("cards.", "enquiry."))}
    electronic = {key for key in keys if key.startswith("cards.electronic-")}
    assert {key_of(name) for name in names()} == keys - electronic - {
        "cards.issued-to",
        "cards.blacklist-hours",
        "cards.site-encryption",
        "enquiry.agency-address",
        "enquiry.idle-minutes",
        "enquiry.majority-age",
        "enquiry.mandate-days",
        "enquiry.session-minutes",
    }


def test_the_value_follows_the_regions_decisions(country: Country) -> None:
    city, other = country.organizations["980100"], country.organizations["990100"]
    put(country, "980100", "cards.pin-tries", 3)
    put(country, "980000", "enquiry.initial", "real-name")
    found = region_rules(city)
    assert (found.region, found.pin_tries, found.enquiry_initial) == ("980100", 3, "real-name")
    assert (region_rules(other).pin_tries, region_rules(other).financial) == (6, True)
