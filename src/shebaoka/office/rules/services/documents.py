"""The writers of rules, plans and acknowledgments."""

from datetime import date
from hashlib import sha256
from uuid import UUID

import msgspec
from django.db.models import Max

from shebaoka.journal.canonical import canonical
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.rules.choices import ACKNOWLEDGED_BY, MOVES, DocumentKind, DocumentState
from shebaoka.office.rules.models import Acknowledgment, Document
from shebaoka.office.rules.services.common import LONGEST_TEXT, line, own_body

_LONGEST_TITLE = 120


class Approval(msgspec.Struct, frozen=True):
    """A version (its id and digest) that is to be in force from a day on."""

    document: str
    digest: str
    in_force_from: date


class Withdrawal(msgspec.Struct, frozen=True):
    """A version that is to be in force no more from a day on. No earlier one comes back."""

    document: str
    withdrawn_on: date
    because: str


@service("rules.document.draft")
def document_draft(
    act: Act, *, organization: Organization, kind: DocumentKind, title: str, text: str
) -> Document:
    """The next version of a body's document, as a draft. Raises Refusal ``no-rules-here`` for a body that is
    none of the three levels, ``draft-there`` while another draft is open, ``unfit-text``."""
    body = own_body(act, organization)
    kind = DocumentKind(kind)
    own = Document.objects.filter(organization=body, kind=kind)
    if own.filter(state=DocumentState.DRAFT).exists():
        raise Refusal("rules.draft-there", document=kind.label)
    title, text = _fit(title, text)
    version = (own.aggregate(last=Max("version"))["last"] or 0) + 1
    made = Document.objects.create(
        organization=body,
        kind=kind,
        version=version,
        title=title,
        text=text,
        digest=digest_of(body, kind, version, title, text),
        drafted_by=act.actor.staff,
        drafted_at=act.time,
    )
    act.about(made, kind=kind.value, version=version, digest=made.digest)
    return made


@service("rules.document.edit")
def document_edit(act: Act, *, document: Document, title: str, text: str) -> Document:
    """Another text of a draft. An approval that was proposed before no longer fits and is refused."""
    draft = _locked(act, document.pk)
    if draft.state != DocumentState.DRAFT:
        raise Refusal("rules.no-draft", document=str(draft))
    draft.title, draft.text = _fit(title, text)
    draft.digest = digest_of(
        draft.organization, DocumentKind(draft.kind), draft.version, draft.title, draft.text
    )
    draft.save(update_fields=["title", "text", "digest"])
    act.about(draft, kind=draft.kind, version=draft.version, digest=draft.digest)
    return draft


@service("rules.document.discard")
def document_discard(act: Act, *, document: Document) -> Document:
    """The end of a draft; its number is not given again."""
    draft = _locked(act, document.pk)
    _move(draft, DocumentState.DISCARDED)
    draft.save(update_fields=["state"])
    act.about(draft, kind=draft.kind, version=draft.version)
    return draft


@two_persons("rules.document.approve", Approval, rehearsed=True)
def document_approve(act: Act, approval: Approval) -> Document:
    """The leader's approval: the text is final, and in force from its day. Raises Refusal ``changed-since``
    when the text is not the one that was proposed, ``not-backwards`` for a day that is past."""
    draft = _locked(act, _id(approval.document))
    if draft.digest != approval.digest:
        raise Refusal("rules.changed-since", document=str(draft))
    if approval.in_force_from < clock.today():
        raise Refusal("rules.not-backwards")
    _move(draft, DocumentState.APPROVED)
    draft.in_force_from, draft.approved_at = approval.in_force_from, act.time
    draft.save(update_fields=["state", "in_force_from", "approved_at"])
    act.about(
        draft,
        kind=draft.kind,
        version=draft.version,
        digest=draft.digest,
        in_force_from=approval.in_force_from,
    )
    return draft


@two_persons("rules.document.withdraw", Withdrawal, rehearsed=True)
def document_withdraw(act: Act, withdrawal: Withdrawal) -> Document:
    """The end of a version that has no successor yet."""
    held = _locked(act, _id(withdrawal.document))
    if withdrawal.withdrawn_on < clock.today():
        raise Refusal("rules.not-backwards")
    because = line(withdrawal.because)
    _move(held, DocumentState.WITHDRAWN)
    held.withdrawn_on, held.withdrawn_because = withdrawal.withdrawn_on, because
    held.save(update_fields=["state", "withdrawn_on", "withdrawn_because"])
    act.about(held, kind=held.kind, version=held.version, withdrawn_on=withdrawal.withdrawn_on)
    return held


@service("rules.document.acknowledge")
def document_acknowledge(act: Act, *, document: Document, digest: str) -> Acknowledgment:
    """Whoever keeps keys or PSAMs has read her own body's version and keeps to it; ``digest``: what she read.

    Raises Refusal ``not-approved``, ``changed-since``, ``not-concerned``, ``acknowledged``."""
    held = _locked(act, document.pk)
    staff = act.actor.staff
    if held.state != DocumentState.APPROVED:
        raise Refusal("rules.not-approved", document=str(held))
    if digest != held.digest:
        raise Refusal("rules.changed-since", document=str(held))
    concerned = not ACKNOWLEDGED_BY[held.kind].isdisjoint(act.actor.roles)
    if staff is None or act.actor.organization != held.organization or not concerned:
        raise Refusal("rules.not-concerned", document=str(held))
    if held.acknowledgments.filter(staff=staff).exists():
        raise Refusal("rules.acknowledged", document=str(held))
    made = Acknowledgment.objects.create(document=held, staff=staff, digest=held.digest, at=act.time)
    act.about(held, kind=held.kind, version=held.version, digest=held.digest)
    return made


def digest_of(body: Organization, kind: DocumentKind, version: int, title: str, text: str) -> str:
    """What is approved and acknowledged, in 64 hex digits."""
    content = {"body": body.code, "kind": kind.value, "version": version, "title": title, "text": text}
    return sha256(canonical(content)).hexdigest()


def _locked(act: Act, id: UUID) -> Document:
    found = (
        Document.objects.select_for_update(of=("self",)).select_related("organization").filter(pk=id).first()
    )
    if found is None or not act.actor.organization.contains(found.organization):
        raise Refusal("base.not-found", what="document")
    act.on(found.organization)
    return found


def _move(document: Document, to: DocumentState) -> None:
    if to not in MOVES[document.state]:
        raise Refusal("rules.no-such-move", document=str(document), state=DocumentState(document.state).label)
    document.state = to


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("base.not-found", what="document") from None


def _fit(title: str, text: str) -> tuple[str, str]:
    title = " ".join(title.split())
    text = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()
    if not 0 < len(title) <= _LONGEST_TITLE or not 0 < len(text) <= LONGEST_TEXT or "\0" in title + text:
        raise Refusal("rules.unfit-text", title=_LONGEST_TITLE, text=LONGEST_TEXT)
    return title, text
