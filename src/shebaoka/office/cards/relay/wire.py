"""What page and deed say to each other."""

from typing import Literal

import msgspec

LONGEST = 4096
"""Bytes of a message: 261 bytes of a command in hex, and what is around."""


class Order(msgspec.Struct, frozen=True):
    """To the page. ``number`` counts orders from 1; ``do``: what the reader service is asked, ``wait`` to
    come again, ``over`` to stop; ``command``: an APDU in hex."""

    do: Literal["power", "transmit", "release", "wait", "over"]
    number: int = 0
    command: str = ""

    def __repr__(self) -> str:
        return f"<order {self.number}: {self.do}>"


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Of the page: what came of order ``number`` (0: nothing yet), in hex; or its trouble."""

    number: int = 0
    answer: str = ""
    trouble: str = ""

    def __repr__(self) -> str:
        return f"<told of {self.number}>"


class Knock(msgspec.Struct, frozen=True):
    """At the socket: who comes, and what it tells."""

    owner: str
    told: Told
