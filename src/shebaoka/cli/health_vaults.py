"""Checks of the vaults a deployment names: files, libraries, tokens, mechanisms; no secret is asked for."""

from collections.abc import Iterator
from pathlib import Path

from shebaoka.cli.health import Check
from shebaoka.vault.backends import library_path
from shebaoka.vault.model import VaultError
from shebaoka.vault.settings import Settings, VaultSettings


def vault_checks(settings: Settings, name: str) -> Iterator[Check]:
    """The lines of one vault."""
    wanted = settings.vault(name)
    path = settings.place(wanted.path)
    if path.is_file():
        yield Check(f"vault {name}", "ok", f"{wanted.backend}, {path}", True)
    else:
        yield Check(f"vault {name}", "missing", f"{path}: make it with `shebaoka vault create {name}`", True)
    if wanted.backend == "pkcs11":
        yield from _token(settings, name, wanted)
    elif wanted.backend == "sdf":
        yield _device(settings, name, wanted)
    yield _gate(settings, name)


def _gate(settings: Settings, name: str) -> Check:
    """What the gate says; the digest tells which authorization it was asked with."""
    from shebaoka.cli.deployment import authorization_of
    from shebaoka.vault.backends import device_of, gate

    what = f"vault {name}: gate"
    if settings.mode != "production":
        return Check(what, "ok", "a test deployment: its keys are TEST_ONLY", True)
    try:
        authorization = authorization_of(settings, name)
        admission = gate(settings, name, authorization)
        device = device_of(settings, name)
    except VaultError as error:
        return Check(what, "broken", str(error), True)
    until = "" if authorization is None else f" until {authorization.certificate.expires}"
    digest = "" if authorization is None else f"; SHA-256 of the authorization {authorization.digest}"
    note = f"{admission.warning}; " if admission.warning else f"open{until}; "
    note += f"the device says {device}; authorized: {authorization}{digest}"
    return Check(what, "warning" if admission.warning else "ok", note, True)


def _token(settings: Settings, name: str, wanted: VaultSettings) -> Iterator[Check]:
    from shebaoka.vault.pkcs11.table import read_table
    from shebaoka.vault.pkcs11.token import load

    library = str(library_path(settings, wanted))
    what = f"vault {name}: PKCS#11 library"
    try:
        loaded = load(library)
        tokens = loaded.tokens()
    except VaultError as error:
        yield Check(what, "broken", str(error), True)
        return
    yield Check(what, "ok", library, True)
    if wanted.token not in tokens:
        present = ", ".join(sorted(tokens)) or "none"
        note = f"no token is labelled {wanted.token}; labels present: {present}"
        yield Check(f"vault {name}: token", "missing", note, True)
        return
    yield Check(f"vault {name}: token", "ok", wanted.token, True)
    what = f"vault {name}: mechanisms"
    try:
        table = read_table(wanted.mechanisms, Path(settings.folder))
        present_numbers = loaded.mechanisms(tokens[wanted.token])
    except VaultError as error:
        yield Check(what, "broken", str(error), True)
        return
    usable, lacking = table.limited(present_numbers), table.lacking(present_numbers)
    able = ", ".join(sorted(algorithm.label for algorithm in usable.algorithms)) or "no algorithm"
    note = f"{able}; {'batch and strict' if usable.strict else 'batch only'}"
    if lacking:
        note += f"; table {table.name} names what the token lacks: {', '.join(lacking)}"
    yield Check(what, "ok" if usable.algorithms else "broken", note, True)


def _device(settings: Settings, name: str, wanted: VaultSettings) -> Check:
    from shebaoka.vault.sdf.library import Library

    what = f"vault {name}: SDF library"
    try:
        library = Library(library_path(settings, wanted))
    except VaultError as error:
        return Check(what, "broken", str(error), True)
    lacking = library.missing()
    return Check(what, "ok", f"{library.path}" + (f"; without {', '.join(lacking)}" if lacking else ""), True)
