"""Rows of pre-made cards (预制卡): nobody's yet, so that a row says at most which account the bank opened.

All keys and what the issuer knows go onto the card; every record of a person stays blank until the card is
bound at a counter."""

from collections.abc import Sequence

from shebaoka.personalization.fillers import Cells
from shebaoka.personalization.mapping import PAN
from shebaoka.personalization.report import Kind, Problem
from shebaoka.personalization.rows import Person
from shebaoka.personalization.stripe import check_pan
from shebaoka.personalization.targets import RecordPlan
from shebaoka.spec.model import CardLayout


class NobodyEncoder:
    """Stands where a :class:`~shebaoka.personalization.rows.RowEncoder` does. ``columns``: of the list;
    only ``bank_pan`` is looked at."""

    number_column = ""

    def __init__(self, columns: Sequence[str], layout: CardLayout) -> None:
        self.plan = RecordPlan.of(layout)
        self._blank = [b""] * len(self.plan.places)
        self._pan = columns.index(PAN) if PAN in columns else -1

    def encode(self, row: int, cells: Cells) -> tuple[Person, list[Problem]]:
        """A card without a person, and what is wrong with its account."""
        card = Person(row, self._blank.copy())
        text = cells[self._pan].strip() if self._pan >= 0 else ""
        if text:
            try:
                check_pan(text)
            except ValueError as error:
                advice = "correct the cell; its value is not repeated here"
                return card, [Problem(row, PAN, Kind.FORMAT, str(error), advice)]
            card.pan = text
        return card, []
