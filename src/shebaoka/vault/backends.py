"""Opens the vault that a deployment's settings name, whatever holds its keys."""

from collections.abc import Callable
from pathlib import Path

from shebaoka.vault.model import Body, Mode, Vault, VaultError
from shebaoka.vault.pkcs11.modes import Modes
from shebaoka.vault.settings import Settings, VaultSettings, secret_of


def open_vault(settings: Settings, name: str, secret: str | Callable[[str], str]) -> Vault:
    """An existing vault. ``secret``: passphrase, PIN or password, or how to ask for one where the
    settings say ``ask``. Raises VaultError (one line): wrong secret, missing library or token, a vault of
    another body."""
    wanted = settings.vault(name)
    word = secret if isinstance(secret, str) else secret_of(settings, name, secret)
    path = settings.place(wanted.path)
    vault: Vault
    if wanted.backend == "software":
        from shebaoka.vault.software import SoftwareVault

        vault = SoftwareVault.open(path, word)
    elif wanted.backend == "sdf":
        from shebaoka.vault.sdf.vault import SdfVault

        vault = SdfVault.open(library_path(settings, wanted), path, password=word)
    else:
        from shebaoka.vault.pkcs11.table import read_table
        from shebaoka.vault.pkcs11.token import Token
        from shebaoka.vault.pkcs11.vault import TokenVault

        table = read_table(wanted.mechanisms, Path(settings.folder))
        token = Token(str(library_path(settings, wanted)), wanted.token, word)
        vault = TokenVault.open(token, table, path, modes(wanted))
    if wanted.owner is not None and vault.owner != wanted.owner:
        raise VaultError(f"vault {name}: {path} belongs to {vault.owner}, not to {wanted.owner}")
    return vault


def create_vault(
    settings: Settings, name: str, secret: str | Callable[[str], str], owner: Body | None = None
) -> Vault:
    """A new, empty vault where the settings say. ``owner``: when the settings do not name it."""
    wanted = settings.vault(name)
    body = owner or wanted.owner
    if body is None:
        raise VaultError(f"vault {name}: whose it is, is neither said nor in the settings (owner)")
    if wanted.owner not in (None, body):
        raise VaultError(f"vault {name}: the settings give it to {wanted.owner}, not to {body}")
    word = secret if isinstance(secret, str) else secret_of(settings, name, secret)
    path = settings.place(wanted.path)
    if wanted.backend == "software":
        from shebaoka.vault.software import SoftwareVault

        return SoftwareVault.create(path, word, body)
    if wanted.backend == "sdf":
        from shebaoka.vault.sdf.vault import SdfVault

        library = library_path(settings, wanted)
        return SdfVault.create(library, path, body, kek=wanted.kek, pair=wanted.pair, password=word)
    from shebaoka.vault.pkcs11.table import read_table
    from shebaoka.vault.pkcs11.token import Token
    from shebaoka.vault.pkcs11.vault import TokenVault

    table = read_table(wanted.mechanisms, Path(settings.folder))
    token = Token(str(library_path(settings, wanted)), wanted.token, word)
    return TokenVault.create(token, table, body, path, modes(wanted))


def modes(wanted: VaultSettings) -> Modes:
    """The mode of each operation."""
    return wanted.mode if isinstance(wanted.mode, Modes) else Modes.all(Mode(wanted.mode))


def library_path(settings: Settings, wanted: VaultSettings) -> Path:
    """Where the library is: a name without a folder is left to the system's loader."""
    return settings.place(wanted.library) if "/" in wanted.library else Path(wanted.library)
