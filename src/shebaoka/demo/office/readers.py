"""A virtual reader on the computer of who tries the demonstration: its citizens' cards and blank ones, put in
by a click on the pages that use a card."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console

from shebaoka.card.card import blank_card
from shebaoka.chip.store import MemoryStore
from shebaoka.demo.office import deployment
from shebaoka.driver.dialects import dialects
from shebaoka.office.server.ports import free_port
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.spec.algorithm import Algorithm

VARIABLE = "SHEBAOKA_READER_PORT"
NAME = "演示读卡器"
_HOST = "127.0.0.1"
_BLANKS = 3


def usual_port() -> int:
    """That of the dialect the pages speak."""
    return dialects()["function"].port


def choose_port() -> int:
    """The port of the reader service: as set, or the usual one, or the next that is free; the pages of the
    office are told."""
    if VARIABLE not in os.environ:
        os.environ[VARIABLE] = str(free_port(_HOST, usual_port()))
    return int(os.environ[VARIABLE])


@contextmanager
def reader(folder: Path, office_port: int, console: Console) -> Iterator[None]:
    """Within, the reader service runs for the pages of the office on that port. Where it cannot, it says why,
    and the office does without."""
    from shebaoka.driver.service.server import PortBusyError

    port = choose_port()
    try:
        from shebaoka.driver.service.demonstration import demonstration_service

        names = (_HOST, "localhost")
        service = demonstration_service(
            [f"http://{name}:{office_port}" for name in names],
            {NAME: lambda: {**cards(), **blanks(folder)}},
            port=port,
        )
    except (PortBusyError, ImportError) as error:
        console.print(f"No virtual reader: {error}", soft_wrap=True)
        yield
        return
    with service:
        console.print(f"A virtual card reader is at ws://{_HOST}:{service.port}: cards go in by a click.")
        yield


def blanks(folder: Path) -> Mapping[str, Path]:
    """Blank chips for cards that are made at the counter."""
    place = deployment.office_of(folder) / "reader"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = {f"空白卡 {number}": place / f"blank-{number}.card" for number in range(1, _BLANKS + 1)}
    for path in found.values():
        if not path.exists():
            store = MemoryStore()
            blank_card(
                store, historical=bytes(13), algorithm=Algorithm.TDES, transport_key=TEST_TRANSPORT_KEY
            )
            store.save(path)
    return found


def cards() -> Mapping[str, Path]:
    """The cards that were made, by holder, number and state."""
    from django.db import connection

    from shebaoka.office.cards.models import Card
    from shebaoka.office.cards.production.listing import directory_of
    from shebaoka.office.cards.words import state_words
    from shebaoka.personalization.state import CARDS

    try:
        made = Card.objects.select_related("person", "batch").filter(plastic__in=("held", "gone", "outlet"))
        found: dict[str, Path] = {}
        for card in made.order_by("number")[:60]:
            if card.batch is None:
                continue
            path = directory_of(card.batch) / CARDS / f"{card.serial:08d}.card"
            if path.exists():
                who = card.person.name if card.person is not None else "–"
                found[f"{who} {card.number} ({state_words('social', card.social)})"] = path
        return found
    finally:
        connection.close()
