"""Where higher parts say what stands against a change of a person, and what follows from one.

Functions of ``BEFORE_MERGING`` raise Refusal (the entry that goes has a live card). Parts add theirs when the
office starts (``AppConfig.ready``)."""

from collections.abc import Callable, Sequence

from shebaoka.office.organizations.acts import Act
from shebaoka.office.people.models import Person

BEFORE_MERGING: list[Callable[[Person, Person], None]] = []
"""The entry that stays, the one that goes."""

AFTER_CHANGE: list[Callable[[Act, Person, Sequence[str]], None]] = []
"""A person changed, with the places of the card whose values may differ now (``SSSE.EF06.09``): updates of
cards in use are queued there. ``died_on`` and ``merged_into`` come as names of columns."""
