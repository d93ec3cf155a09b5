"""What higher parts of the office know and do about incidents; they register when the office starts.

# custody/apps.py, ready():
hooks.AFFECTED.append(keys_of_a_lost_carrier)      # (incident) -> AffectedItems, [] for other incidents
hooks.ROTATIONS.append(rotation_of_lost_keys)      # (actor, incident) -> references of what it began
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shebaoka.office.incidents.choices import AffectedKind
from shebaoka.office.incidents.models import Incident
from shebaoka.office.organizations.actor import Actor


@dataclass(frozen=True, slots=True)
class AffectedItem:
    """Something an incident touches. ``reference``: its number in its register, never a secret; ``name``: as
    people know it; ``source``: the part of the office that says so."""

    kind: AffectedKind
    reference: str
    name: str
    source: str = ""


AFFECTED: list[Callable[[Incident], Iterable[AffectedItem]]] = []
"""Each gives what an incident touches, from its kind and subject; called when it is opened and on demand."""

ROTATIONS: list[Callable[[Actor, Incident], Iterable[str]]] = []
"""Each begins the change of the affected keys it is responsible for; called within the act that asks."""
