"""The conditions of use that a keeper accepts: shipped sentences and the body's own PSAM rules."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from shebaoka.journal.canonical import canonical
from shebaoka.office.base.catalogue import Words
from shebaoka.office.organizations.models import Organization
from shebaoka.office.rules.choices import DocumentKind
from shebaoka.office.rules.selectors import valid_documents
from shebaoka.spec.loading import read_toml


@cache
def conditions() -> dict[str, Words]:
    """The sentences by name, in the order they are shown (R-34)."""
    return msgspec.convert(read_toml(Path(__file__).with_name("conditions.toml")), dict[str, Words])


def accepted_digest(body: Organization) -> str:
    """What a keeper accepts today, 64 hex digits: the sentences and the version of the body's PSAM rules that
    is in force."""
    rules = valid_documents(body).documents.get(DocumentKind.PSAM_RULES)
    content = {
        "sentences": {name: text.zh for name, text in conditions().items()},
        "rules": rules.digest if rules else "",
    }
    return sha256(canonical(content)).hexdigest()
