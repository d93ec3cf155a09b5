"""The vaults of the deployment that a body can hold a ceremony with."""

import contextlib
from collections.abc import Iterator

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.bodies import body_of
from shebaoka.office.custody.models import Hsm
from shebaoka.office.custody.selectors.hsms import SERVING
from shebaoka.office.organizations.models import Organization
from shebaoka.spec.errors import SpecError
from shebaoka.vault.backends import open_vault
from shebaoka.vault.gate import read_authorization
from shebaoka.vault.model import Vault, VaultError
from shebaoka.vault.settings import Settings, find_settings


def vaults_of(body: Organization) -> dict[str, bool]:
    """Names of the vaults in the settings that may be this body's, and whether each asks for its secret.
    None without settings, or with settings that cannot be read."""
    settings = _settings()
    if settings is None:
        return {}
    own = body_of(body)
    return {
        name: vault.secret == "ask"  # noqa: S105 - where the secret comes from
        for name, vault in settings.vaults.items()
        if vault.owner is None or (vault.owner.level, vault.owner.code) == (own.level, own.code)
    }


def open_own(body: Organization, name: str, secret: str) -> Vault:
    """Opens a vault of the body when the gate admits it (R-26). ``secret``: where the settings say that it is
    asked for. Raises Refusal ``custody.vault``."""
    settings = _settings()
    if settings is None or name not in vaults_of(body):
        raise Refusal("custody.vault", problem=name)

    def asked(_question: str) -> str:
        if not secret:
            raise VaultError(f"vault {name}: its passphrase, PIN or password is missing")
        return secret

    try:
        path = settings.authorization_of(name)
        given = None if path is None else read_authorization(path)
        opened = open_vault(settings, name, asked, authorization=given, today=clock.today())
    except (VaultError, SpecError) as error:
        raise Refusal("custody.vault", problem=" ".join(str(error).split())) from None
    own, owner = body_of(body), opened.owner
    if (owner.level, owner.code) != (own.level, own.code):
        raise Refusal("custody.vault", problem=f"{name}: {owner}")
    return opened


@contextlib.contextmanager
def opened(body: Organization, name: str, secret: str) -> Iterator[Vault]:
    """:func:`open_own` to read, closed afterwards."""
    vault = open_own(body, name, secret)
    try:
        yield vault
    finally:
        close = getattr(vault, "close", None)
        if close is not None:
            close()


def device_of(body: Organization, vault: str) -> str:
    """Serial number of the registered device whose vault this is; empty when the register does not say."""
    devices = Hsm.objects.filter(organization=body, status__in=SERVING).order_by("serial")
    named = [device.serial for device in devices if vault in device.vaults]
    return named[0] if len(named) == 1 else ""


def _settings() -> Settings | None:
    try:
        return find_settings()
    except VaultError:
        return None
