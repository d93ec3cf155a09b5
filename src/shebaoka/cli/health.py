"""What works on this machine and what does not: the single checks of ``shebaoka doctor``."""

import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from shebaoka.vault.settings import Settings

State = Literal["ok", "warning", "missing", "broken"]

_PKCS11 = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)
_SM4_KEY = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")  # GB/T 32907, appendix A.1
_SM4_BLOCK = bytes.fromhex("681EDF34D206965E86B3E94F536E4246")


@dataclass(frozen=True)
class Check:
    """One line: the thing, its state, and what was found or what to do. ``needed``: the deployment cannot do
    without it."""

    what: str
    state: State
    note: str
    needed: bool = False


def machine() -> Iterator[Check]:
    """Python, libraries, ciphers, fonts, PC/SC, SoftHSM."""
    version = platform.python_version()
    supported = (3, 11) <= sys.version_info[:2] <= (3, 13)
    yield Check("Python", "ok" if supported else "broken", version if supported else _python(version), True)
    yield from _distributions()
    yield _cipher()
    yield _font()
    yield from _pcsc()
    library = next((path for path in _PKCS11 if Path(path).exists()), "")
    yield Check(
        "SoftHSM (PKCS#11 for trying)",
        "ok" if library else "missing",
        library or "only for trying token vaults: install softhsm2",
    )


def deployment(settings: Settings) -> Iterator[Check]:
    """The vaults of the settings, without opening any."""
    from shebaoka.cli.health_vaults import vault_checks

    yield Check("settings", "ok", f"{settings.folder}: {settings.mode}, {len(settings.vaults)} vaults", True)
    for name in settings.vaults:
        yield from vault_checks(settings, name)


def _python(version: str) -> str:
    return f"{version}: Shebaoka is tested with 3.11 to 3.13"


def _distributions() -> Iterator[Check]:
    """The libraries the distribution asks for; those of extras are told of elsewhere."""
    try:
        required = metadata.requires("shebaoka") or []
    except metadata.PackageNotFoundError:
        yield Check("libraries", "broken", "shebaoka is not installed: pip install shebaoka", True)
        return
    names = [_name(line) for line in required if "extra ==" not in line]
    found, absent = [], []
    for name in names:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            absent.append(name)
    if absent:
        yield Check("libraries", "broken", f"pip install {' '.join(absent)}", True)
    else:
        yield Check("libraries", "ok", ", ".join(found), True)


def _name(requirement: str) -> str:
    return next(
        requirement[:end]
        for end in range(1, len(requirement) + 1)
        if end == len(requirement) or not (requirement[end].isalnum() or requirement[end] in "-_.")
    )


def _cipher() -> Check:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.backends.openssl import backend

    from shebaoka.crypto.ciphers import SoftwareCipher
    from shebaoka.spec.algorithm import Algorithm

    openssl = backend.openssl_version_text()
    try:
        right = SoftwareCipher(Algorithm.SM4, _SM4_KEY).encrypt(_SM4_KEY) == _SM4_BLOCK
        SoftwareCipher(Algorithm.TDES, _SM4_KEY)
    except UnsupportedAlgorithm:
        right = False
    note = openssl if right else f"{openssl} has no SM4 or 3DES: use the wheel of cryptography from PyPI"
    return Check("OpenSSL: SM4, 3DES", "ok" if right else "broken", note, True)


def _font() -> Check:
    from shebaoka.paper.fonts import Family, FontError, FontPaths, missing_glyphs

    try:
        lacking = [
            glyph for family in Family for glyph in missing_glyphs("社会保障卡", FontPaths().font(family))
        ]
    except (FontError, OSError) as error:
        return Check("fonts", "broken", str(error), True)
    note = "sans, serif and title with Chinese characters" if not lacking else f"lacks {''.join(lacking)}"
    return Check("fonts", "broken" if lacking else "ok", note, True)


def _pcsc() -> Iterator[Check]:
    from shebaoka.reader import pcscd

    problem = pcscd.missing()
    note = problem or "pcscd and the vpcd driver"
    yield Check("virtual PC/SC readers", "missing" if problem else "ok", note)
    if find_spec("smartcard") is None:
        yield Check("PC/SC (pyscard)", "missing", "for real readers: pip install 'shebaoka[pcsc]'")
        return
    from shebaoka.reader.base import ReaderError
    from shebaoka.reader.pcsc import list_readers

    try:
        readers = list_readers()
    except ReaderError as error:
        yield Check("PC/SC (pyscard)", "missing", str(error))
        return
    yield Check("PC/SC (pyscard)", "ok", ", ".join(readers) or "pcscd runs; no reader is connected")
