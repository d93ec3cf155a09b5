"""Acts of the office at the reader: a PSAM on its destruction list is wiped and recorded in one."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.office import configuration
from shebaoka.cli.slots import PsamOption, PsamReaderOption, Slots, TraceOption, pin
from shebaoka.cli.vaults import open_named

if TYPE_CHECKING:
    from shebaoka.office.organizations.actor import Actor

PASSWORD, CODE = "SHEBAOKA_STAFF_PASSWORD", "SHEBAOKA_STAFF_CODE"


def wipe_listed(
    serial: Annotated[str, typer.Argument(help="Serial number, 20 digits, on a destruction list.")],
    vault: Annotated[
        Path, typer.Option(help="Key vault of a level that loaded keys, a file or a name of shebaoka.toml.")
    ],
    staff: Annotated[
        str, typer.Option(help="Staff number of who does it, with a staff session begun at the desk.")
    ],
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    trace: TraceOption = False,
) -> None:
    """Erase the keys of a PSAM on the office's destruction list, see that they are gone, and record it there.
    Asks for password and code of the authenticator. After an interruption: again."""
    found = configuration()
    owner = open_named(vault)
    from shebaoka.office.server.prepare import running_database, setup

    with running_database(found), Slots(trace) as slots:
        setup()
        from shebaoka.office.base.errors import Refusal
        from shebaoka.office.psams.chip import wiper
        from shebaoka.office.psams.services import psam_wipe

        reader = slots.psam(psam, psam_reader)
        if reader is None:
            raise UsageProblem(
                "name the PSAM: --psam FILE for an image or --psam-reader NAME for a PC/SC reader"
            )
        try:
            psam_wipe(_signed_in(staff), serial=serial, wiper=wiper(reader, owner))
        except Refusal as refusal:
            raise UsageProblem(str(refusal)) from None
    typer.echo(f"PSAM {serial}: all keys erased and recorded; destroy the chip, then record the certificate")


def _signed_in(number: str) -> "Actor":
    """Who acts, by password and authenticator. Raises Refusal."""
    from shebaoka.office.organizations.actor import actor_of
    from shebaoka.office.organizations.choices import Channel
    from shebaoka.office.organizations.services import second_factor_totp, sign_in

    password = pin(f"Password of {number}", variable=PASSWORD)
    begun = sign_in(number=number, password=password, channel=Channel.COMMAND)
    code = pin("Code of the authenticator", variable=CODE)
    return actor_of(second_factor_totp(begun.pk, code=code, channel=Channel.COMMAND), Channel.COMMAND)
