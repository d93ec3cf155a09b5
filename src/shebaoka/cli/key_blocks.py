"""``shebaoka keys export-block`` and ``import-block``: vault keys as TR-31 key blocks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.slots import pin
from shebaoka.cli.vaults import open_named
from shebaoka.spec.algorithm import Algorithm

if TYPE_CHECKING:
    from shebaoka.crypto.tr31.protection import AesKey
    from shebaoka.vault.model import Body, KeyDefinition, KeyHandle, Vault

_COMPONENT = "SHEBAOKA_COMPONENT_"
_ALGORITHMS = {"3DES": Algorithm.TDES, "DES": Algorithm.DES, "SM4": Algorithm.SM4}

VaultArgument = Annotated[Path, typer.Argument(help="The vault: a file or a name of shebaoka.toml.")]
ProtectionOption = Annotated[
    str | None,
    typer.Option("--protection", help="The vault's key of usage key-block-protection: NAME or NAME:VERSION."),
]
ComponentsOption = Annotated[
    int | None,
    typer.Option(
        "--components", min=2, max=9, help="Protect with an AES key from this many components, typed in hex."
    ),
]
AlgorithmOption = Annotated[str, typer.Option("--algorithm", "-a", help="3DES, DES or SM4.")]


def export_block(
    path: VaultArgument,
    key: Annotated[str, typer.Argument(help="The key: NAME or NAME:VERSION.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The file for the block.")],
    protection: ProtectionOption = None,
    components: ComponentsOption = None,
    algorithm: AlgorithmOption = "3DES",
    to: Annotated[
        str | None,
        typer.Option(help="The sub-key for this body: two digits of a province, six of a city."),
    ] = None,
) -> None:
    """Export a key as a TR-31 key block, for another HSM or for the body below (--to)."""
    from shebaoka.vault.key_blocks import export_block as export

    _check_choice(protection, components)
    if output.exists():
        raise UsageProblem(f"{output}: exists already; choose another name")
    vault = open_named(path)
    handle = _find(vault, key, _algorithm(algorithm))
    block = export(vault, handle, _protection(vault, protection, components), _body(to) if to else None)
    with output.open("x", encoding="ascii") as file:
        file.write(block + "\n")
    print(f"{output}: {handle.name} v{handle.version} {handle.algorithm.label}, block of version {block[0]}")


def import_block(
    path: VaultArgument,
    block: Annotated[Path, typer.Argument(help="The file with the block.")],
    protection: ProtectionOption = None,
    components: ComponentsOption = None,
    key: Annotated[
        str | None,
        typer.Option("--as", help="What key it is when the block does not say: NAME or NAME:VERSION."),
    ] = None,
    usage: Annotated[str, typer.Option(help="Usage of the key given with --as.")] = "update",
    algorithm: AlgorithmOption = "3DES",
) -> None:
    """Take the key of a TR-31 key block into a vault: roots of this body, or sub-keys from the body above."""
    from shebaoka.vault.key_blocks import import_block as take

    _check_choice(protection, components)
    text = block.read_bytes()[:20_000].decode("ascii", "replace")
    vault = open_named(path)
    expected = None if key is None else _definition(vault, key, usage, _algorithm(algorithm))
    handle = take(vault, text, _protection(vault, protection, components), expected)
    vault.save()
    print(f"{path}: {handle.name} v{handle.version} {handle.algorithm.label}, check value {handle.kcv}")


def add_commands(app: typer.Typer) -> None:
    """Adds both commands to ``shebaoka keys``."""
    app.command("export-block")(export_block)
    app.command("import-block")(import_block)


def _check_choice(protection: str | None, components: int | None) -> None:
    if (protection is None) == (components is None):
        raise UsageProblem("say what protects the block: --protection NAME or --components NUMBER")


def _protection(vault: "Vault", name: str | None, components: int | None) -> "KeyHandle | AesKey":
    if name is not None:
        wanted = _named(name)
        for handle in vault.handles():
            if (handle.name, handle.version) == wanted:
                return handle
        raise UsageProblem(f"the vault of {vault.owner} holds no {name}; see `shebaoka vault show`")
    return _aes_key(components or 2)


def _aes_key(count: int) -> "AesKey":
    """AES from components; its check value is shown on the error stream for the custodians to compare."""
    from shebaoka.crypto.ciphers import xor
    from shebaoka.crypto.tr31.protection import AesKey

    parts = [_component(number, count) for number in range(1, count + 1)]
    if len({len(part) for part in parts}) != 1 or len(parts[0]) not in (16, 24, 32):
        raise UsageProblem("the components of an AES key all have 32, 48 or 64 hex digits")
    if len(set(parts)) != count:
        raise UsageProblem("two components are the same; each custodian brings one of his own")
    key = parts[0]
    for part in parts[1:]:
        key = xor(key, part)
    made = AesKey(key)
    typer.echo(f"protection key: check value {made.encrypt(bytes(16))[:3].hex().upper()}", err=True)
    return made


def _component(number: int, count: int) -> bytes:
    typed = pin(f"Component {number} of {count} of the AES key (hex)", variable=f"{_COMPONENT}{number}")
    try:
        return bytes.fromhex(typed)
    except ValueError:
        raise UsageProblem(f"component {number} is not hex; type 32, 48 or 64 hex digits") from None


def _named(key: str) -> tuple[str, int]:
    name, _, version = key.partition(":")
    if version and not (version.isascii() and version.isdigit()):
        raise UsageProblem(f"{key}: write NAME or NAME:VERSION, such as UK1DF01:2")
    return name, int(version or "1")


def _find(vault: "Vault", key: str, algorithm: Algorithm) -> "KeyHandle":
    name, version = _named(key)
    return vault.find(name, version, algorithm)


def _definition(vault: "Vault", key: str, usage: str, algorithm: Algorithm) -> "KeyDefinition":
    from shebaoka.spec.model import Scope
    from shebaoka.vault.blanks import NAMES, blank_definition
    from shebaoka.vault.model import KeyDefinition

    name, version = _named(key)
    for blank, own in NAMES.items():
        if name == own:
            return blank_definition(vault, blank, algorithm, version)
    return KeyDefinition(name, usage, algorithm, version, Scope(vault.owner.level.value))


def _body(text: str) -> "Body":
    from shebaoka.vault.model import Body, Level

    return Body(Level.PROVINCE if len(text) == 2 else Level.CITY, text, text)


def _algorithm(name: str) -> Algorithm:
    known = _ALGORITHMS.get(name.upper())
    if known is None:
        raise UsageProblem(f"--algorithm {name}: choose 3DES, DES or SM4")
    return known
