"""Libraries that vault tests share: SoftHSM, the vendor token over it, the SDF device stub."""

from functools import cache
from pathlib import Path

import pytest

from vault.backends.benches import Libraries
from vault.pkcs11 import softhsm
from vault.pkcs11.stub import build as vendor_stub
from vault.sdf.stub import build as sdf_stub


def _needed(problem: str) -> None:
    if problem:
        pytest.skip(problem)


@pytest.fixture(scope="session")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Libraries:
    """Each is prepared when first asked for."""

    @cache
    def hsm() -> str:
        _needed(softhsm.missing())
        softhsm.prepare(tmp_path_factory.mktemp("softhsm"))
        return softhsm.library()

    @cache
    def vendor() -> str:
        _needed(vendor_stub.missing())
        return str(vendor_stub.build(tmp_path_factory.mktemp("vendor") / "libvendor_token.so", hsm()))

    @cache
    def sdf() -> Path:
        _needed(sdf_stub.missing())
        return sdf_stub.build(tmp_path_factory.mktemp("sdf-suite") / "libsdf_stub.so")

    return Libraries(hsm, vendor, sdf)
