"""A reader service for a demonstration in one process: virtual readers, one page, no pairing, no PC/SC."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from shebaoka.driver.device import Opener
from shebaoka.driver.dialects import dialects
from shebaoka.driver.profile import Language, Profile
from shebaoka.driver.service.conversation import Shared
from shebaoka.driver.service.gate import Gate
from shebaoka.driver.service.pairing import PairingDesk, Pairings
from shebaoka.driver.service.readers import ReaderSet
from shebaoka.driver.service.server import ReaderService
from shebaoka.driver.service.virtual import Images, VirtualReader, card_images
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader


def demonstration_service(
    origin: str | Sequence[str],
    cards: Mapping[str, Path | Images],
    *,
    psam: Path | None = None,
    port: int | None = None,
    language: Language = "zh",
) -> ReaderService:
    """A running service for the pages of ``origin``, one or several; the caller stops it.

    ``cards``: by reader name an image, a folder of images (TEST_ONLY), or what looks for them; ``psam``: the
    image of a PSAM; ``port``: the usual one when None, a free one when 0. The page need not be paired: no
    real card can be in these readers. Raises PortBusyError, GateError, VirtualReaderError, ImageError.
    """
    slot: Opener | None = None
    if psam is not None:
        chip = open_chip(psam)
        slot = lambda: InProcessReader(chip)  # noqa: E731 - a slot, opened anew for every call
    pairings = Pairings(None)
    readers = [
        VirtualReader(name, card_images(place) if isinstance(place, Path) else place)
        for name, place in cards.items()
    ]
    origins = (origin,) if isinstance(origin, str) else tuple(origin)
    dialect = dialects()["function"]
    shared = Shared(
        gate=Gate(origins, unpaired=origins, relays=origins),
        pairings=pairings,
        desk=PairingDesk(pairings, lambda origin, name, code: None),
        readers=ReaderSet(readers, pcsc=False, psam=slot),
        dialect=dialect,
        profile=Profile(language=language),
    )
    return ReaderService(shared, dialect.port if port is None else port)
