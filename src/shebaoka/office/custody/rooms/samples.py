"""What the keys of a ceremony at the desk are proved to: blank cards in readers of the server, simulated
ones (never in production), or none with the reason."""

from collections.abc import Mapping
from functools import partial

from django.conf import settings

from shebaoka.office.base.errors import Refusal
from shebaoka.personalization.sample_card import ReaderSample, SimulatedSample, Slot
from shebaoka.reader.base import Reader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.ceremony.samples import NoSample, Sample, SampleKind
from shebaoka.vault.ceremony.script import CeremonyError


def sample_of(kind: str, readers: Mapping[Algorithm, str], reason: str) -> Sample:
    """The test. ``readers``: names or numbers of PC/SC readers by cipher. Raises Refusal
    ``custody.sample``."""
    match kind:
        case SampleKind.CARD if any(readers.values()):
            return ReaderSample({suite: Slot(name, partial(_open, name)) for suite, name in readers.items()})
        case SampleKind.SIMULATED if not settings.PRODUCTION:
            return SimulatedSample()
        case SampleKind.NONE:
            try:
                return NoSample(reason)
            except CeremonyError:
                raise Refusal("custody.say-why") from None
    raise Refusal("custody.sample")


def _open(name: str) -> Reader:
    from shebaoka.reader.pcsc import PcscReader

    return PcscReader(int(name) if name.isdecimal() else name)
