"""``shebaoka driver``: the terminal interface (读写终端接口) on this computer: single calls, and the reader
service (读卡服务) for web pages."""

import contextlib
import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from shebaoka.cli.driver_parts import (
    Keyboard,
    OfficeOption,
    TokenFileOption,
    answers_of,
    given,
    named,
    opener,
    pairings_file,
    profile_of,
    show_code,
    virtual_readers,
)
from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.output import JsonOption, print_json, print_table
from shebaoka.cli.slots import (
    ChipOption,
    PsamOption,
    PsamReaderOption,
    ReaderOption,
    Slots,
    TraceOption,
    VaultOption,
)

app = typer.Typer(
    no_args_is_help=True,
    help="What hospitals and web pages call: terminal interface (读写终端接口), reader service (读卡服务).",
)

PairingsOption = Annotated[
    Path | None, typer.Option("--pairings", help="File of the paired pages; ~/.config/shebaoka/ otherwise.")
]
ProfileOption = Annotated[
    Path | None, typer.Option("--profile", help="Switches of the driver (TOML; docs/guide/driver.md).")
]


@app.command()
def serve(
    origin: Annotated[
        list[str] | None,
        typer.Option("--origin", help="A page that may connect: https://desk.example (may be repeated)."),
    ] = None,
    unpaired: Annotated[
        list[str] | None,
        typer.Option("--unpaired", help="An old page that may connect without pairing (may be repeated)."),
    ] = None,
    relay: Annotated[
        list[str] | None,
        typer.Option("--relay", help="A page whose office may drive the card itself (may be repeated)."),
    ] = None,
    programs: Annotated[
        bool, typer.Option("--programs", help="Local programs may connect too, paired like pages.")
    ] = False,
    dialect: Annotated[
        str, typer.Option(help="How calls are written: function, func or bizcode.")
    ] = "function",
    port: Annotated[
        int | None,
        typer.Option(help="Port on this computer; without it the dialect's usual one, 0: a free one."),
    ] = None,
    reader: ReaderOption = None,
    contactless: Annotated[
        str | None, typer.Option("--contactless", help="PC/SC reader for contactless cards.")
    ] = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    vault: VaultOption = None,
    office: OfficeOption = None,
    token_file: TokenFileOption = None,
    demonstration: Annotated[
        bool, typer.Option("--demonstration", help="Allow virtual readers with TEST_ONLY cards.")
    ] = False,
    virtual: Annotated[
        list[str] | None,
        typer.Option("--virtual", help="NAME=IMAGE or NAME=FOLDER: a virtual reader and its cards."),
    ] = None,
    pcsc: Annotated[bool, typer.Option("--pcsc/--no-pcsc", help="Offer the readers of PC/SC.")] = True,
    profile: ProfileOption = None,
    pairings: PairingsOption = None,
) -> None:
    """Let web pages of allowed origins use the card in the reader, until Ctrl-C.

    It listens on this computer only. A page is paired once: it asks, this window shows a code, the person
    types it into the page.
    """
    try:
        from shebaoka.driver.service.server import ReaderService
    except ImportError as error:
        raise UsageProblem("the reader service needs websockets: pip install 'shebaoka[driver]'") from error
    from shebaoka.driver.dialects import dialects
    from shebaoka.driver.service.conversation import Shared
    from shebaoka.driver.service.gate import Gate
    from shebaoka.driver.service.pairing import PairingDesk, Pairings
    from shebaoka.driver.service.readers import ReaderSet

    if dialect not in dialects():
        raise UsageProblem(f"there is no dialect {dialect!r}; there are {', '.join(dialects())}")
    if not (origin or unpaired or relay or programs):
        raise UsageProblem("nobody may connect: name the page with --origin https://...")
    spoken = profile_of(profile)
    known = Pairings(pairings or pairings_file())
    known.all()  # a damaged file is told now
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(message)s")
    with Slots() as slots:
        readers = ReaderSet(
            virtual_readers(virtual or [], demonstration=demonstration),
            pcsc,
            named(reader),
            named(contactless),
            opener(slots, psam, psam_reader, "psam", "--psam"),
            named(psam_reader),
        )
        shared = Shared(
            gate=Gate(
                (*(origin or ()), *(unpaired or ())), tuple(unpaired or ()), programs, tuple(relay or ())
            ),
            pairings=known,
            desk=PairingDesk(known, show_code),
            readers=readers,
            dialect=dialects()[dialect],
            dialect_name=dialect,
            profile=spoken,
            answers=answers_of(slots, vault, spoken, office, token_file),
        )
        with ReaderService(shared, dialects()[dialect].port if port is None else port) as service:
            for page in (*(origin or ()), *(unpaired or ()), *(relay or ())):
                if page.startswith("http://") and "//localhost" not in page and "//127." not in page:
                    print(f"note: {page} is not encrypted; anyone on its network can change its pages")
            print(
                f"reader service on ws://127.0.0.1:{service.port} (dialect {dialect}); Ctrl-C ends",
                flush=True,
            )
            with contextlib.suppress(KeyboardInterrupt):
                service.wait()


