"""What an application brings to a chip: its commands and the issuer data objects it understands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from shebaoka.chip.command import Entry, Table

if TYPE_CHECKING:
    from shebaoka.chip.chip import Chip

DataObject: TypeAlias = Callable[["Chip", bytes], None]


@dataclass(frozen=True, slots=True)
class Application:
    """``kind``: as in the first line of an image. ``data_objects``: PUT DATA tag to what stores it."""

    kind: str
    commands: tuple[Entry, ...]
    data_objects: Mapping[int, DataObject] = field(default_factory=dict)
    table: Table = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "table", Table(self.commands))
