"""The folder that all sweeps start from."""

from collections.abc import Iterator

import pytest

from killed.moment import Moment, environment, prepare
from scan.house import House


@pytest.fixture(scope="package")
def moment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moment]:
    """Prepared once."""
    folder = tmp_path_factory.mktemp("killed")
    with House(folder, environment(), watched=False) as house:
        yield prepare(house, tmp_path_factory.mktemp("library") / "libsdf_stub.so")
