"""The access log of key rooms: in and out, never alone."""

from collections.abc import Sequence
from uuid import UUID

from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import PlaceKind
from shebaoka.office.custody.models import RoomVisit
from shebaoka.office.custody.services.common import own_body, person, place_of, words
from shebaoka.office.organizations.acts import Act, service


@service("custody.room.enter")
def room_enter(
    act: Act, *, organization: str, place: str, persons: Sequence[str], purpose: str, visitors: str = ""
) -> RoomVisit:
    """They go in. ``persons``: staff numbers, two at least; ``visitors``: others, by name and unit. Raises
    Refusal ``custody.never-alone``, ``custody.no-room``, ``custody.already-inside``."""
    body = own_body(act, organization)
    room = place_of(body, place)
    if room.kind != PlaceKind.ROOM:
        raise Refusal("custody.no-room", name=room.name)
    numbers = sorted(set(persons))
    if len(numbers) < 2 or act.actor.staff is None:
        raise Refusal("custody.never-alone")
    inside = {
        who for stay in RoomVisit.objects.filter(organization=body, left_at=None) for who in stay.persons
    }
    for number in numbers:
        person(body, number)
        if number in inside:
            raise Refusal("custody.already-inside", number=number)
    made = RoomVisit.objects.create(
        organization=body,
        place=room,
        persons=numbers,
        visitors=" ".join(visitors.split())[:200],
        purpose=words(purpose),
        entered_at=act.time,
        entered_by=act.actor.staff,
    )
    act.about(made, place=room.code, persons=numbers)
    return made


@service("custody.room.leave")
def room_leave(act: Act, *, organization: str, visit: UUID, remark: str = "") -> RoomVisit:
    """They have all left. Raises Refusal ``custody.left-already``."""
    body = own_body(act, organization)
    found = RoomVisit.objects.select_for_update().filter(organization=body, pk=visit).first()
    if found is None:
        raise Refusal("base.not-found", what=str(visit))
    if found.left_at is not None:
        raise Refusal("custody.left-already")
    found.left_at, found.left_by, found.remark = act.time, act.actor.staff, " ".join(remark.split())[:200]
    found.save(update_fields=["left_at", "left_by", "remark"])
    act.about(found, persons=found.persons)
    return found
