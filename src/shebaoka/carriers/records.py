"""What a carrier is about to hold, for the journal of cards (:mod:`shebaoka.vault.card_records`)."""

from datetime import datetime

from shebaoka.carriers.identity import Identity, Status
from shebaoka.carriers.keys import CONTROL
from shebaoka.vault.carried import SealedKeys, sealed_handles
from shebaoka.vault.contents import Card, Contents, KeyFact, fact_of
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.model import Body, Vault
from shebaoka.vault.register import sub_key


def issued(vault: Vault, identity: Identity, time: datetime) -> Contents:
    """A carrier as ISSUE CARRIER leaves it: a master control card gives its control key out; the others know
    it too, but only to check and prove it, so it is not among what they carry."""
    keys = []
    if identity.kind == Card.MASTER_CONTROL:
        control = vault.find(CONTROL, 1, identity.suite)
        factor = child_factor(identity.owner)
        kcv = vault.cipher(control, factor).encrypt(bytes(control.algorithm.block_size))[:3].hex().upper()
        keys = [fact_of(sub_key(control, identity.owner, factor, kcv))]
    return _contents(identity, time, keys=tuple(keys))


def filled(pair: tuple[Identity, Identity], sealed: SealedKeys, time: datetime) -> tuple[Contents, Contents]:
    """Mother card and transmission card of an export. The keys are read from the sealed blocks' headers."""
    mother, transmission = pair
    keys = tuple(map(fact_of, sealed_handles(sealed, mother.owner)))
    reference = sealed.reference.hex().upper()
    return _contents(mother, time, reference, keys), _contents(transmission, time, reference)


def emptied(identity: Identity, time: datetime) -> Contents:
    """A carrier that is erased."""
    return _contents(identity, time)


def erased_before(issuer: Body, status: Status, time: datetime) -> Contents:
    """A blank carrier that its issuer erased, by what it still tells."""
    return Contents(Card(status.kind), status.former, issuer, issuer, (), time)


def _contents(
    identity: Identity, time: datetime, reference: str = "", keys: tuple[KeyFact, ...] = ()
) -> Contents:
    return Contents(
        Card(identity.kind), identity.serial, identity.issuer, identity.owner, keys, time, reference
    )
