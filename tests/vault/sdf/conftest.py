"""The stub device: compiled once, a folder of its own for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from vault.sdf.bench import Bench
from vault.sdf.stub.build import build, missing


@pytest.fixture(scope="session")
def sdf_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library with all functions."""
    if problem := missing():
        pytest.skip(problem)
    return build(tmp_path_factory.mktemp("sdf") / "libsdf_stub.so")


@pytest.fixture(scope="session")
def standard_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library with the functions of the standard only: no SDF_ImportKey."""
    if problem := missing():
        pytest.skip(problem)
    return build(tmp_path_factory.mktemp("sdf") / "libsdf_standard.so", "WITHOUT_IMPORT_KEY")


@pytest.fixture
def bench(sdf_library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    """A device with KEK 1 and its vaults, closed afterwards."""
    place = Bench(sdf_library, tmp_path)
    monkeypatch.setenv("SHEBAOKA_SDF_STUB", str(place.device))
    yield place
    place.faults()
    place.close()
