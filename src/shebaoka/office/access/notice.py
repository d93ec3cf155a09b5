"""The notice of responsibilities (Q-5): its versions, and the record that a holder was told (PW-07)."""

from functools import cache
from pathlib import Path

import msgspec

from shebaoka.office.access.choices import Medium, Occasion
from shebaoka.office.access.models import Notice
from shebaoka.office.base import clock
from shebaoka.office.base.catalogue import Words
from shebaoka.office.people.models import Person
from shebaoka.spec.loading import read_toml


@cache
def versions() -> dict[str, Words]:
    """Every version, the one in force last."""
    return msgspec.convert(read_toml(Path(__file__).with_name("notice.toml")), dict[str, Words])


def in_force() -> tuple[str, Words]:
    """The version a holder is told now, and its text."""
    return list(versions().items())[-1]


def note(
    person: Person, occasion: Occasion, medium: Medium, *, accepted: bool = False, proof: str = ""
) -> Notice:
    """Records that she was told, within the act that is going on."""
    version, _ = in_force()
    return Notice.objects.create(
        person=person,
        version=version,
        occasion=occasion,
        medium=medium,
        accepted=accepted,
        proof=proof[:120],
        at=clock.now(),
    )
