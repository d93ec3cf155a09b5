"""Statements and evidence of a draft: written, added and taken back until it is submitted."""

from uuid import UUID

from shebaoka.office.approval.models import Attachment, Case, Statement
from shebaoka.office.approval.plan import items_of
from shebaoka.office.approval.services.steps import draft_locked
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.files import keep
from shebaoka.office.organizations.acts import Act, service

READINESS = "readiness."
LONGEST = 4000
"""Characters of a statement."""


@service("approval.evidence.add")
def attachment_add(act: Act, *, case: UUID, item: str, name: str, content: bytes) -> Attachment:
    """A file for an item. Raises Refusal ``sealed``, ``no-item``, ``item-ending``, ``evidence-twice``,
    ``base.file-unfit``."""
    found = draft_locked(act, case)
    entry = items_of(found.kind).get(item)
    if entry is None:
        raise Refusal("approval.no-item")
    if entry.ending and not name.lower().endswith(f".{entry.ending}"):
        raise Refusal("approval.item-ending", ending=entry.ending)
    name, digest = keep(name, content)
    if found.attachments.filter(item=item, sha256=digest).exists():
        raise Refusal("approval.evidence-twice")
    made = Attachment.objects.create(
        case=found, item=item, name=name, sha256=digest, size=len(content), at=act.time
    )
    act.about(made, case=str(found.pk), item=item, sha256=digest)
    return made


@service("approval.evidence.remove")
def attachment_remove(act: Act, *, attachment: UUID) -> UUID:
    """Takes a file back; what the chain says of it stays. Raises Refusal ``sealed``, ``base.not-found``."""
    case = Attachment.objects.filter(pk=attachment).values_list("case", flat=True).first()
    if case is None:
        raise Refusal("base.not-found", what="file")
    draft_locked(act, case)
    found = Attachment.objects.get(pk=attachment)
    act.about(found, case=str(case), item=found.item, sha256=found.sha256)
    found.delete()
    return attachment


@service("approval.statement.write")
def statement_write(act: Act, *, case: UUID, item: str, text: str) -> Case:
    """What the region says of an item of the readiness checklist (F2); an empty text takes it away. Raises
    Refusal ``sealed``, ``no-item``, ``statement-long``."""
    found = draft_locked(act, case)
    if item not in items_of(found.kind) or not item.startswith(READINESS):
        raise Refusal("approval.no-item")
    tidy = text.replace("\r\n", "\n").strip()
    if len(tidy) > LONGEST:
        raise Refusal("approval.statement-long", most=LONGEST)
    if tidy:
        Statement.objects.update_or_create(case=found, item=item, defaults={"text": tidy})
    else:
        Statement.objects.filter(case=found, item=item).delete()
    act.about(found, item=item, length=len(tidy))
    return found
