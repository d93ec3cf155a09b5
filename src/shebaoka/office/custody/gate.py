"""The gate of the vaults is fed from the register of HSMs (R-26): authorization files for the deployment."""

import os
from datetime import date
from pathlib import Path

from shebaoka.office.custody.selectors.hsms import authorizations
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization
from shebaoka.vault.gate import Authorization

FOLDER = "authorizations"
"""Below the office's folder; ``authorization`` in ``shebaoka.toml`` names a file of it."""


def as_toml(given: Authorization) -> str:
    """The file that :func:`shebaoka.vault.gate.read_authorization` reads."""
    lines = [
        f"maker = {_text(given.maker)}",
        f"model = {_text(given.model)}",
        f"serial = {_text(given.serial)}",
    ]
    if given.vaults:
        lines.append(f"vaults = [{', '.join(map(_text, given.vaults))}]")
    owner, certificate, conformity = given.owner, given.certificate, given.conformity
    lines += [
        "",
        "[owner]",
        f"level = {_text(owner.level)}",
        f"code = {_text(owner.code)}",
        f"name = {_text(owner.name)}",
        "",
        "[certificate]",
        f"number = {_text(certificate.number)}",
        f"kind = {_text(certificate.kind)}",
        f"issued = {certificate.issued}",
        f"expires = {certificate.expires}",
    ]
    if conformity is not None:
        lines += [
            "",
            "[conformity]",
            f"reference = {_text(conformity.reference)}",
            f"date = {conformity.date}",
        ]
    return "\n".join(lines) + "\n"


def write_authorizations(folder: Path, day: date | None = None) -> list[Path]:
    """Writes the authorization of every device that has one to ``folder`` (0600), and removes those of
    devices that have none any more: the vault in them does not open then. The files, in order."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = []
    for body in Organization.objects.filter(kind__in=ISSUING, closed_on=None).order_by("path"):
        for serial, given in authorizations(body, day).items():
            path = folder / f"{body.code}-{_name(serial)}.toml"
            _replace(path, as_toml(given))
            written.append(path)
    for path in set(folder.glob("*.toml")) - set(written):
        path.unlink()
    return written


def _replace(path: Path, content: str) -> None:
    new = path.with_suffix(".new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _name(serial: str) -> str:
    """A serial number as a file name."""
    return "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}" for c in serial)


def _text(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
