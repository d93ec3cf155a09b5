"""``shebaoka psam``: PSAM images, made by the ministry and filled level by level."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.carrier_slots import RecordOption, journal_of
from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, print_json
from shebaoka.cli.psam_office import wipe_listed
from shebaoka.cli.slots import PsamOption, PsamReaderOption, Slots, TraceOption
from shebaoka.cli.vaults import open_named, vault_secret

app = typer.Typer(
    no_args_is_help=True,
    help="Make PSAMs: the ministry makes one, then ministry, province and city each load their keys.",
)

app.command("wipe-listed")(wipe_listed)

_DAY = typer.Option(formats=["%Y-%m-%d"])
_TEST_TRANSPORT_KEY = b"TEST_ONLY-PSAM-T"


@app.command()
def make(
    image: Annotated[Path, typer.Argument(help="The image to write.")],
    terminal: Annotated[str, typer.Option(help="Terminal number: city code and six digits.")],
    vault: Annotated[Path, typer.Option(help="Key vault of the ministry, or its name in shebaoka.toml.")],
    expiry: Annotated[datetime, _DAY] = datetime(2099, 12, 31),
    seal: Annotated[bool, typer.Option(help="Seal the image under the vault's passphrase.")] = False,
    key_version: Annotated[int, typer.Option(help="Key version that the PSAM publishes.")] = 1,
    beside: Annotated[
        list[int] | None,
        typer.Option(help="A further key version it serves beside that one (repeatable)."),
    ] = None,
    record: RecordOption = None,
) -> None:
    """Make a PSAM for a terminal of a city: both environments (3DES and SM4), their master keys and the
    loading keys KID-01 to KID-03. It holds no key for cards yet: see `load`."""
    from shebaoka.chip.store import MemoryStore
    from shebaoka.cli.deployment import refuse_simulated
    from shebaoka.crypto.ciphers import SoftwareCipher
    from shebaoka.personalization.psam_contents import made_keys
    from shebaoka.personalization.psams import PsamOrder, make_psam
    from shebaoka.psam.psam import blank_psam
    from shebaoka.reader.in_process import InProcessReader
    from shebaoka.vault.card_records import CardRecords
    from shebaoka.vault.contents import Act

    refuse_simulated(f"{image} (a PSAM image)")
    if image.exists():
        raise UsageProblem(f"{image}: exists already; choose another name")
    secret = vault_secret(vault)
    ministry = open_named(vault, secret)
    order = replace(
        PsamOrder.numbered(terminal, date.today(), expiry.date()),
        key_version=key_version,
        beside=tuple(beside or ()),
    )
    store = MemoryStore()
    chip = blank_psam(
        store, historical=order.historical, algorithm=order.suites[0], transport_key=_TEST_TRANSPORT_KEY
    )
    reader = InProcessReader(chip)
    reader.reset()
    with CardRecords(journal_of(vault, record), ministry.owner) as records:
        records.note(Act.FILLED, made_keys(ministry, order.suites, terminal, datetime.now(UTC)))
    make_psam(reader, order, ministry, lambda suite: SoftwareCipher(suite, _TEST_TRANSPORT_KEY))
    reader.close()
    store.save(image, secret if seal else None)
    print(f"{image}: PSAM {terminal}, without keys for cards")


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
