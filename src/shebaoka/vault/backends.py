"""Opens the vault that a deployment's settings name, whatever holds its keys, when the gate admits it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from shebaoka.vault.gate import (
    Admission,
    Authorization,
    DeviceIdentity,
    VaultFacts,
    admit,
    check_content,
)
from shebaoka.vault.model import Body, Mode, Vault, VaultError
from shebaoka.vault.pkcs11.modes import Modes
from shebaoka.vault.settings import Settings, VaultSettings, secret_of

Secret = str | Callable[[str], str]


def open_vault(
    settings: Settings,
    name: str,
    secret: Secret,
    *,
    authorization: Authorization | None = None,
    today: date | None = None,
) -> Vault:
    """An existing vault. ``secret``: passphrase, PIN or password, or how to ask for one where the settings
    say ``ask``; nobody is asked before the gate is open. ``authorization``: of its device, which production
    needs.

    Raises GateError; VaultError (one line): wrong secret, missing library or token, a vault of another
    body."""
    wanted = settings.vault(name)
    admission = gate(settings, name, authorization, today)
    word = secret if isinstance(secret, str) else secret_of(settings, name, secret)
    vault = _opened(settings, wanted, word, production=admission.production)
    try:
        if wanted.owner is not None and vault.owner != wanted.owner:
            path = settings.place(wanted.path)
            raise VaultError(f"vault {name}: {path} belongs to {vault.owner}, not to {wanted.owner}")
        check_content(settings.mode, authorization, name, vault)
    except VaultError:
        _close(vault)
        raise
    return vault


def create_vault(
    settings: Settings,
    name: str,
    secret: Secret,
    owner: Body | None = None,
    *,
    authorization: Authorization | None = None,
    today: date | None = None,
) -> Vault:
    """A new, empty vault where the settings say. ``owner``: when the settings do not name it;
    ``authorization`` as in :func:`open_vault`."""
    wanted = settings.vault(name)
    body = owner or wanted.owner
    if body is None:
        raise VaultError(f"vault {name}: whose it is, is neither said nor in the settings (owner)")
    if wanted.owner not in (None, body):
        raise VaultError(f"vault {name}: the settings give it to {wanted.owner}, not to {body}")
    production = gate(settings, name, authorization, today, body).production
    word = secret if isinstance(secret, str) else secret_of(settings, name, secret)
    path = settings.place(wanted.path)
    if wanted.backend == "software":
        from shebaoka.vault.software import SoftwareVault

        return SoftwareVault.create(path, word, body)
    if wanted.backend == "sdf":
        from shebaoka.vault.sdf.vault import SdfVault

        library = library_path(settings, wanted)
        return SdfVault.create(
            library, path, body, kek=wanted.kek, pair=wanted.pair, password=word, production=production
        )
    from shebaoka.vault.pkcs11.table import read_table
    from shebaoka.vault.pkcs11.token import Token
    from shebaoka.vault.pkcs11.vault import TokenVault

    table = read_table(wanted.mechanisms, Path(settings.folder))
    token = Token(str(library_path(settings, wanted)), wanted.token, word)
    return TokenVault.create(token, table, body, path, modes(wanted), production=production)


def gate(
    settings: Settings,
    name: str,
    authorization: Authorization | None,
    today: date | None = None,
    owner: Body | None = None,
) -> Admission:
    """Whether the vault may be opened; the device is asked who it is, without a login. Raises GateError,
    VaultError when library or token are missing."""
    wanted = settings.vault(name)
    production = settings.mode == "production"
    device = device_of(settings, name) if production and wanted.backend != "software" else None
    facts = VaultFacts(name, wanted.backend, owner or wanted.owner, device)
    return admit(settings.mode, authorization, facts, today or date.today())


def device_of(settings: Settings, name: str) -> DeviceIdentity | None:
    """What the token or device behind a vault says of itself; None for software and for a device that cannot
    tell. Raises VaultError when library, token or device are missing."""
    wanted = settings.vault(name)
    if wanted.backend == "software":
        return None
    library = library_path(settings, wanted)
    if wanted.backend == "sdf":
        from shebaoka.vault.sdf.device import Device

        device = Device(library, wanted.kek)
        try:
            return device.identity()
        finally:
            device.close()
    from shebaoka.vault.pkcs11.token import load, slot_of

    loaded = load(str(library))
    return loaded.identity(slot_of(loaded, wanted.token))


def modes(wanted: VaultSettings) -> Modes:
    """The mode of each operation."""
    return wanted.mode if isinstance(wanted.mode, Modes) else Modes.all(Mode(wanted.mode))


def library_path(settings: Settings, wanted: VaultSettings) -> Path:
    """Where the library is: a name without a folder is left to the system's loader."""
    return settings.place(wanted.library) if "/" in wanted.library else Path(wanted.library)


def _opened(settings: Settings, wanted: VaultSettings, word: str, *, production: bool) -> Vault:
    path = settings.place(wanted.path)
    if wanted.backend == "software":
        from shebaoka.vault.software import SoftwareVault

        return SoftwareVault.open(path, word)
    if wanted.backend == "sdf":
        from shebaoka.vault.sdf.vault import SdfVault

        return SdfVault.open(library_path(settings, wanted), path, password=word, production=production)
    from shebaoka.vault.pkcs11.table import read_table
    from shebaoka.vault.pkcs11.token import Token
    from shebaoka.vault.pkcs11.vault import TokenVault

    table = read_table(wanted.mechanisms, Path(settings.folder))
    token = Token(str(library_path(settings, wanted)), wanted.token, word)
    return TokenVault.open(token, table, path, modes(wanted), production=production)


def _close(vault: Vault) -> None:
    close = getattr(vault, "close", None)
    if close is not None:
        close()
