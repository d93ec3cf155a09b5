"""The vault with an issuing body's card keys: as the deployment's settings name it by the body's code."""

from collections.abc import Callable

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.models import Organization
from shebaoka.vault.backends import open_vault
from shebaoka.vault.gate import read_authorization
from shebaoka.vault.model import Vault, VaultError
from shebaoka.vault.settings import find_settings

GIVEN: dict[str, Callable[[], Vault]] = {}
"""Vaults that this process opened itself, by the code of their body (demonstration, tests)."""


def vault_of(body: Organization) -> Vault:
    """The open vault. Raises Refusal ``cards.no-vault`` when the settings name none, or it does not open:
    a worker asks nobody for a passphrase, so its secret comes from ``env:`` or ``file:``."""
    given = GIVEN.get(body.code)
    if given is not None:
        return given()
    try:
        settings = find_settings()
        if settings is None or body.code not in settings.vaults:
            raise Refusal("cards.no-vault", name=body.name, why="")
        path = settings.authorization_of(body.code)
        authorization = None if path is None else read_authorization(path)
        return open_vault(settings, body.code, _nobody, authorization=authorization)
    except (VaultError, OSError) as error:
        raise Refusal("cards.no-vault", name=body.name, why=str(error)) from error


def _nobody(prompt: str) -> str:
    raise VaultError(f"{prompt}: there is nobody to ask; set the secret to env:NAME or file:PATH")
