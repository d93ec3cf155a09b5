"""``shebaoka keys blanks``: the chip maker's transport key of blank chips comes into a vault."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.slots import pin
from shebaoka.cli.vaults import open_named
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.blanks import Blank
from shebaoka.vault.model import VaultError

if TYPE_CHECKING:
    from shebaoka.crypto.ciphers import BlockCipher
    from shebaoka.vault.model import Vault

COMPONENT = "SHEBAOKA_COMPONENT_"
_SUITES = {"3DES": Algorithm.TDES, "SM4": Algorithm.SM4}

TransportVersionOption = Annotated[
    int | None,
    typer.Option(
        "--transport-version",
        min=1,
        max=255,
        help="Which delivery's transport key; the live one when left out.",
    ),
]


def blanks(
    kind: Annotated[Blank, typer.Argument(help="What the blanks are made into.")],
    vault: Annotated[
        Path,
        typer.Option("--vault", help="Vault of the body that makes them: a file or a name of shebaoka.toml."),
    ],
    components: Annotated[int, typer.Option(min=2, max=9, help="How many components the maker sent.")] = 2,
    kcv: Annotated[str | None, typer.Option(help="Check value the maker told; another is refused.")] = None,
    version: Annotated[
        int, typer.Option(min=1, max=255, help="1 for the first delivery; the next when the key changes.")
    ] = 1,
    algorithm: Annotated[
        list[str] | None, typer.Option("--algorithm", "-a", help="3DES, SM4; both when left out.")
    ] = None,
) -> None:
    """Bring the transport key of blank cards, PSAMs or carriers into the vault, from the maker's components.
    They are asked for, typed hidden, or taken from SHEBAOKA_COMPONENT_1 and so on."""
    from shebaoka.vault.blanks import bring_in

    unknown = [name for name in algorithm or () if name.upper() not in _SUITES]
    if unknown:
        raise UsageProblem(f"--algorithm {unknown[0]}: choose 3DES or SM4")
    own = open_named(vault)
    suites = [_SUITES[name.upper()] for name in algorithm or ()]
    suites = suites or [suite for suite in _SUITES.values() if suite in own.algorithms]
    parts = [_component(number, components) for number in range(1, components + 1)]
    for handle in bring_in(own, kind, suites, parts, version=version, kcv=kcv):
        print(f"{handle.name:17} v{handle.version}  {handle.algorithm.label:4}  KCV {handle.kcv}")


def reader_cipher(
    vault: "Vault", blank: Blank, suite: Algorithm, version: int | None, test_key: bytes
) -> "BlockCipher":
    """The transport key of a blank chip in a reader: of the vault, or, outside production, where it has
    none, the public ``test_key`` of simulated chips. Raises VaultError."""
    from shebaoka.crypto.ciphers import SoftwareCipher
    from shebaoka.vault.blanks import blank_cipher
    from shebaoka.vault.model import KeyNotFoundError

    try:
        return blank_cipher(vault, blank, suite, version)
    except KeyNotFoundError:
        if vault.production or version not in (None, 1):
            raise
    return SoftwareCipher(suite, test_key)


def _component(number: int, count: int) -> bytes:
    typed = pin(f"Component {number} of {count} of the transport key (hex)", variable=f"{COMPONENT}{number}")
    try:
        return bytes.fromhex(typed)
    except ValueError:
        raise VaultError(f"component {number} is not hex; type 32 hex digits") from None
