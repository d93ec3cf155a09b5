"""The writers of keys loaded into PSAMs and of their outward appearance."""

import msgspec

from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.psams.choices import Algorithm, Form, KeyLevel, Status
from shebaoka.office.psams.models import Psam, PsamKey
from shebaoka.office.psams.services.common import move, not_now, owned, words

PICTURE_SIZE = 2_000_000
"""Most bytes of a picture."""
KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
"""How a picture begins, and its type."""
_LEVELS = {
    KeyLevel.NATION: frozenset({Kind.MINISTRY}),
    KeyLevel.PROVINCE: frozenset({Kind.PROVINCE, Kind.CITY}),
    KeyLevel.CITY: frozenset({Kind.CITY}),
}
"""Who registers the loading of a level's keys: a city also what its province loaded for it."""


class LoadedKey(msgspec.Struct, frozen=True):
    """Keys of a level with their cipher and version."""

    level: KeyLevel
    algorithm: Algorithm
    version: int


class Loading(msgspec.Struct, frozen=True):
    """What was loaded into PSAMs. ``evidence``: number of the loading record."""

    organization: str
    serials: tuple[str, ...]
    keys: tuple[LoadedKey, ...]
    evidence: str


@two_persons("psams.psam.key", Loading, rehearsed=True)
def psam_key(act: Act, loading: Loading) -> Psam:
    """Keys were loaded, seen by two persons. A PSAM that was received is keyed from then on.

    Raises Refusal ``psams.keys-not-asked`` for a level or cipher the application does not have,
    ``psams.keys-known``, ``psams.not-now``."""
    psams = owned(act, loading.serials)
    if not psams or not loading.keys or loading.organization != act.actor.organization.code:
        raise Refusal("base.not-found", what=loading.organization)
    evidence = words(loading.evidence)
    for psam in psams:
        if psam.status not in (Status.RECEIVED, Status.KEYED, Status.IN_STOCK):
            raise not_now(psam)
        _load(act, psam, loading.keys)
        if psam.status == Status.RECEIVED:
            move(psam, Status.KEYED, act, evidence)
    act.about(psams[0], count=len(psams), evidence=evidence, first=psams[0].serial, last=psams[-1].serial)
    return psams[0]


@service("psams.psam.stock")
def psam_stock(
    act: Act, *, serial: str, printed: str, form: Form, seal: str = "", picture: bytes = b""
) -> Psam:
    """Its outward appearance is registered and it lies in stock. Raises Refusal ``psams.printed-taken``,
    ``psams.unfit-picture``, ``psams.not-now``."""
    (psam,) = owned(act, [serial])
    if psam.status != Status.KEYED:
        raise not_now(psam)
    printed = words(printed)[:40]
    if Psam.objects.filter(printed=printed).exclude(pk=psam.pk).exists():
        raise Refusal("psams.printed-taken", printed=printed)
    psam.printed, psam.form, psam.seal = printed, Form(form), seal.strip()[:40]
    psam.picture = _picture(picture) if picture else ""
    psam.save(update_fields=["printed", "form", "seal", "picture"])
    move(psam, Status.IN_STOCK, act)
    act.about(psam, serial=serial, printed=printed, form=psam.form, picture=psam.picture)
    return psam


def _load(act: Act, psam: Psam, keys: tuple[LoadedKey, ...]) -> None:
    for key in keys:
        asked = key.level in psam.order.levels and key.algorithm in psam.order.algorithms
        if not asked or act.actor.organization.kind not in _LEVELS[key.level] or not 1 <= key.version <= 255:
            raise Refusal("psams.keys-not-asked", serial=psam.serial, level=key.level.label)
        known = psam.keys.filter(level=key.level, algorithm=key.algorithm, version=key.version)
        if known.exists():
            raise Refusal("psams.keys-known", serial=psam.serial, level=key.level.label)
        PsamKey.objects.create(
            psam=psam,
            level=key.level,
            algorithm=key.algorithm,
            version=key.version,
            loaded_at=act.time,
            loaded_by=act.actor.organization,
        )


def _picture(picture: bytes) -> str:
    kind = next((kind for magic, kind in KINDS.items() if picture.startswith(magic)), "")
    if len(picture) > PICTURE_SIZE or not kind:
        raise Refusal("psams.unfit-picture", most=PICTURE_SIZE // 1_000_000)
    _name, digest = files.keep(f"psam.{kind.removeprefix('image/')}", picture)
    return digest
