"""The card blacklist (黑名单, Part 8 §7): a new version within every act that stops a card, or lets it go on.

Listed is a card out in the world that nobody may use: lost, locked or ended, and not recovered. The signing
key follows from the deployment's SECRET_KEY and signs nothing else."""

from datetime import timedelta

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db.models import Q

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Card, Listed, ListVersion
from shebaoka.office.cards.services.common import next_number, organization_of
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.selectors import number as parameter
from shebaoka.terminal.blacklist import Blacklist, Single
from shebaoka.terminal.blacklist_file import sign

STOPPED = ("2", "3", "4", "6", "9")
OUTSIDE = ("held", "gone")
_PURPOSE = b"shebaoka card blacklist"


def follow(act: Act, *cards: Card) -> None:
    """The list after a step of these cards, within the act: a new version when one of them comes or goes."""
    for card in cards:
        wanted = card.social in STOPPED and card.plastic in OUTSIDE
        listed = Listed.objects.filter(card=card, last=None).first()
        if wanted == (listed is not None):
            continue
        version = _version(card.organization, act, 1 if wanted else -1)
        if listed is not None:
            listed.last = version - 1
            listed.save(update_fields=["last"])
        else:
            Listed.objects.create(
                card=card,
                organization=card.organization,
                code=card.code,
                number=card.number,
                first=version,
            )


@service("cards.blacklist.publish")
def blacklist_publish(act: Act, *, organization: Organization) -> ListVersion:
    """A new version with a new time, so that the list stays fresh; cards that have expired leave it: no
    terminal takes them."""
    act.on(organization)
    expired = Listed.objects.filter(
        organization=organization, last=None, card__valid_until__lt=clock.today()
    ).values_list("pk", flat=True)
    gone = list(expired[:5000])
    version = _version(organization, act, -len(gone))
    Listed.objects.filter(pk__in=gone).update(last=version - 1)
    made = ListVersion.objects.get(organization=organization, version=version)
    act.about(made, version=version, entries=made.entries)
    return made


def blacklist(organization: Organization, version: int | None = None) -> Blacklist:
    """The list of a body, the latest or an earlier version. Raises Refusal ``base.not-found``."""
    versions = ListVersion.objects.filter(organization=organization)
    found = (
        versions.order_by("-version").first() if version is None else versions.filter(version=version).first()
    )
    if found is None:
        raise Refusal("base.not-found", what="list")
    listed = Listed.objects.filter(
        Q(last=None) | Q(last__gte=found.version), organization=organization, first__lte=found.version
    )
    singles = frozenset(Single(code, number) for code, number in listed.values_list("code", "number"))
    hours = parameter(organization, "cards.blacklist-hours")
    return Blacklist(
        organization.code,
        found.version,
        found.issued_at.replace(microsecond=0),
        timedelta(hours=hours),
        singles,
    )


def file_of(organization: Organization, version: int | None = None) -> bytes:
    """The signed file, as terminals install it (:mod:`shebaoka.terminal.blacklist_file`)."""
    return sign(blacklist(organization, version), _key())


def public_key() -> bytes:
    """The key that terminals check lists with, 32 bytes."""
    return _key().public_key().public_bytes_raw()


def _version(organization: Organization, act: Act, change: int) -> int:
    """The next version; acts of one body wait for each other here, last of all locks."""
    version = next_number(f"blacklist {organization_of(organization.code).code}")
    before = ListVersion.objects.filter(organization=organization).order_by("-version").first()
    ListVersion.objects.create(
        organization=organization,
        version=version,
        issued_at=act.time,
        entries=(before.entries if before else 0) + change,
    )
    return version


def _key() -> Ed25519PrivateKey:
    secret = HKDF(hashes.SHA256(), 32, salt=None, info=_PURPOSE).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(secret)
