"""Vaults as the command line names them: a file, or a name of the deployment's settings."""

from pathlib import Path
from typing import TYPE_CHECKING

from shebaoka.cli.deployment import pass_gate, refuse_file
from shebaoka.cli.slots import passphrase

if TYPE_CHECKING:
    from shebaoka.vault.model import Body, Vault
    from shebaoka.vault.settings import Settings


def vault_secret(vault: Path, *, confirm: bool = False) -> str:
    """The passphrase of a vault file; for a vault of the settings its passphrase, PIN or password, from where
    the settings say. Raises GateError when production does not open the vault."""
    settings = _named(vault)
    if settings is None:
        return passphrase(f"{'New passphrase' if confirm else 'Passphrase'} of {vault}", confirm=confirm)
    from shebaoka.vault.settings import secret_of

    pass_gate(settings, str(vault))
    return secret_of(settings, str(vault), passphrase)


def open_named(vault: Path, secret: str | None = None) -> "Vault":
    """Opens it. ``secret``: asked for when not given. Raises VaultError, GateError."""
    settings = _named(vault)
    if settings is not None:
        from shebaoka.vault.backends import open_vault

        given = pass_gate(settings, str(vault))
        return open_vault(settings, str(vault), secret or passphrase, authorization=given)
    from shebaoka.vault.software import SoftwareVault

    return SoftwareVault.open(vault, vault_secret(vault) if secret is None else secret)


def create_named(vault: Path, owner: "Body") -> "Vault":
    """Makes it, empty. Raises VaultError when it exists, GateError."""
    settings = _named(vault)
    if settings is not None:
        from shebaoka.vault.backends import create_vault

        given = pass_gate(settings, str(vault))
        return create_vault(settings, str(vault), passphrase, owner, authorization=given)
    from shebaoka.vault.software import SoftwareVault

    return SoftwareVault.create(vault, vault_secret(vault, confirm=True), owner)


def _named(vault: Path) -> "Settings | None":
    """The settings when they name this vault. Raises GateError for a vault file in production."""
    from shebaoka.vault.settings import find_settings

    settings = find_settings()
    if settings is not None and str(vault) in settings.vaults:
        return settings
    refuse_file(vault)
    return None
