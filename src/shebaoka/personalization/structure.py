"""The pre-personalization plan of a holder's card: SSSE with DIR, applications, keys, PIN, master keys."""

from collections.abc import Callable, Iterable, Sequence

from shebaoka.personalization.dialect import (
    OPEN,
    FileSize,
    IssuerDialect,
    KeyFunction,
    KeyHeader,
    card_key_header,
)
from shebaoka.personalization.plan import (
    Directory,
    FilePlace,
    KeySlot,
    Plan,
    branch_plan,
    directory_file,
    file_size,
    finish_plan,
    master_header,
)
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import CardLayout, DirectoryLayout, KeyEntry

PIN_SLOT = KeySlot("PIN")
LOG_RECORD = {20, 28}
"""Bytes of a medical log record: account-only and full mode (Part 7 §12)."""

_MEDICAL_DIRECTORY, _LOG_FILE = "DF04", 0xEF08
_DIRECTORY_WRITER = "UKSSSE"  # an issuer adds an application of its own later

Versions = Callable[[KeyEntry], Iterable[int]]


def catalogue_versions(entry: KeyEntry) -> range:
    """All versions that the catalogue lets a card hold."""
    return range(1, entry.versions + 1)


def card_plan(
    layout: CardLayout,
    keys: Sequence[KeyEntry],
    algorithm: Algorithm,
    *,
    versions: Versions = catalogue_versions,
    try_limit: Callable[[str], int] = lambda name: 3,
    pin_limit: int = 6,
    fci_algorithm: Algorithm | bool = True,
    log_record: int = 28,
    masters: bool = True,
    activate: bool = True,
    dialect: IssuerDialect = OPEN,
) -> Plan:
    """All commands for a blank card of ``layout``; compute once, run per card. ``fci_algorithm``: whether the
    FCI names the algorithm, or which other one it names.

    The blocks a card must bring are ``plan.slots``: every key version, ``PIN``, and with
    ``masters`` ``MF-MK``, ``SSSE-MK``, ``DF01-MK``... wrapped under the transport key.
    """
    environment, *applications = (
        _directory(d, keys, algorithm, versions, try_limit, pin_limit, masters) for d in layout.directories
    )
    environment = Directory(
        layout=environment.layout,
        keys=environment.keys,
        master=environment.master,
        fci_algorithm=_announced(fci_algorithm, algorithm),
        dir_sfi=layout.dir_sfi,
        extra=(directory_file(layout.dir_sfi, _DIRECTORY_WRITER),),
    )
    plan = branch_plan(
        environment,
        applications,
        {entry.name: entry.identifier for entry in keys if entry.identifier is not None},
        sizes=_sizes(layout, log_record),
        dialect=dialect,
    )
    finish = finish_plan(master_header(algorithm) if masters else None, dialect) if activate else None
    return Plan(plan.steps + (finish.steps if finish else ()), dialect)


def _announced(choice: Algorithm | bool, own: Algorithm) -> Algorithm | None:
    if isinstance(choice, Algorithm):
        return choice
    return own if choice else None


def _directory(
    directory: DirectoryLayout,
    keys: Sequence[KeyEntry],
    algorithm: Algorithm,
    versions: Versions,
    try_limit: Callable[[str], int],
    pin_limit: int,
    masters: bool,
) -> Directory:
    headers = [
        (KeySlot(entry.name, version), card_key_header(entry, version, algorithm, try_limit(entry.name)))
        for entry in keys
        if entry.directory == directory.id
        for version in versions(entry)
    ]
    if directory.id == "SSSE":
        headers.append((PIN_SLOT, KeyHeader(KeyFunction.PIN, 0, 1, algorithm, pin_limit)))
    master = (KeySlot(f"{directory.id}-MK"), master_header(algorithm)) if masters else None
    return Directory(directory, headers, master, medical=directory.id == _MEDICAL_DIRECTORY)


def _sizes(layout: CardLayout, log_record: int) -> dict[FilePlace, FileSize]:
    sizes = {}
    for directory in layout.directories:
        log = directory.file(_LOG_FILE) if directory.id == _MEDICAL_DIRECTORY else None
        if log is not None:
            sizes[FilePlace(directory.id, log.fid)] = file_size(log, 0)._replace(record=log_record)
    return sizes
