"""The register of keys is filled from the vaults: descriptions and check values, never keys (R-24, R-52)."""

from collections.abc import Sequence

from django.conf import settings

from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.bodies import LEVELS, body_code
from shebaoka.office.custody.key_lines import KeyLine
from shebaoka.office.custody.models import Hsm, KeyRecord, KeyStateChange
from shebaoka.office.custody.services.common import own_body
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.vault.states import KeyState

_OUT_OF_USE = (KeyState.SUSPENDED.value, KeyState.RETIRED.value, KeyState.DESTROYED.value)


@service("custody.keys.read")
def keys_read(act: Act, *, organization: str, keys: Sequence[KeyLine], hsm: str = "") -> Organization:
    """Takes over what the body's vault says it holds, the whole of it: new keys, changed states, keys that it
    does not name any more. ``hsm``: serial of the device they lie in.

    Raises Refusal ``custody.key-foreign`` for a key that is not the body's own or received from the level
    above (R-24), ``custody.key-differs`` for another check value or parent, ``custody.key-mark`` where test
    and production meet (R-55); nothing is changed then."""
    body = own_body(act, organization)
    device = Hsm.objects.filter(organization=body, serial=hsm).first() if hsm else None
    if hsm and device is None:
        raise Refusal("base.not-found", what=hsm)
    known = {key.key_id: key for key in KeyRecord.objects.select_for_update().filter(organization=body)}
    for line in keys:
        _check(body, line, known.get(line.id))
    added = [line for line in keys if line.id not in known]
    for line in keys:
        if line.id in known:
            _seen(act, known[line.id], line, device)
    made = KeyRecord.objects.bulk_create(_record(act, body, line, device) for line in added)
    KeyStateChange.objects.bulk_create(KeyStateChange(key=key, state=key.state, at=act.time) for key in made)
    named = {line.id for line in keys}
    gone = [key for key in known.values() if key.key_id not in named and key.missing_since is None]
    for key in gone:
        key.missing_since = act.time
        key.save(update_fields=["missing_since"])
        key.rotations.filter(done_at=None).update(done_at=act.time)
    act.about(body, keys=len(keys), added=len(added), missing=[key.key_id for key in gone])
    return body


def _check(body: Organization, line: KeyLine, known: KeyRecord | None) -> None:
    owner = body_code(body) or "nation"
    above = body.parent
    from_above = f"{body_code(above) or 'nation'}:" if above is not None else None
    level = str(LEVELS[Kind(body.kind)])
    parent_fits = not line.parent or (from_above is not None and line.parent.startswith(from_above))
    if not line.id.startswith(f"{owner}:") or line.level != level or not parent_fits:
        raise Refusal("custody.key-foreign", key=line.id)
    if line.test_only is settings.PRODUCTION:
        raise Refusal("custody.key-mark", key=line.id)
    if line.state not in set(KeyState):
        raise Refusal("custody.key-foreign", key=line.id)
    if known is not None and (known.kcv, known.parent) != (line.kcv.upper(), line.parent):
        raise Refusal("custody.key-differs", key=line.id, before=known.kcv, now=line.kcv)


def _record(act: Act, body: Organization, line: KeyLine, device: Hsm | None) -> KeyRecord:
    return KeyRecord(
        organization=body,
        hsm=device,
        key_id=line.id,
        level=line.level,
        name=line.name,
        usage=line.usage,
        version=line.version,
        algorithm=line.algorithm,
        scope=line.scope,
        parent=line.parent,
        factor=line.factor if line.parent else "",
        kcv=line.kcv.upper(),
        exportable=line.exportable,
        test_only=line.test_only,
        state=line.state,
        first_seen=act.time,
        last_seen=act.time,
    )


def _seen(act: Act, key: KeyRecord, line: KeyLine, device: Hsm | None) -> None:
    if key.state != line.state:
        KeyStateChange.objects.create(key=key, state=line.state, at=act.time)
    key.state, key.last_seen, key.missing_since = line.state, act.time, None
    key.hsm = device or key.hsm
    if line.state in _OUT_OF_USE:
        key.rotations.filter(done_at=None).update(done_at=act.time)
    key.save(update_fields=["state", "last_seen", "missing_since", "hsm"])
