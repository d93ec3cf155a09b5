"""The check as a whole: the parts in order, a report whatever happens."""

from contextlib import suppress

import msgspec

from shebaoka.reader.base import Reader
from shebaoka.spec.model import CardLayout
from shebaoka.terminal import pin, preprocess, reading
from shebaoka.terminal.authentication import prove_card
from shebaoka.terminal.check import keys as key_checks
from shebaoka.terminal.check import records, safety, transport
from shebaoka.terminal.check.model import Area, CheckReport, Notebook, Outcome
from shebaoka.terminal.check.probe import CountingReader, Probe
from shebaoka.terminal.content import FileReading
from shebaoka.terminal.errors import CloneError, NoCardError, TerminalError
from shebaoka.terminal.keys import KeySource
from shebaoka.terminal.session import Session
from shebaoka.terminal.settings import Settings


def check_card(
    reader: Reader,
    settings: Settings | None = None,
    *,
    keys: KeySource | None = None,
    code: str | None = None,
) -> CheckReport:
    """Run the universality list on the card in ``reader``.

    Without ``keys`` and ``code`` only what is free is read, and nothing is changed and no try spent. With
    them the files behind keys and PIN are read as well: a wrong PIN given here then costs its try, as it
    would anywhere; keys are used only when the same source has proved the card genuine.
    Raises NoCardError when no card answers.
    """
    settings = settings or Settings()
    counter = CountingReader(reader)
    notes, probe = Notebook(), Probe(counter)
    answer = _reset(reader)
    historical = transport.check_reset(notes, answer, _reset(reader))
    session = _identify(notes, probe, counter, keys, settings) if historical is not None else None
    if session is not None and historical is not None:
        transport.check_region(notes, historical, session.identity.city_code)
        _check_all(notes, probe, session, code)
    with suppress(OSError):  # pulled out at the end: the report stands
        reader.reset()  # takes back what keys and PIN opened
    return CheckReport(
        made=settings.clock().isoformat(timespec="seconds"),
        answer=answer.hex().upper(),
        algorithm=session.algorithm.label if session else "",
        version=session.version if session else "",
        layout=session.layout.id if session else "",
        city_code=session.identity.city_code if session else "",
        commands=counter.commands,
        findings=tuple(notes.findings),
    )


def _check_all(notes: Notebook, probe: Probe, session: Session, code: str | None) -> None:
    present = transport.check_directories(notes, probe, session.layout)
    held = tuple(d for d in session.layout.directories if not d.optional or d.id in present)
    layout = msgspec.structs.replace(session.layout, directories=held)
    transport.check_directory_file(notes, probe, session.fci.dir_sfi, layout)
    pin_set = safety.check_pin(notes, probe)
    open_files = safety.check_access(notes, probe, layout, present, pin_set)
    safety.check_unknown(notes, probe, layout, present)
    safety.check_medical(notes, probe, layout, present, pin_set)
    key_checks.check_internal_versions(notes, probe)
    key_checks.check_key_identifiers(notes, probe, layout, session.catalogue.values(), present)
    notes.write(Area.SAFETY, Outcome.NOT_TESTED, "UPDATE", "check-writing", "Part 5 §6.12-6.13")
    opened = {(directory, file.fid) for directory, file in open_files}
    _check_contents(notes, session, layout, opened, code)


def _check_contents(
    notes: Notebook, session: Session, layout: CardLayout, opened: set[tuple[str, int]], code: str | None
) -> None:
    fresh = preprocess.identify(session.reader, session.keys, session.settings)
    trusted = fresh.keys is not None and _genuine(notes, fresh)
    fresh.keys = fresh.keys if trusted else None
    fresh.pin = pin.state(fresh)
    readings: dict[tuple[str, int], FileReading] = {}
    for directory, file in records.readable(layout):
        place = f"{directory} {file.id}"
        if (directory, file.fid) not in opened and not trusted and code is None:
            notes.write(
                Area.RECORDS,
                Outcome.NOT_TESTED,
                place,
                "check-not-read",
                file.source or "V2 T9",
                name=file.name,
                condition=file.read,
            )
            continue
        try:
            content = reading.read_file(fresh, directory, file.fid, code=code)
        except TerminalError as error:
            notes.write(Area.RECORDS, Outcome.NOT_TESTED, place, "check-read-failed", "V2 T9", reason=error)
            continue
        readings[directory, file.fid] = content
        records.check_content(notes, content, fresh.version)
    records.check_once(notes, readings)


def _genuine(notes: Notebook, session: Session) -> bool:
    source = "Part 7 §5.4"
    try:
        prove_card(session)
    except CloneError as error:
        notes.write(Area.KEYS, Outcome.FAIL, "IRK", "check-read-failed", source, reason=error)
    except TerminalError as error:
        notes.write(Area.KEYS, Outcome.NOT_TESTED, "IRK", "check-read-failed", source, reason=error)
    else:
        notes.write(Area.KEYS, Outcome.PASS, "IRK", "check-genuine", source)
    return session.authentic


def _identify(
    notes: Notebook, probe: Probe, reader: Reader, keys: KeySource | None, settings: Settings
) -> Session | None:
    if transport.check_environment(notes, probe) is None:
        return None
    try:
        return preprocess.identify(reader, keys, settings)
    except NoCardError:
        raise
    except TerminalError as error:
        notes.write(Area.RECORDS, Outcome.FAIL, "SSSE EF05", "check-read-failed", "V2 §8.1.1", reason=error)
        return None


def _reset(reader: Reader) -> bytes:
    try:
        return reader.reset()
    except OSError as error:
        raise NoCardError("no-card", reason=str(error)) from error
