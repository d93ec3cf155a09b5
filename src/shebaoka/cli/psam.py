"""``shebaoka psam``: PSAMs, made by the ministry and filled level by level."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shebaoka.cli.blanks import TransportVersionOption, reader_cipher
from shebaoka.cli.carrier_slots import ReaderOption, RecordOption, journal_of
from shebaoka.cli.deployment import refuse_simulated
from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, print_json
from shebaoka.cli.psam_office import wipe_listed
from shebaoka.cli.slots import PsamOption, PsamReaderOption, Slots, TraceOption
from shebaoka.cli.vaults import open_named, vault_secret
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.blanks import Blank

if TYPE_CHECKING:
    from shebaoka.crypto.ciphers import BlockCipher

app = typer.Typer(
    no_args_is_help=True,
    help="Make PSAMs: the ministry makes one, then ministry, province and city each load their keys.",
)

app.command("wipe-listed")(wipe_listed)

_DAY = typer.Option(formats=["%Y-%m-%d"])


@app.command()
def make(
    terminal: Annotated[str, typer.Option(help="Terminal number: city code and six digits.")],
    vault: Annotated[Path, typer.Option(help="Key vault of the ministry, or its name in shebaoka.toml.")],
    image: Annotated[Path | None, typer.Argument(help="The image to write; left out for --reader.")] = None,
    reader: ReaderOption = None,
    expiry: Annotated[datetime, _DAY] = datetime(2099, 12, 31),
    seal: Annotated[bool, typer.Option(help="Seal the image under the vault's passphrase.")] = False,
    key_version: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=255,
            help="Key version that the PSAM publishes; the live one, with the active ones before it beside, "
            "when left out.",
        ),
    ] = None,
    beside: Annotated[
        list[int] | None,
        typer.Option(help="With --key-version: a further version it serves beside that one (repeatable)."),
    ] = None,
    transport_version: TransportVersionOption = None,
    record: RecordOption = None,
    trace: TraceOption = False,
) -> None:
    """Make a PSAM for a terminal of a city: the environments of the ciphers the ministry has keys for
    (3DES, SM4), their master keys and the loading keys KID-01 to KID-03. It holds no key for cards yet: see
    `load`. A blank chip in a reader obeys the transport key that `keys blanks psam` put in the vault."""
    from shebaoka.cli.psam_making import TEST_TRANSPORT_KEY, make_from_chip, make_image
    from shebaoka.personalization.psams import PsamOrder, suites_of
    from shebaoka.vault.card_records import CardRecords

    if (image is None) == (reader is None):
        raise UsageProblem("name the PSAM: a FILE for an image or --reader NAME for a PC/SC reader")
    if image is not None:
        refuse_simulated(f"{image} (a PSAM image)")
        if image.exists():
            raise UsageProblem(f"{image}: exists already; choose another name")
    elif seal:
        raise UsageProblem("--seal: seals an image; a chip in a reader has none")
    secret = vault_secret(vault)
    ministry = open_named(vault, secret)
    order = replace(
        PsamOrder.numbered(terminal, date.today(), expiry.date()),
        key_version=key_version,
        beside=tuple(beside or ()),
        suites=suites_of(ministry),
    )

    def transports(suite: Algorithm) -> "BlockCipher":
        return reader_cipher(ministry, Blank.PSAM, suite, transport_version, TEST_TRANSPORT_KEY)

    with Slots(trace) as slots, CardRecords(journal_of(vault, record), ministry.owner) as records:
        slot = None if reader is None else slots.psam(None, reader)
        if slot is not None:
            transports(order.suites[0])  # refused before anything is recorded
        if image is not None:
            make_image(image, order, ministry, secret if seal else None, records.note)
        elif slot is not None:
            make_from_chip(slot, order, ministry, transports, records.note)
    print(f"{image or reader}: PSAM {terminal}, without keys for cards")


@app.command()
def load(
    vault: Annotated[
        Path,
        typer.Option(help="Key vault of the level that loads its keys, or its name."),
    ],
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="Also sub-keys received from above, at this level (2x for a city)."),
    ] = False,
    extension: Annotated[
        list[Path] | None, typer.Option("--extension", help="Extension file with keys of its own (TOML).")
    ] = None,
    record: RecordOption = None,
    trace: TraceOption = False,
) -> None:
    """Load the keys of a level into a PSAM, under the level's loading key: its own roots, so that national
    keys open cards of the whole country (6x), provincial ones of the province (4x), city ones of the city
    (2x)."""
    from shebaoka.cli.psam_keys import load_keys
    from shebaoka.vault.card_records import CardRecords

    owner = open_named(vault)
    with Slots(trace) as slots, CardRecords(journal_of(vault, record), owner.owner) as records:
        reader = slots.psam(psam, psam_reader)
        if reader is None:
            raise UsageProblem(
                "name the PSAM: --psam FILE for an image or --psam-reader NAME for a PC/SC reader"
            )
        loaded = load_keys(reader, owner, tuple(extension or ()), everything=everything, note=records.note)
        for suite, count in loaded.items():
            print(f"{count} {suite.label} keys loaded by {owner.owner}")


@app.command()
def wipe(
    vault: Annotated[
        Path, typer.Option(help="Key vault of a level that loaded keys, a file or a name of shebaoka.toml.")
    ],
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    record: RecordOption = None,
    trace: TraceOption = False,
) -> None:
    """End the life of a PSAM: erase every key of it, for good. It can never be keyed again."""
    from shebaoka.cli.psam_keys import wipe_keys
    from shebaoka.vault.card_records import CardRecords

    owner = open_named(vault)
    with Slots(trace) as slots, CardRecords(journal_of(vault, record), owner.owner) as records:
        reader = slots.psam(psam, psam_reader)
        if reader is None:
            raise UsageProblem(
                "name the PSAM: --psam FILE for an image or --psam-reader NAME for a PC/SC reader"
            )
        if not yes:
            typer.confirm("Erase all keys of this PSAM for good?", abort=True, err=True)
        print(f"PSAM {wipe_keys(reader, owner, records.note)}: all keys erased; hand it in for destruction")


@app.command()
def show(
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    trace: TraceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Show what a PSAM says about itself: terminal number, levels, dates."""
    from shebaoka.cli.psam_keys import facts

    with Slots(trace) as slots:
        reader = slots.psam(psam, psam_reader)
        if reader is None:
            raise UsageProblem(
                "name the PSAM: --psam FILE for an image or --psam-reader NAME for a PC/SC reader"
            )
        told = facts(reader)
    if as_json:
        print_json(told)
        return
    for name, value in told.items():
        print(f"{name:16} {value}")
