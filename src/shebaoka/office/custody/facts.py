"""Keys and carriers of the registers as the vaults name them, so that what a loss exposes can be computed."""

import re

from shebaoka.office.base import clock
from shebaoka.office.custody.bodies import body_of
from shebaoka.office.custody.models import Carrier, KeyRecord
from shebaoka.vault.contents import Card, Contents, KeyFact
from shebaoka.vault.model import Level

_KEY_ID = re.compile(r"(nation|\d{2}|\d{6}):([^:\s]{1,60}):(\d{1,3}):([0-9A-Za-z]{1,12})")
_LEVELS = {0: Level.NATION, 2: Level.PROVINCE, 6: Level.CITY}


def is_key_id(text: str) -> bool:
    """Whether it reads like ``98:BK:1:SM4``."""
    return _KEY_ID.fullmatch(text) is not None


def fact_of_record(key: KeyRecord) -> KeyFact:
    """A key of the register."""
    owner = key.key_id.partition(":")[0].replace("nation", "")
    return KeyFact(
        *(key.key_id, owner, Level(key.level), key.name, key.usage),
        *(key.version, key.algorithm, key.parent, key.kcv),
    )


def fact_of_id(key_id: str, sender: str) -> KeyFact:
    """A key that is known by its id only, because it is on a carrier and in no register yet. ``sender``: code
    of the body above, whose key of the same name it comes from. Raises ValueError for no id of a key."""
    found = _KEY_ID.fullmatch(key_id)
    if found is None:
        raise ValueError(f"{key_id!r} is no id of a key")
    code, name, version, algorithm = found.groups()
    code = "" if code == "nation" else code
    parent = f"{sender or 'nation'}:{name}:{version}:{algorithm}" if sender != code else ""
    return KeyFact(key_id, code, _LEVELS[len(code)], name, "", int(version), algorithm, parent, "")


def contents_of(carrier: Carrier, known: dict[str, KeyFact]) -> Contents:
    """What the register says a carrier holds. ``known``: facts by key id. Keys of a body on a carrier were
    sent by the body above it."""
    owner = carrier.keys[0].partition(":")[0].replace("nation", "") if carrier.keys else ""
    sender = owner[:2] if len(owner) == 6 else ""
    keys = tuple(known.get(key) or fact_of_id(key, sender) for key in carrier.keys)
    issuer, holder = body_of(carrier.issuer), body_of(carrier.holder)
    return Contents(Card(carrier.kind), carrier.serial, issuer, holder, keys, clock.now(), carrier.pair)
