"""The photo of a person, cut for the card's face and its chip, and her fingerprints (V2 §8.1.3, §8.1.4)."""

from uuid import UUID

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import store
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.people.models import Person
from shebaoka.office.people.reasons import photo_flaw
from shebaoka.office.people.services.common import person_locked
from shebaoka.office.people.services.noting import changed
from shebaoka.paper.photo import PhotoError, chip_photo, face_photo, open_photo

FINGERPRINTS = 0x300
"""Bytes of the card's file EF07."""


@service("people.photo.keep")
def photo_keep(act: Act, *, person: UUID, content: bytes) -> Person:
    """A photo (JPEG, PNG or BMP): kept as it came, as 20 x 25 mm for the face, and in at most 4096 bytes for
    the chip. Raises Refusal ``people.photo-unfit``."""
    found = person_locked(act, person)
    try:
        image = open_photo(content)
        face, chip = face_photo(image), chip_photo(image)
    except PhotoError as error:
        raise Refusal("people.photo-unfit", why=photo_flaw(error.flaw)) from None
    found.photo, found.photo_face, found.photo_chip = store(content), store(face), store(chip)
    found.photo_on = clock.today()
    found.save(update_fields=["photo", "photo_face", "photo_chip", "photo_on"])
    changed(act, found, ("photo_chip",))
    act.about(found, sha256=found.photo, chip_bytes=len(chip))
    return found


@service("people.fingerprints.keep")
def fingerprints_keep(act: Act, *, person: UUID, content: bytes) -> Person:
    """Templates of two fingers as a reader gives them, at most :data:`FINGERPRINTS` bytes. Raises Refusal
    ``people.fingerprints-unfit``."""
    found = person_locked(act, person)
    if not 0 < len(content) <= FINGERPRINTS:
        raise Refusal("people.fingerprints-unfit", most=FINGERPRINTS)
    found.fingerprints = store(content)
    found.save(update_fields=["fingerprints"])
    changed(act, found, ("fingerprints",))
    act.about(found)
    return found