@app.command()
def pairings(file: PairingsOption = None, as_json: JsonOption = False) -> None:
    """The pages that are paired with this computer's reader service."""
    from shebaoka.driver.service.pairing import Pairings

    found = Pairings(file or pairings_file()).all()
    if as_json:
        print_json([{"id": p.id, "origin": p.origin, "name": p.name, "since": p.since} for p in found])
        return
    rows = [(p.id, p.origin, p.name, p.since) for p in found]
    print_table("Paired pages", ("id", "origin", "name", "since"), rows)


@app.command()
def revoke(
    pairing: Annotated[str, typer.Argument(help="Id of the pairing (`driver pairings`).")],
    file: PairingsOption = None,
) -> None:
    """End a pairing; it counts at once, also for a page that is connected."""
    from shebaoka.driver.service.pairing import Pairings

    path = file or pairings_file()
    if not Pairings(path).revoke(pairing):
        raise UsageProblem(f"{path}: there is no pairing {pairing}")
    print(f"pairing {pairing} ended")


@app.command()
def call(
    name: Annotated[str, typer.Argument(help="The function: iReadCardBas, iReadCard ...")],
    parameters: Annotated[list[str] | None, typer.Argument(help="NAME=VALUE: iType=1 pCardInfo=...")] = None,
    chip: ChipOption = None,
    reader: ReaderOption = None,
    psam: PsamOption = None,
    psam_reader: PsamReaderOption = None,
    vault: VaultOption = None,
    office: OfficeOption = None,
    token_file: TokenFileOption = None,
    profile: ProfileOption = None,
    as_json: JsonOption = False,
    trace: TraceOption = False,
) -> None:
    """One function of the terminal interface; prints pOutInfo. Exit 1 when it fails.

    With --vault or --office the steps over an HSM follow by themselves when there is no PSAM.
    """
    from shebaoka.driver.device import Device
    from shebaoka.driver.driver import Driver, over_hsm
    from shebaoka.driver.errors import OK, meaning
    from shebaoka.driver.work import Equipment

    spoken = profile_of(profile)
    with Slots(trace) as slots:
        card = opener(slots, chip, reader, "card", "--chip")
        if card is None:
            raise UsageProblem("name a card: --chip FILE for an image or --reader NAME for a PC/SC reader")
        device = Device(card, card, opener(slots, psam, psam_reader, "psam", "--psam"))
        answers = answers_of(slots, vault, spoken, office, token_file)
        driver = Driver(Equipment(device, Keyboard(), profile=spoken), answers)
        words = given(parameters or [])
        outcome = over_hsm(driver, answers, name, words) if answers else driver.call(name, words)
    if as_json:
        print_json({"function": name, "code": outcome.code, "pOutInfo": outcome.info})
    elif outcome.code == OK:
        print(outcome.info)
    else:
        print(f"shebaoka: {outcome.code} {meaning(outcome.code, 'en')}: {outcome.info}", file=sys.stderr)
    if outcome.code != OK:
        raise typer.Exit(1)


@app.command()
def docs(
    folder: Annotated[Path, typer.Argument(help="Folder of the reference pages.")] = Path("docs/reference"),
) -> None:
    """Write the reference of functions, return codes and messages."""
    from shebaoka.driver.reference import write_reference

    for path in write_reference(folder):
        print(path)
