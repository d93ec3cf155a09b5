"""What is done about cards in the background: batches, releases that are due, the blacklist kept fresh."""

from uuid import UUID

from shebaoka.office.base.jobs import job


@job("cards.batch.prepare", retries=5)
def prepare(batch: str) -> None:
    """Numbers of an approved batch."""
    from shebaoka.office.cards.production import run

    run.prepare(UUID(batch))


@job("cards.batch.make", retries=5)
def make(batch: str) -> None:
    """The cards of a started batch, or of one whose worker died."""
    from shebaoka.office.cards.production import run

    run.make(UUID(batch))
