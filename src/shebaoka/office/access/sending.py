"""Messages to a registered telephone: a sender as an interface, and one that writes files.

A message leaves after the transaction that made it, by a thread of its own, so that nobody can tell from the
time whether there was a telephone to send to."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.db import transaction

from shebaoka.office.base.ids import new_id


class Sender(Protocol):
    """Sends ``text`` to ``phone`` and gives the proof of delivery. Raises OSError."""

    def __call__(self, phone: str, text: str) -> str:
        """The proof of delivery."""
        ...


def to_file(phone: str, text: str) -> str:
    """Writes the message into the folder ``messages`` of the office, for its owner alone (0600), until a
    gateway of messages is set up."""
    folder = Path(settings.MEDIA_ROOT) / "messages"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{new_id()}.txt"
    with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"{phone}\n{text}\n")
    return name


SENDER: list[Sender] = [to_file]
"""The one in use, the last; a deployment appends its own when the office starts."""
at_once = False
"""Whether messages leave in the thread that made them."""
_threads = ThreadPoolExecutor(2, thread_name_prefix="message")


def send(phone: str, text: str, delivered: Callable[[str], object] = lambda _: None) -> None:
    """Sends after the transaction; nothing for an empty number. ``delivered`` is told the proof."""
    if phone and at_once:
        _deliver(phone, text, delivered)
    elif phone:
        transaction.on_commit(lambda: _threads.submit(_deliver, phone, text, delivered))


def _deliver(phone: str, text: str, delivered: Callable[[str], object]) -> None:
    delivered(SENDER[-1](phone, text))
