"""``shebaoka carriers``: key carriers as chips, and keys travelling on them."""

from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.blanks import TransportVersionOption, reader_cipher
from shebaoka.cli.carrier_slots import (
    ImageOption,
    MotherOption,
    MotherReaderOption,
    ReaderOption,
    RecordOption,
    TransmissionOption,
    TransmissionReaderOption,
    blank_image,
    journal_of,
    slot,
)
from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, print_json, print_table
from shebaoka.cli.slots import pin
from shebaoka.cli.vaults import open_named
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.model import Level

app = typer.Typer(
    no_args_is_help=True,
    help="Key carriers: master control card, mother card, transmission card. PINs are asked for, or taken "
    "from SHEBAOKA_PIN, SHEBAOKA_MOTHER_PIN and SHEBAOKA_TRANSMISSION_PIN.",
)

VaultOption = Annotated[
    Path, typer.Option("--vault", help="Key vault of the body: a file or a name of shebaoka.toml.")
]
SuiteOption = Annotated[str, typer.Option("--algorithm", "-a", help="SM4 or 3DES.")]


@app.command()
def keys(vault: VaultOption, algorithm: SuiteOption = "SM4") -> None:
    """Make what a body needs to issue carriers: its roots of issuer and transport keys, and at the ministry
    the control key. Keys already there are left alone."""
    from shebaoka.carriers.keys import set_up_carriers

    own = open_named(vault)
    handles = set_up_carriers(own, _suite(algorithm))
    own.save()
    for handle in handles:
        print(f"{handle.name:11} {handle.algorithm.label}  KCV {handle.kcv}")


@app.command()
def issue(
    kind: Annotated[str, typer.Argument(help="master-control, mother or transmission.")],
    vault: VaultOption,
    level: Annotated[Level, typer.Option(help="Level of the body that gets the carrier.")],
    code: Annotated[str, typer.Option(help="Its code: two digits of a province, six of a city.")],
    name: Annotated[str, typer.Option(help="Its name.")],
    serial: Annotated[str, typer.Option(help="Serial number of the carrier, 16 digits.")],
    image: ImageOption = None,
    reader: ReaderOption = None,
    uses: Annotated[int, typer.Option(help="How many uses the carrier has.")] = 3,
    tries: Annotated[int, typer.Option(help="Wrong PINs in a row that lock it, 3 to 6.")] = 3,
    seal: Annotated[str, typer.Option(help="Number of the seal of its envelope.")] = "",
    algorithm: SuiteOption = "SM4",
    transport_version: TransportVersionOption = None,
    record: RecordOption = None,
) -> None:
    """Issue a carrier for the body just below. An image that does not exist is made first, as a blank
    simulated carrier; so are its keys test keys: it is marked TEST_ONLY. A blank chip in a reader obeys the
    transport key that `keys blanks carrier` brought into the vault."""
    from datetime import date

    from shebaoka.carriers.identity import Identity
    from shebaoka.carriers.issue import issue_carrier
    from shebaoka.cli.carrier_slots import TEST_TRANSPORT_KEY
    from shebaoka.crypto.ciphers import BlockCipher, SoftwareCipher
    from shebaoka.vault.blanks import Blank
    from shebaoka.vault.card_records import CardRecords
    from shebaoka.vault.model import Body

    suite = _suite(algorithm)
    own = open_named(vault)
    identity = Identity(
        kind,
        serial,
        own.owner,
        Body(level, code, name),
        suite,
        date.today(),
        seal,
        test_only=image is not None,
    )
    if reader is None:
        transport: BlockCipher = SoftwareCipher(suite, TEST_TRANSPORT_KEY)
    else:
        transport = reader_cipher(own, Blank.CARRIER, suite, transport_version, TEST_TRANSPORT_KEY)
    secret = pin(f"New PIN of the {kind} card", confirm=True)
    if image is not None and not image.exists():
        blank_image(image, kind, serial, suite)
    with (
        slot(image, reader, "--image", "--reader") as card,
        CardRecords(journal_of(vault, record), own.owner) as records,
    ):
        issued = issue_carrier(
            card, own, identity, secret, uses, transport, pin_limit=tries, note=records.note
        )
    print(f"{issued}: issued by {own.owner}, {uses} uses")


@app.command()
def control(
    vault: VaultOption,
    image: ImageOption = None,
    reader: ReaderOption = None,
    kcv: Annotated[str | None, typer.Option(help="Check value the custodians were told.")] = None,
) -> None:
    """Load the control key from a master control card into the vault of its body."""
    from shebaoka.carriers.control import load_control_key

    own = open_named(vault)
    with slot(image, reader, "--image", "--reader") as card:
        handle = load_control_key(own, card, pin("PIN of the master control card"), kcv=kcv)
    print(f"{vault}: control key {handle.algorithm.label} from {handle.parent}, KCV {handle.kcv}")


