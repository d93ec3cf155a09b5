"""A fixture's PIN and explicit keys do not show in its repr."""

from shebaoka.personalization.fixture_schema import Keys, Pin, PsamKey

PIN, KEY = "240913576802", "3AD1F00D5EC2E70042815FFE6B9C7710"


def test_reprs() -> None:
    things = (
        Pin(value=PIN),
        Keys(roots={"IRK": {"1": KEY}}, card={"STK": {"1": KEY}}),
        PsamKey(name="IRK", usage="67", id="08", value=KEY),
    )
    for thing in things:
        assert PIN not in repr([thing])
        assert KEY not in repr([thing])
