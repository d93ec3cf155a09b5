"""``shebaoka cards``: making cards."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.blanks import TransportVersionOption
from shebaoka.cli.output import JsonOption, print_json
from shebaoka.cli.vaults import vault_secret

app = typer.Typer(no_args_is_help=True, help="Make cards from a list of people.")


@app.callback()
def _cards() -> None:
    pass


@app.command()
def make(
    people: Annotated[Path, typer.Argument(help="The list: CSV, Excel (.xlsx) or fixed width.")],
    mapping: Annotated[Path, typer.Option("--mapping", "-m", help="Which column goes to which item (TOML).")],
    product: Annotated[Path, typer.Option("--product", "-p", help="The card product (TOML).")],
    vault: Annotated[
        Path,
        typer.Option("--vault", help="Key vault of the issuing city, a file or a name of shebaoka.toml."),
    ],
    folder: Annotated[Path, typer.Option("--folder", "-o", help="The batch: everything is written here.")],
    register: Annotated[
        Path | None,
        typer.Option(help="Register of numbers of the city; beside the vault when left out."),
    ] = None,
    issued: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day of issue; today when left out.")
    ] = None,
    extension: Annotated[
        list[Path] | None, typer.Option("--extension", help="Extension file of the city (TOML).")
    ] = None,
    reissue: Annotated[bool, typer.Option(help="People who have a card get a further one.")] = False,
    check_only: Annotated[bool, typer.Option("--check-only", help="Check the list and stop.")] = False,
    seal: Annotated[bool, typer.Option(help="Seal the card images under the vault's passphrase.")] = False,
    reader: Annotated[
        str | None,
        typer.Option("--reader", "-r", help="Make real cards in this PC/SC reader, one after the other."),
    ] = None,
    transport_version: TransportVersionOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check a list of people and make a card for every good row.

    Bad rows are reported in validation.csv and never stop good ones. When the command was killed, call it
    again with the same folder: it goes on, and no card is lost or made twice. Exit 1 when rows were refused
    or cards failed.
    """
    from shebaoka.cli.batch import Job, carry_out
    from shebaoka.cli.deployment import refuse_simulated

    if reader is None and not check_only:
        refuse_simulated("cards without --reader")
    job = Job(
        people=people,
        mapping=mapping,
        product=product,
        vault=vault,
        secret=vault_secret(vault),
        folder=folder,
        register=register or vault.with_suffix(".numbers"),
        issued=issued.date() if issued else date.today(),
        extensions=tuple(extension or ()),
        reissue=reissue,
        check_only=check_only,
        seal=seal,
        reader=reader,
        transport=transport_version,
    )
    result = carry_out(job, quiet=as_json)
    if as_json:
        print_json(result.as_json())
    else:
        result.print()
    if not result.all_made:
        raise typer.Exit(1)


@app.command()
def faces(
    batch: Annotated[Path, typer.Argument(help="Folder of the batch.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The PDF to write, two pages a card.")],
    photos: Annotated[
        Path | None, typer.Option(help="Folder with NUMBER.jpg in print quality; else the chip's pictures.")
    ] = None,
    first: Annotated[int | None, typer.Option(help="First line of the list.")] = None,
    last: Annotated[int | None, typer.Option(help="Last line of the list.")] = None,
    preview: Annotated[
        bool, typer.Option(help="Show chip, hidden stripe and trim, which a print never does.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Card faces of a batch as a PDF, front and back, from what the chips gave back.

    Faces with a character that the font lacks, or without a usable photo, are queued in faces-held.csv
    instead of printed. Exit 1 when some are held.
    """
    from shebaoka.cli.batch import write_faces

    lines = range(first or 0, last + 1 if last is not None else 2**31)
    result = write_faces(batch, output, photos, lines, preview=preview)
    if as_json:
        held = [{"row": h.row, "card_number": h.card_number, "reasons": list(h.reasons)} for h in result.held]
        print_json({"pdf": str(output), "printed": len(result.ready), "held": held})
    else:
        print(f"{output}: {len(result.ready)} cards on {2 * len(result.ready)} pages")
        if result.held:
            print(f"{len(result.held)} held, with the reasons: {batch / 'faces-held.csv'}")
    if result.held:
        raise typer.Exit(1)


@app.command("pin-mailers")
def pin_mailers(
    batch: Annotated[Path, typer.Argument(help="Folder of the batch.")],
    vault: Annotated[
        Path,
        typer.Option("--vault", help="Key vault of the issuing city, a file or a name of shebaoka.toml."),
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="The PDF to write, a page a card.")],
    first: Annotated[int | None, typer.Option(help="First line of the list.")] = None,
    last: Annotated[int | None, typer.Option(help="Last line of the list.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Letters with the initial PINs for the cards of a batch that are made. PINs stand nowhere else.

    The PDF is readable by you alone (0600): print it, seal the letters, destroy it.
    """
    from shebaoka.cli.batch import write_pin_mailers

    lines = range(first or 0, last + 1 if last is not None else 2**31)
    count = write_pin_mailers(batch, vault, output, lines)
    if as_json:
        print_json({"pdf": str(output), "letters": count})
    else:
        print(f"{output}: {count} letters; print and seal them, then destroy the file")
