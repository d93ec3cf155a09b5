"""What higher parts of the office add to signing in; they register when the office starts."""

from collections.abc import Callable
from uuid import UUID

from shebaoka.office.people.models import Person

CARD: list[Callable[[Person, UUID, str], bool]] = []
"""Whether what a reader service answered, for the sign-in with that id, proves the person's card and PIN."""
