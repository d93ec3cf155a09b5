"""Which sample card tests the keys of a ceremony, from the options of the command line."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.deployment import refuse_simulated
from shebaoka.cli.errors import UsageProblem
from shebaoka.spec.algorithm import Algorithm

if TYPE_CHECKING:
    from shebaoka.reader.base import Reader
    from shebaoka.vault.ceremony.samples import Sample

SampleTdesOption = Annotated[
    str | None,
    typer.Option("--sample-3des", help="PC/SC reader for the blank 3DES card that becomes the sample card."),
]
SampleSm4Option = Annotated[
    str | None,
    typer.Option("--sample-sm4", help="PC/SC reader for the blank SM4 card that becomes the sample card."),
]
NoSampleOption = Annotated[
    str | None,
    typer.Option("--no-sample", help="No test with a sample card, for this reason; it is recorded."),
]


def chosen_sample(tdes: str | None, sm4: str | None, reason: str | None, version: int | None) -> "Sample":
    """Cards in readers, none for a ``reason``, or simulated ones. ``version`` of the cards' transport key.
    Raises UsageProblem; GateError for simulated cards in production."""
    from shebaoka.personalization.sample_card import ReaderSample, SimulatedSample, Slot
    from shebaoka.vault.ceremony.samples import NoSample

    readers = {Algorithm.TDES: tdes, Algorithm.SM4: sm4}
    slots = {suite: Slot(name, partial(_open, name)) for suite, name in readers.items() if name is not None}
    if reason is not None:
        if slots:
            raise UsageProblem("--no-sample: there is a sample card in a reader, or none, not both")
        return NoSample(reason)
    if slots:
        return ReaderSample(slots, transport_version=version)
    refuse_simulated("the sample card without --sample-3des, --sample-sm4 or --no-sample")
    return SimulatedSample()


def _open(name: str) -> "Reader":
    from shebaoka.reader.pcsc import PcscReader

    return PcscReader(int(name) if name.isdecimal() else name)
