"""What is done about cards in the background: batches, releases that are due, the blacklist kept fresh."""

from contextlib import suppress
from uuid import UUID

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.jobs import job
from shebaoka.office.cards import selectors, services
from shebaoka.office.cards.production import run
from shebaoka.office.cards.tallying import tally
from shebaoka.office.organizations.actor import system


@job("cards.batch.prepare", retries=5)
def prepare(batch: str) -> None:
    """Numbers of an approved batch."""
    run.prepare(UUID(batch))


@job("cards.batch.make", retries=5)
def make(batch: str) -> None:
    """The cards of a started batch, or of one whose worker died."""
    run.make(UUID(batch))


@job("cards.batch.tidy", retries=5)
def tidy(batch: str) -> None:
    """The list of people of a batch that others make."""
    run.tidy(UUID(batch))


@job("cards.losses.expire", cron="*/10 * * * *")
def expire() -> None:
    """Temporary loss reports whose days are over (自动解挂)."""
    for card in selectors.losses_to_expire(clock.now()):
        with suppress(Refusal):
            services.loss_expire(system(card.organization), card=card.pk)


@job("cards.dead.cancel", cron="20 17 * * *")
def cancel_dead() -> None:
    """Cards of people who died."""
    for card in selectors.cards_of_the_dead():
        with suppress(Refusal):
            services.card_cancel_dead(system(card.organization), card=card.pk)


@job("cards.blacklist.publish", cron="50 * * * *")
def publish() -> None:
    """Blacklists before they are stale."""
    for body in selectors.lists_to_publish(clock.now()):
        services.blacklist_publish(system(body), organization=body)


@job("cards.tally", cron="*/10 * * * *")
def count() -> None:
    """Cards by state, for the dashboard of a large register."""
    tally()
