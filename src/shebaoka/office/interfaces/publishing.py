"""What is published for every program: blacklists, parameters, rules. Nothing of it is a person's."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db.models import QuerySet

from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import ListVersion
from shebaoka.office.cards.services.blacklist import file_of, public_key
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.models import Publication
from shebaoka.office.parameters.paper import publication_pdf
from shebaoka.office.parameters.registry import in_words, known, words
from shebaoka.office.parameters.selectors import all_in_force, publications
from shebaoka.spec.parameters import Value
from shebaoka.terminal.blacklist_file import fingerprint


class Listed(NamedTuple):
    """A signed blacklist: ``tag`` names its version, ``content`` makes the file."""

    tag: str
    content: Callable[[], bytes]


class Published(NamedTuple):
    """A published parameter in force."""

    key: str
    name: str
    value: Value | None
    text: str
    source: str


def blacklists() -> QuerySet[ListVersion]:
    """The latest version of each body's blacklist."""
    found = ListVersion.objects.select_related("organization")
    return found.order_by("organization__code", "-version").distinct("organization__code")


def blacklist(body: str, version: int | None = None) -> Listed:
    """A body's blacklist, the latest or a version. Raises Refusal ``base.not-found``."""
    found = ListVersion.objects.filter(organization__code=body).select_related("organization")
    one = (found if version is None else found.filter(version=version)).order_by("-version").first()
    if one is None:
        raise Refusal("base.not-found", what="list")
    return Listed(f"{body}-{one.version}", lambda: file_of(one.organization, one.version))


def blacklist_key() -> tuple[str, str]:
    """The public key in hex, and the name that lists call it by."""
    key = public_key()
    return key.hex(), fingerprint(Ed25519PublicKey.from_public_bytes(key))


def parameters_of(region: str, day: date) -> list[Published]:
    """The published parameters in force in a region on a day."""
    return [
        Published(
            key,
            str(words(known()[key].name)),
            each.value,
            str(in_words(known()[key], each.value)),
            each.source,
        )
        for key, each in all_in_force(region, day).items()
        if known()[key].published
    ]


def rules_of(body: str) -> list[Publication]:
    """A body's published rules, the latest first. Raises Refusal ``base.not-found``."""
    place = Organization.objects.filter(code=body).first()
    if place is None:
        raise Refusal("base.not-found", what=body)
    return list(publications(place)[:200])


def rules(body: str, version: int) -> Publication:
    """A version of them. Raises Refusal ``base.not-found``."""
    found = Publication.objects.filter(organization__code=body, version=version).first()
    if found is None:
        raise Refusal("base.not-found", what="rules")
    return found


def pdf_of(rules: Publication) -> bytes:
    """The version as PDF."""
    return publication_pdf(rules)
