"""The writer of how keepers are reached (R-31)."""

import re

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.psams.models import KeeperContact

_PHONE = re.compile(r"\+?[0-9][0-9 -]{4,28}")
_DOCUMENT = re.compile(r"[0-9A-Z][0-9A-Z-]{3,29}")


@service("psams.keeper.record")
def keeper_record(act: Act, *, phone: str, document: str) -> KeeperContact:
    """A keeper gives her own telephone and the number of her identity document. Raises Refusal
    ``psams.unfit-contact``."""
    phone, document = " ".join(phone.split()), document.strip().upper()
    if act.actor.staff is None or not _PHONE.fullmatch(phone) or not _DOCUMENT.fullmatch(document):
        raise Refusal("psams.unfit-contact")
    act.on(act.actor.staff.organization)
    values = {"phone": phone, "document": document, "given_at": act.time}
    made, _new = KeeperContact.objects.update_or_create(staff=act.actor.staff, defaults=values)
    act.about(made)
    return made
