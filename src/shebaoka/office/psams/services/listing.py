"""The signed list of PSAMs that hosts refuse (R-35): a new version with every loss, freeze and return to use.

The signing key follows from the deployment's SECRET_KEY and signs nothing else."""

from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Max

from shebaoka.journal.canonical import canonical
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.psams.choices import BLOCKED
from shebaoka.office.psams.models import BlockList, Psam
from shebaoka.office.psams.services.common import own_body

FORMAT = "shebaoka-psam-block-list-1"
_PURPOSE = b"shebaoka psam block list"


@service("psams.list.publish")
def list_publish(act: Act, *, body: Organization) -> BlockList:
    """The list as it is now, as a new version."""
    body = own_body(act, body.code)
    made = list_renew(body, act)
    act.about(made, version=made.version, entries=made.entries)
    return made


def list_renew(body: Organization, act: Act) -> BlockList:
    """The next version, within another act. Lines of canonical JSON: the head, then a PSAM each."""
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=body.pk)
    blocked = Psam.objects.filter(owner=body, status__in=BLOCKED).order_by("serial")
    rows = list(blocked.values("serial", "terminal", "status"))
    last = BlockList.objects.filter(organization=body).aggregate(last=Max("version"))["last"] or 0
    key = _key()
    signer = fingerprint(key.public_key())
    head = {
        "format": FORMAT,
        "issuer": body.code,
        "version": last + 1,
        "issued": act.time,
        "entries": len(rows),
        "signer": signer,
    }
    content = b"".join(canonical(each) + b"\n" for each in (head, *rows))
    return BlockList.objects.create(
        organization=body,
        version=last + 1,
        issued_at=act.time,
        entries=len(rows),
        content=content.decode(),
        signature=key.sign(content).hex(),
        signer=signer,
    )


def public_key() -> bytes:
    """The key that hosts check lists with, 32 bytes."""
    return _key().public_key().public_bytes_raw()


def fingerprint(key: Ed25519PublicKey) -> str:
    """The name of a signer, 16 hex digits."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def fingerprint_of(key: bytes) -> str:
    """The name of a signer by its public key, 32 bytes."""
    return fingerprint(Ed25519PublicKey.from_public_bytes(key))


def file_of(found: BlockList) -> bytes:
    """The list as hosts get it: what was signed, then a line with the signature."""
    return found.content.encode() + canonical({"signature": found.signature}) + b"\n"


def verified(data: bytes, key: bytes) -> bool:
    """Whether a file is a list that ``key`` (32 bytes) signed, unchanged."""
    content, _, last = data.rstrip(b"\n").rpartition(b"\n")
    try:
        signature = bytes.fromhex(last.decode().removeprefix('{"signature":"').removesuffix('"}'))
        Ed25519PublicKey.from_public_bytes(key).verify(signature, content + b"\n")
    except Exception:
        return False
    return True


def _key() -> Ed25519PrivateKey:
    secret = HKDF(hashes.SHA256(), 32, salt=None, info=_PURPOSE).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(secret)
