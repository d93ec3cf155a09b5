"""The writers of storage places."""

import msgspec

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import PlaceKind
from shebaoka.office.custody.models import StoragePlace
from shebaoka.office.custody.services.common import own_body, place_of, words
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.two_persons import two_persons


class NewPlace(msgspec.Struct, frozen=True):
    """A safe, cabinet or machine room of ``organization`` (its code)."""

    organization: str
    code: str
    name: str
    kind: str
    address: str


class PlaceClosing(msgspec.Struct, frozen=True):
    """A place that is used no more."""

    organization: str
    code: str


@two_persons("custody.place.add", NewPlace, rehearsed=True)
def place_add(act: Act, new: NewPlace) -> StoragePlace:
    """A new place. Raises Refusal ``custody.code-taken``."""
    body = own_body(act, new.organization)
    code = words(new.code).upper()
    if StoragePlace.objects.filter(organization=body, code=code).exists():
        raise Refusal("custody.code-taken", number=code)
    if new.kind not in PlaceKind.values:
        raise Refusal("base.not-found", what=new.kind)
    made = StoragePlace.objects.create(
        organization=body, code=code, name=words(new.name), kind=new.kind, address=words(new.address)
    )
    act.about(made, code=code, kind=new.kind)
    return made


@two_persons("custody.place.close", PlaceClosing, rehearsed=True)
def place_close(act: Act, closing: PlaceClosing) -> StoragePlace:
    """The end of a place. Raises Refusal ``custody.place-in-use`` while something lies there."""
    body = own_body(act, closing.organization)
    place = StoragePlace.objects.select_for_update().get(pk=place_of(body, closing.code).pk)
    devices = place.hsms.exclude(status="destroyed")
    if place.carriers.exists() or devices.exists() or place.envelopes.exists():
        raise Refusal("custody.place-in-use", number=place.code)
    place.closed_on = clock.today()
    place.save(update_fields=["closed_on"])
    act.about(place, code=place.code)
    return place
