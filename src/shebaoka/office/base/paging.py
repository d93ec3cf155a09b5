"""Long lists in pages: ``{{ table }}{{ pages }}`` where the view made both from :func:`page_of`, or from
:func:`stretch_of` when there may be too many to count."""

from collections.abc import Iterator
from typing import Generic, TypeVar

from django.core.paginator import Page, Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from shebaoka.office.base.pieces import Piece

M = TypeVar("M", bound=Model)
SIZE = 50
_FARTHEST = 1000


class Pages(Piece, Generic[M]):
    """The rows of one page; in a template the links to the others, nothing when there is one page only."""

    template = "base/pieces/pages.html"

    def __init__(self, request: HttpRequest, page: Page[M], name: str) -> None:
        self.request, self.page, self.name = request, page, name

    def __iter__(self) -> Iterator[M]:
        return iter(self.page.object_list)

    def _address(self, number: int) -> str:
        query = self.request.GET.copy()
        query[self.name] = str(number)
        return f"?{query.urlencode()}"

    @property
    def before(self) -> str:
        """The address of the page before, empty for none."""
        return self._address(self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def after(self) -> str:
        """The address of the next page, empty for none."""
        return self._address(self.page.next_page_number()) if self.page.has_next() else ""


def page_of(request: HttpRequest, found: QuerySet[M], name: str = "page", size: int = SIZE) -> Pages[M]:
    """The page of ``found`` that the address asks for by ``name``; a number out of range is the last page."""
    return Pages(request, Paginator(found, size).get_page(request.GET.get(name)), name)


class Stretch(Pages[M]):
    """The rows of one page of a list nobody counts: there is a next page when a row more is there."""

    template = "base/pieces/stretch.html"

    def __init__(self, request: HttpRequest, found: QuerySet[M], name: str, size: int) -> None:
        self.request, self.name = request, name
        number = request.GET.get(name, "1")
        self.number = min(int(number), _FARTHEST) if number.isascii() and number.isdigit() else 1
        self.number = max(self.number, 1)
        start = (self.number - 1) * size
        rows = list(found[start : start + size + 1])
        self.rows, self.more = rows[:size], len(rows) > size

    def __iter__(self) -> Iterator[M]:
        return iter(self.rows)

    @property
    def before(self) -> str:
        """The address of the page before, empty for none."""
        return self._address(self.number - 1) if self.number > 1 else ""

    @property
    def after(self) -> str:
        """The address of the next page, empty for none."""
        return self._address(self.number + 1) if self.more and self.number < _FARTHEST else ""


def stretch_of(request: HttpRequest, found: QuerySet[M], name: str = "page", size: int = SIZE) -> Stretch[M]:
    """The page of ``found`` that the address asks for by ``name``."""
    return Stretch(request, found, name, size)
