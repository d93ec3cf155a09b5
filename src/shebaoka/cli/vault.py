"""``shebaoka vault``: key vaults of ministry, province and city."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.output import JsonOption, print_json, print_table
from shebaoka.cli.vaults import create_named, open_named
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Level

app = typer.Typer(
    no_args_is_help=True,
    help="Key vaults: files, or names of shebaoka.toml (tokens, devices). Secrets are asked for, or taken "
    "from SHEBAOKA_PASSPHRASE or where the settings say.",
)

SuiteOption = Annotated[
    list[str] | None, typer.Option("--algorithm", "-a", help="3DES, SM4; both when left out.")
]
ExtensionOption = Annotated[list[Path] | None, typer.Option("--extension", help="Extension file (TOML).")]


@app.command()
def create(
    path: Annotated[Path, typer.Argument(help="The vault file to make, or a name of shebaoka.toml.")],
    level: Annotated[Level, typer.Option(help="Whose vault it is.")],
    name: Annotated[str, typer.Option(help="Name of the body.")],
    code: Annotated[
        str, typer.Option(help="Two digits of a province, six of a city; empty for the ministry.")
    ] = "",
    algorithm: SuiteOption = None,
    extension: ExtensionOption = None,
    empty: Annotated[
        bool, typer.Option("--empty", help="Without keys: they are made in a ceremony (`keys ceremony`).")
    ] = False,
) -> None:
    """Make a vault and the roots of its level: national keys at the ministry, provincial keys at a province,
    keys of self-extended files and card master keys at a city."""
    from shebaoka.cli.vault_roots import set_up
    from shebaoka.vault.model import Body

    suites = _suites(algorithm)
    vault = create_named(path, body := Body(level, code, name))
    if not empty:
        able = suites if algorithm else [suite for suite in suites if suite in vault.algorithms]
        set_up(vault, able, extension or [])
        vault.save()
    print(f"{path}: vault of {body} with {len(vault.handles())} keys")


@app.command("hand-down")
def hand_down(
    parent: Annotated[Path, typer.Argument(help="The vault above.")],
    child: Annotated[Path, typer.Argument(help="The vault just below it.")],
) -> None:
    """Derive the sub-keys of CHILD's body from PARENT's keys and place them in CHILD."""
    from shebaoka.vault import hierarchy

    above, below = open_named(parent), open_named(child)
    handles = hierarchy.hand_down(above, below)
    below.save()
    print(f"{child}: {len(handles)} sub-keys received from {above.owner}")


@app.command()
def show(path: Annotated[Path, typer.Argument(help="The vault.")], as_json: JsonOption = False) -> None:
    """List the keys of a vault by name, version and check value. Never shows a key."""
    vault = open_named(path)
    if as_json:
        print_json(
            {
                "owner": {"level": vault.owner.level, "code": vault.owner.code, "name": vault.owner.name},
                "keys": [
                    {
                        "id": handle.id,
                        "name": handle.name,
                        "usage": handle.usage,
                        "version": handle.version,
                        "algorithm": handle.algorithm.label,
                        "level": handle.level,
                        "parent": handle.parent,
                        "kcv": handle.kcv,
                        "exportable": handle.exportable,
                        "test_only": handle.test_only,
                    }
                    for handle in vault.handles()
                ],
            }
        )
        return
    rows = [
        (h.name, str(h.version), h.algorithm.label, str(h.level), h.kcv, h.parent or "own root")
        for h in vault.handles()
    ]
    print_table(
        f"Vault of {vault.owner}", ("key", "version", "algorithm", "level", "KCV", "comes from"), rows
    )


def _suites(names: list[str] | None) -> tuple[Algorithm, ...]:
    from shebaoka.cli.errors import UsageProblem

    known = {"3DES": Algorithm.TDES, "SM4": Algorithm.SM4}
    unknown = [name for name in names or () if name.upper() not in known]
    if unknown:
        raise UsageProblem(f"--algorithm {unknown[0]}: choose 3DES or SM4")
    return tuple(known[name.upper()] for name in names) if names else tuple(known.values())
