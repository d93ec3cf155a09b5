"""A register's PSAM and the one in a reader: are they the same, what does it say, are its keys erased.

psam_wipe(actor, serial=serial, wiper=wiper(reader, vault))
"""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.psams.models import Psam
from shebaoka.office.psams.services.destroying import Wiper
from shebaoka.personalization.errors import LoadError, PersonalizationError
from shebaoka.personalization.psam_levels import LOADING_KEYS, enter, wipe_psam
from shebaoka.reader.base import Reader, ReaderError
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal.errors import TerminalError
from shebaoka.terminal.psam_info import PsamInfo
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.vault.model import Vault, VaultError


def told_by(reader: Reader, psam: Psam) -> PsamInfo:
    """What the PSAM in the reader says of itself, its counter among it. Raises Refusal ``psams.other-psam``
    when it is another one, ``psams.silent`` when it does not answer."""
    try:
        reader.reset()
        info = PsamKeys(reader).info()
    except (ReaderError, TerminalError) as error:
        raise Refusal("psams.silent", serial=psam.serial, why=str(error)) from error
    if (info.serial, info.terminal) != (psam.serial, psam.terminal):
        raise Refusal("psams.other-psam", found=info.serial, serial=psam.serial)
    return info


def wiper(reader: Reader, vault: Vault) -> Wiper:
    """What erases the keys of the PSAM in ``reader`` with the loading key of ``vault``'s level, in one
    command, and sees that the level's loading key proves nothing any more."""

    def erase(psam: Psam) -> None:
        told_by(reader, psam)
        try:
            suite = _suite(vault)
            wipe_psam(reader, vault, suite, psam.terminal[:6])
            if _still_opens(reader, vault, suite, psam.terminal[:6]):
                raise LoadError("its keys still answer")
        except (LoadError, PersonalizationError, VaultError, ReaderError) as error:
            raise Refusal("psams.wipe-failed", serial=psam.serial, why=str(error)) from error

    return erase


def _suite(vault: Vault) -> Algorithm:
    loading = LOADING_KEYS[vault.owner.level]
    suites = {handle.algorithm for handle in vault.handles() if handle.name == loading}
    if not suites:
        raise VaultError(f"the vault of {vault.owner} holds no {loading}")
    return Algorithm.SM4 if Algorithm.SM4 in suites else Algorithm.TDES


def _still_opens(reader: Reader, vault: Vault, suite: Algorithm, city: str) -> bool:
    try:
        reader.reset()
        enter(reader, vault, suite, city)
    except (LoadError, PersonalizationError, ReaderError):
        return False
    return True
