"""How the inside of a chip fails: a status word, or the power going away."""


class CardError(Exception):
    """A command ends with this status word and nothing changed; only :class:`Chip` catches it."""

    def __init__(self, sw: int) -> None:
        super().__init__(f"{sw:04X}")
        self.sw = sw


class PowerLost(Exception):  # noqa: N818 - an event of the outside world, not a mistake of the program
    """The chip has no power: torn at a write, switched off, or not reset since. Only ``reset`` helps."""
