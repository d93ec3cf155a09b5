"""``shebaoka custody``: what stations with vaults take from the office's registers and give to them."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.office import configuration
from shebaoka.cli.output import JsonOption, print_json, print_table

app = typer.Typer(
    no_args_is_help=True,
    help="The office's register of HSMs, for stations where vaults are: authorizations that the gate reads, "
    "certificates that expire.",
)


@app.command()
def authorizations(
    folder: Annotated[
        Path | None, typer.Argument(help="Where they are written; `authorizations` in the office's folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Write the authorization of every HSM in the register, and remove those of devices that have none any
    more. `authorization` in shebaoka.toml names such a file; a vault opens in production only with it."""
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.custody.gate import FOLDER, write_authorizations

        written = write_authorizations(folder or found.path / FOLDER)
    if as_json:
        print_json([str(path) for path in written])
        return
    for path in written:
        print(path)
    print(f"{len(written)} authorizations written; the gate refuses an expired one by name")


@app.command()
def certificates(as_json: JsonOption = False) -> None:
    """HSMs whose certificate expires soon or has expired. Exit code 1 when there is one."""
    found = configuration()
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found):
        setup()
        from shebaoka.office.custody.selectors.hsms import expiring
        from shebaoka.office.organizations.actor import system
        from shebaoka.office.organizations.choices import Channel, Kind
        from shebaoka.office.organizations.models import Organization

        roots = Organization.objects.filter(kind=Kind.MINISTRY, closed_on=None)
        rows = [
            (str(device), device.organization.name, str(last), left)
            for root in roots
            for device, last, left in expiring(system(root, Channel.COMMAND))
        ]
    if as_json:
        names = ("device", "organization", "expires", "days")
        print_json([dict(zip(names, row, strict=True)) for row in rows])
    else:
        cells = [(*row[:3], str(row[3])) for row in rows]
        print_table("Certificates that expire", ("device", "body", "valid until", "days left"), cells)
    if rows:
        raise typer.Exit(1)