@app.command()
def export(
    vault: VaultOption,
    mother: MotherOption = None,
    mother_reader: MotherReaderOption = None,
    transmission: TransmissionOption = None,
    transmission_reader: TransmissionReaderOption = None,
    key: Annotated[
        list[str] | None, typer.Option("--key", "-k", help="Only keys of this name (may be repeated).")
    ] = None,
    record: RecordOption = None,
    as_json: JsonOption = False,
) -> None:
    """Export the sub-keys of the cards' body onto its mother card, their key onto its transmission card.
    After an interruption simply call it again. What the cards hold, by name and check value, goes into a
    journal first (see `keys exposure`)."""
    from shebaoka.carriers.export import export_keys, exportable
    from shebaoka.carriers.wire import Carrier
    from shebaoka.vault.card_records import CardRecords

    own = open_named(vault)
    with (
        slot(mother, mother_reader, "--mother", "--mother-reader") as first,
        slot(transmission, transmission_reader, "--transmission", "--transmission-reader") as second,
        CardRecords(journal_of(vault, record), own.owner) as records,
    ):
        identity = Carrier(first).identity
        if identity is None:
            raise UsageProblem("the mother card is blank: issue it first")
        chosen = exportable(own, identity.owner, identity)
        if key:
            unknown = sorted(set(key) - {handle.name for handle in chosen})
            if unknown:
                raise UsageProblem(f"--key {unknown[0]}: {own.owner} has no such key for {identity.owner}")
            chosen = tuple(handle for handle in chosen if handle.name in key)
        done = export_keys(own, first, second, identity.owner, chosen, note=records.note)
    if as_json:
        print_json({"reference": done.reference.hex().upper(), "keys": len(done.handles)})
    else:
        print(f"{len(done.handles)} keys for {identity.owner}, export {done.reference.hex().upper()}")
        print("Keep mother card and transmission card apart: nobody may hold both.")


@app.command("import")
def import_(
    vault: VaultOption,
    mother: MotherOption = None,
    mother_reader: MotherReaderOption = None,
    transmission: TransmissionOption = None,
    transmission_reader: TransmissionReaderOption = None,
    version: Annotated[
        list[int] | None, typer.Option("--version", help="Accept only keys of this version (repeatable).")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Import the keys of a mother card into the vault of its body: all of them or none. Consumes a use of
    both cards."""
    from shebaoka.carriers.importing import Pins, import_keys
    from shebaoka.vault.carried import ANY_VERSION

    own = open_named(vault)
    with (
        slot(mother, mother_reader, "--mother", "--mother-reader") as first,
        slot(transmission, transmission_reader, "--transmission", "--transmission-reader") as second,
    ):
        pins = Pins(
            pin("PIN of the mother card", variable="SHEBAOKA_MOTHER_PIN"),
            pin("PIN of the transmission card", variable="SHEBAOKA_TRANSMISSION_PIN"),
        )
        done = import_keys(own, first, second, pins, versions=version or ANY_VERSION)
    if as_json:
        print_json(
            {
                "reference": done.reference.hex().upper(),
                "keys": [
                    {"name": h.name, "version": h.version, "algorithm": h.algorithm.label, "kcv": h.kcv}
                    for h in done.handles
                ],
                "uses_left": {"mother": done.uses_left[0], "transmission": done.uses_left[1]},
            }
        )
        return
    rows = [(h.name, str(h.version), h.algorithm.label, h.kcv) for h in done.handles]
    print_table(f"{own.owner} from {done.sender}", ("key", "version", "algorithm", "KCV"), rows)
    print(f"uses left: mother card {done.uses_left[0]}, transmission card {done.uses_left[1]}")


@app.command()
def show(image: ImageOption = None, reader: ReaderOption = None, as_json: JsonOption = False) -> None:
    """Show what a carrier says about itself and its log of uses. Needs no PIN, consumes nothing."""
    from shebaoka.cli.carrier_slots import facts

    with slot(image, reader, "--image", "--reader") as card:
        told = facts(card)
    if as_json:
        print_json(told)
        return
    log = told.pop("log")
    for label, value in told.items():
        print(f"{label.replace('_', ' '):14} {value}")
    for line in log if isinstance(log, list) else ():
        print(f"use {line['number']:<10} {line['time']}  {line['purpose']}  {line['reference']}")


@app.command("pin")
def change(image: ImageOption = None, reader: ReaderOption = None) -> None:
    """Change a carrier's PIN, when another custodian takes it over."""
    from shebaoka.carriers.session import change_pin
    from shebaoka.carriers.wire import Carrier

    with slot(image, reader, "--image", "--reader") as card:
        carrier = Carrier(card)
        old = pin(f"PIN of the {carrier}")
        change_pin(carrier, old, pin("New PIN", variable="SHEBAOKA_NEW_PIN", confirm=True))
    print(f"{carrier}: PIN changed")


@app.command()
def erase(
    vault: VaultOption,
    image: ImageOption = None,
    reader: ReaderOption = None,
    record: RecordOption = None,
) -> None:
    """Make a carrier blank again. Only its issuer can: content, keys, PIN, identity and log are gone."""
    from shebaoka.carriers.issue import erase_carrier
    from shebaoka.vault.card_records import CardRecords

    own = open_named(vault)
    with (
        slot(image, reader, "--image", "--reader") as card,
        CardRecords(journal_of(vault, record), own.owner) as records,
    ):
        erase_carrier(card, own, note=records.note)
    print("the carrier is blank")


def _suite(name: str) -> Algorithm:
    known = {"3DES": Algorithm.TDES, "SM4": Algorithm.SM4}
    if name.upper() not in known:
        raise UsageProblem(f"--algorithm {name}: choose 3DES or SM4")
    return known[name.upper()]
