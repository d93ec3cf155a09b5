"""Sections of a page whose content is not a table."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from shebaoka.office.base.pieces import Piece, Say


@dataclass(frozen=True)
class Section(Piece):
    """A heading, and a piece or a text below it."""

    caption: Say
    content: Piece | str

    def __html__(self) -> SafeString:
        if isinstance(self.content, str):
            return format_html("<p>{}</p>", self.content)
        return self.content.__html__()
