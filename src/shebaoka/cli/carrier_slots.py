"""Where a carrier is: an image file or a PC/SC reader; and what it tells freely."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from shebaoka.cli.deployment import refuse_simulated
from shebaoka.cli.errors import UsageProblem
from shebaoka.cli.slots import passphrase
from shebaoka.reader.base import Reader
from shebaoka.spec.algorithm import Algorithm

TEST_TRANSPORT_KEY = b"TEST_ONLY-CARR-T"
"""Transport key of blank simulated carriers."""

_MAKER = "0081010203" + "0099"  # T1-T5 of simulated chips, and an invented card maker

ImageOption = Annotated[Path | None, typer.Option("--image", help="Image file of the carrier.")]
ReaderOption = Annotated[
    str | None, typer.Option("--reader", "-r", help="PC/SC reader: its number, its name or a part of it.")
]
MotherOption = Annotated[Path | None, typer.Option("--mother", help="Image of the mother card.")]
MotherReaderOption = Annotated[
    str | None, typer.Option("--mother-reader", help="PC/SC reader with the mother card.")
]
TransmissionOption = Annotated[
    Path | None, typer.Option("--transmission", help="Image of the transmission card.")
]
TransmissionReaderOption = Annotated[
    str | None, typer.Option("--transmission-reader", help="PC/SC reader with the transmission card.")
]

RecordOption = Annotated[
    Path | None,
    typer.Option(
        "--record",
        help="Journal of what carriers and PSAMs hold; beside the vault (VAULT.carried) when left out.",
    ),
]


def journal_of(vault: Path, record: Path | None) -> Path:
    """Where the journal of the cards that a vault filled is."""
    return record or vault.with_suffix(".carried")


@contextmanager
def slot(image: Path | None, reader: str | None, image_option: str, reader_option: str) -> Iterator[Reader]:
    """The reader of exactly one of both. Raises UsageProblem; GateError for an image in production."""
    if (image is None) == (reader is None):
        raise UsageProblem(
            f"name the carrier: {image_option} FILE for an image or {reader_option} NAME for a PC/SC reader"
        )
    opened: Reader
    if image is not None:
        refuse_simulated(f"{image} (an image)")
        from shebaoka.reader.images import is_sealed, open_chip
        from shebaoka.reader.in_process import InProcessReader

        secret = passphrase(f"Passphrase of {image}") if is_sealed(image) else None
        opened = InProcessReader(open_chip(image, secret, durable=True))
    else:
        from shebaoka.reader.pcsc import PcscReader

        name = str(reader)
        opened = PcscReader(int(name) if name.isdecimal() else name)
    try:
        yield opened
    finally:
        opened.close()


def blank_image(path: Path, kind: str, serial: str, suite: Algorithm) -> None:
    """A blank simulated carrier in a new image file."""
    refuse_simulated(f"{path} (an image)")
    from shebaoka.chip.store import FileStore
    from shebaoka.psam.carrier.carrier import blank_carrier

    historical = bytes.fromhex(f"{_MAKER}0000{serial[-8:]}")
    blank_carrier(
        FileStore(path, durable=True),
        kind,
        historical=historical,
        algorithm=suite,
        transport_key=TEST_TRANSPORT_KEY,
    )


def facts(reader: Reader) -> dict[str, Any]:
    """Status, identity and log of a carrier."""
    from shebaoka.carriers.log import read_log
    from shebaoka.carriers.wire import Carrier

    carrier = Carrier(reader)
    status, identity = carrier.status, carrier.identity
    told: dict[str, Any] = {"kind": status.kind, "state": status.state.name.lower()}
    if identity is not None:
        told |= {
            "serial": identity.serial,
            "issuer": str(identity.issuer),
            "owner": str(identity.owner),
            "algorithm": identity.suite.label,
            "created": identity.created.isoformat(),
            "seal": identity.seal,
            "test_only": identity.test_only,
            "uses_left": status.uses_left,
            "use_limit": status.use_limit,
            "pin_tries": status.pin_tries,
            "control_kcv": status.kcv,
            "export": status.reference.hex().upper() if any(status.reference) else "",
            "blocks": status.blocks,
        }
    told["log"] = [
        {
            "number": use.number,
            "time": use.moment.isoformat(sep=" "),
            "purpose": use.purpose.name.lower().replace("_", " "),
            "reference": use.reference.hex().upper(),
        }
        for use in (read_log(carrier) if identity is not None else ())
    ]
    return told
