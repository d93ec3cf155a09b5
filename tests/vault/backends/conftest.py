"""Back ends for the suite: one fixture, run for every back end and every algorithm it declares."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.model import MINISTRY, Body, KeyDefinition, KeyHandle, Vault
from shebaoka.vault.pkcs11.token import Token
from vault.backends import pairs
from vault.backends.benches import CASES, SDF, VENDOR_STRICT, BackendUnderTest, Libraries, bench
from vault.support import root_of

Make = Callable[[str], BackendUnderTest]


@dataclass(frozen=True)
class Case:
    """A back end and one of its algorithms. ``suite``: the key set the algorithm belongs to."""

    backend: BackendUnderTest
    algorithm: Algorithm

    @property
    def suite(self) -> Algorithm:
        return Algorithm.SM4 if self.algorithm is Algorithm.SM4 else Algorithm.TDES

    @property
    def strict(self) -> bool:
        return self.backend.name == VENDOR_STRICT

    def vault(self, owner: Body = MINISTRY) -> Vault:
        return self.backend.create(owner)

    def definition(self, name: str, scope: Scope = Scope.NATION, version: int = 1) -> KeyDefinition:
        return KeyDefinition(name, "update", self.algorithm, version, scope)

    def known(self, vault: Vault, name: str) -> tuple[KeyHandle, SoftwareCipher]:
        """The public test key of that name in the vault, and the same in software."""
        key = root_of(name, self.algorithm.key_size)
        return vault.import_test_key(self.definition(name), key), SoftwareCipher(self.algorithm, key)

    def same(self, one: bytes, other: bytes) -> bool:
        """Whether two key values are one key: tokens may set the parity bits of DES keys, no cipher looks
        at them."""
        mask = 0xFF if self.algorithm is Algorithm.SM4 else 0xFE
        return len(one) == len(other) and all(a & mask == b & mask for a, b in zip(one, other, strict=True))


@pytest.fixture(autouse=True)
def pairs_made_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spares the wait for RSA; test_carriers.py has it made by the tokens themselves."""
    monkeypatch.setattr(Token, "generate_pair", pairs.made_before)


@pytest.fixture
def make(tmp_path: Path, libraries: Libraries, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Makes benches, each in its folder, and closes them."""
    with contextlib.ExitStack() as stack:

        def made(name: str) -> BackendUnderTest:
            folder = tmp_path / name.replace(" ", "-")
            if name == SDF:
                monkeypatch.setenv("SHEBAOKA_SDF_STUB", str(folder / "device"))
            place = bench(name, folder, libraries)
            close = getattr(place, "close", None)
            if close is not None:
                stack.callback(close)
            return place

        yield made


def _id(value: tuple[str, Algorithm]) -> str:
    return f"{value[0]}-{value[1].label}".replace(" ", "-")


def only(*algorithms: Algorithm) -> pytest.MarkDecorator:
    """Runs a test for these algorithms of every back end."""
    chosen = [case for case in CASES if case[1] in algorithms]
    return pytest.mark.parametrize("case", chosen, indirect=True, ids=_id)


@pytest.fixture(params=CASES, ids=_id)
def case(request: pytest.FixtureRequest, make: Make) -> Case:
    name, algorithm = request.param
    return Case(make(name), algorithm)
