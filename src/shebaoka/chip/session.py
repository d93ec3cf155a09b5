"""Volatile security state: gone at reset. What survives what follows Part 5 §6.11.1 and decision K21."""

from shebaoka.chip.access import PIN_RIGHT
from shebaoka.chip.tree import Directory, File

__all__ = ["Session"]


class Session:
    """Where the outside world stands in the chip.

    ``rights`` holds identifiers of proven keys, the PIN right and the master right; ``local`` those of them
    that end when another directory is selected, ``regional`` those that end when the DDF is left;
    ``spent`` those used up, which end with the next challenge;
    ``verified`` are the DDFs whose PIN was verified, for which the PIN right comes back on return.
    ``challenge``: one slot, used once. ``record``: index of the current record or -1. ``fill``: next offset
    of raw filling. ``pending``: answer waiting for GET RESPONSE. ``transaction``: what an application
    prepared for its next command.
    """

    __slots__ = (
        "challenge",
        "directory",
        "file",
        "fill",
        "local",
        "pending",
        "record",
        "regional",
        "rights",
        "spent",
        "transaction",
        "verified",
    )

    def __init__(self, mf: Directory) -> None:
        self.directory = mf
        self.file: File | None = None
        self.record = -1
        self.fill = 0
        self.challenge: bytes | None = None
        self.rights: set[int] = set()
        self.local: set[int] = set()
        self.regional: set[int] = set()
        self.spent: set[int] = set()
        self.verified: set[int] = set()
        self.pending = b""
        self.transaction: object | None = None

    def enter(self, directory: Directory) -> None:
        """Select a directory: keeps everything but the file when it is the current one already."""
        self.set_file(None)
        self.challenge = None if directory is not self.directory else self.challenge
        self.transaction = None
        if directory is self.directory:
            return
        self.rights -= self.local
        self.local.clear()
        if directory.ddf is not self.directory.ddf:
            self.rights -= self.regional
            self.regional.clear()
            self.rights.discard(PIN_RIGHT)
            if directory.ddf.number in self.verified:
                self.rights.add(PIN_RIGHT)
        self.directory = directory

    def set_file(self, file: File | None) -> None:
        """Select an elementary file."""
        self.file = file
        self.record = -1
        self.fill = 0

    def grant(self, right: int, local: bool) -> None:
        """Add a right that ends with the selection of another directory (local) or of another DDF."""
        self.rights.add(right)
        (self.local if local else self.regional).add(right)

    def grant_pin(self, ddf: Directory) -> None:
        """The PIN of a DDF was verified: good until reset, everywhere in that DDF (Part 7 §5.8)."""
        self.verified.add(ddf.number)
        self.rights.add(PIN_RIGHT)

    def revoke_pin(self, ddf: Directory) -> None:
        """The PIN of a DDF was presented wrongly, or changed."""
        self.verified.discard(ddf.number)
        self.rights.discard(PIN_RIGHT)

    def new_challenge(self, challenge: bytes) -> None:
        """The latest challenge counts; rights that were used up end here."""
        self.challenge = challenge
        for right in self.spent:
            self.revoke(right)
        self.spent.clear()

    def revoke(self, right: int) -> None:
        """Take a right away."""
        self.rights.discard(right)
        self.local.discard(right)
        self.regional.discard(right)
