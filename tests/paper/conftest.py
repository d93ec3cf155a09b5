"""Paper is checked with the fonts that people get."""

from collections.abc import Iterator

import pytest

import fonts


@pytest.fixture(scope="package", autouse=True)
def _sheets_are_as_shipped() -> Iterator[None]:
    with fonts.as_shipped():
        yield
