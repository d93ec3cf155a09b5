"""Transaction pre-processing (交易预处理, Part 7 §5): from a card in the slot to a session that may go on."""

from collections.abc import Mapping

from shebaoka.codec.apdu import Command
from shebaoka.codec.fci import Fci, FciError, parse_fci
from shebaoka.codec.items import decode_record
from shebaoka.codec.reset import ResetError, historical_bytes
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.spec import sw
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import FileLayout
from shebaoka.terminal import authentication, checks, pin
from shebaoka.terminal.errors import (
    CardChangedError,
    CardRefusedError,
    NoCardError,
    NotMatchingError,
)
from shebaoka.terminal.factors import CardIdentity
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.session import Session, find_file, transmit
from shebaoka.terminal.settings import Settings

SSSE_NAME = bytes.fromhex("7378312E73682EC9E7BBE1B1A3D5CF")  # sx1.sh.社会保障 in GBK
_IDENTIFICATION_CODE, _CARD_NUMBER = 0x01, 0x07
_MOST_RECORDS = 32


def open_session(
    reader: Reader,
    keys: KeySource | None,
    settings: Settings | None = None,
    *,
    expected: CardIdentity | None = None,
) -> Session:
    """Power on, choose the algorithm, prove the card genuine, check it, learn whether a PIN is set.

    ``expected``: the card the work began with. Raises NoCardError, NotMatchingError, CloneError,
    CardRefusedError, BlacklistedError, CardChangedError; all before any PIN is asked for.
    """
    session = identify(reader, keys, settings or Settings(), expected=expected)
    if session.settings.authenticate:
        authentication.prove_card(session)
    checks.check_card(session)
    session.pin = pin.state(session)
    return session


def identify(
    reader: Reader, keys: KeySource | None, settings: Settings, *, expected: CardIdentity | None = None
) -> Session:
    """The first half: reset, SELECT, algorithm, issuer data; no check but the identity when ``expected``."""
    answer, historical = power_on(reader)
    fci = select_environment(reader)
    algorithm = matching_algorithm(fci, settings.algorithms)
    issuer = read_issuer(reader, find_file(settings.layout("2.0"), "SSSE", 0xEF05))
    identity = CardIdentity(issuer.get(_IDENTIFICATION_CODE, ""), issuer.get(_CARD_NUMBER, ""))
    if not identity.city_code.isdecimal() or len(identity.city_code) != 6:
        raise CardRefusedError("identification-code-malformed")
    if expected is not None and identity != expected:
        raise CardChangedError("card-changed")
    version = issuer.get(0x03, "")
    generation = settings.generation(version)
    if generation is None:
        raise NotMatchingError("version-unsupported", version=version)
    return Session(
        reader=reader,
        settings=settings,
        keys=keys,
        answer=answer,
        historical=historical,
        fci=fci,
        algorithm=algorithm,
        layout=settings.layout(generation),
        catalogue=settings.catalogue(generation),
        identity=identity,
        issuer=issuer,
    )


def power_on(reader: Reader) -> tuple[bytes, bytes]:
    """Reset the card: its ATR or ATS and the 13 historical bytes. Raises NoCardError."""
    try:
        answer = reader.reset()
    except ReaderError as error:
        raise NoCardError("no-card", reason=str(error)) from error
    try:
        return answer, historical_bytes(answer)
    except ResetError as error:
        raise NoCardError("reset-answer", reason=str(error)) from error


def select_environment(reader: Reader) -> Fci:
    """SELECT the SSSE by name. Raises CardRefusedError for a blocked card and for other cards."""
    response = transmit(reader, Command(0x00, 0xA4, 0x04, 0x00, SSSE_NAME, 256))
    if response.sw == sw.NOT_SUPPORTED:
        raise CardRefusedError("card-blocked")
    if response.sw == sw.APPLICATION_BLOCKED:
        raise CardRefusedError("environment-blocked")
    if response.sw != sw.OK:
        raise CardRefusedError("not-a-social-security-card", sw=f"{response.sw:04X}")
    try:
        return parse_fci(response.data)
    except FciError as error:
        raise CardRefusedError("fci-malformed", reason=str(error)) from error


def matching_algorithm(fci: Fci, supported: frozenset[Algorithm]) -> Algorithm:
    """The algorithm of the FCI, 01 when it names none (Part 7 §5.3). Raises NotMatchingError when this
    terminal does not have it (Part 3 §6.4)."""
    try:
        algorithm = fci.algorithm
    except ValueError:
        raise NotMatchingError("algorithm-unknown", code=f"{fci.algorithm_code:02X}") from None
    if algorithm not in supported:
        raise NotMatchingError("algorithm-unsupported", algorithm=algorithm.label)
    return algorithm


def read_issuer(reader: Reader, file: FileLayout) -> Mapping[int, str]:
    """Issuer data (发卡机构数据, SSSE EF05) by tag; records that do not decode are left out.
    Raises CardRefusedError when the file cannot be read at all."""
    values: dict[int, str] = {}
    for number in range(1, _MOST_RECORDS):
        response = transmit(reader, Command(0x00, 0xB2, number, file.sfi << 3 | 4, le=256))
        if response.sw == sw.RECORD_NOT_FOUND:
            break
        if response.sw != sw.OK:
            raise CardRefusedError("issuer-data-unreadable", sw=f"{response.sw:04X}")
        try:
            item, value = decode_record(file, response.data)
        except ValueError:
            continue
        values[item.tag] = str(value)
    return values
