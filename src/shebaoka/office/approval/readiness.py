"""Whether a case can be submitted: evidence for every item, a full form, a conforming structure."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from shebaoka.journal.canonical import canonical
from shebaoka.office.approval.models import Attachment, Case
from shebaoka.office.approval.plan import Item, Plan, fields, from_data, items_of, missing, unfit
from shebaoka.office.approval.structure import StructureProblem, structure_problems
from shebaoka.office.rules.choices import DocumentKind
from shebaoka.office.rules.selectors import valid_documents

PLAN_FACE, PLAN_STRUCTURE = "material.card-face", "material.file-structure"
_CONTINGENCY = "readiness.contingency-plan"


@dataclass(frozen=True, slots=True)
class ItemState:
    """An item with its evidence. ``document``: a version in force that stands for it (contingency plan)."""

    key: str
    item: Item
    files: tuple[Attachment, ...]
    document: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing shows that it is there."""
        return not self.files and not self.document


@dataclass(frozen=True, slots=True)
class Readiness:
    """What a case has and lacks. ``plan_missing``, ``plan_unfit``: fields of the form."""

    items: tuple[ItemState, ...]
    plan: Plan
    plan_missing: tuple[str, ...]
    plan_unfit: tuple[str, ...]
    structure: tuple[StructureProblem, ...] = field(default=())

    @property
    def missing(self) -> tuple[ItemState, ...]:
        """Needed items that are empty."""
        return tuple(each for each in self.items if each.item.needed and each.empty)

    @property
    def ready(self) -> bool:
        """Whether it can be submitted."""
        return not (self.missing or self.plan_missing or self.plan_unfit or self.structure)


def readiness(case: Case) -> Readiness:
    """How far the case is. Reads the extension files."""
    plan = from_data(case.plan)
    files: dict[str, list[Attachment]] = {}
    for attachment in case.attachments.order_by("item", "name", "pk"):
        files.setdefault(attachment.item, []).append(attachment)
    states = tuple(
        ItemState(key, item, tuple(files.get(key, ())), _document(case) if key == _CONTINGENCY else "")
        for key, item in items_of(case.kind).items()
    )
    bad = tuple(unfit(plan))
    extensions = [(each.name, each.sha256) for each in files.get(PLAN_STRUCTURE, ())]
    structure = structure_problems(plan.layout, extensions) if plan.layout and "layout" not in bad else []
    return Readiness(states, plan, tuple(missing(plan)), bad, tuple(structure))


def case_digest(case: Case) -> str:
    """SHA-256 over form and evidence: what the reviewing bodies see is what was submitted (R-08)."""
    files = case.attachments.order_by("item", "sha256").values_list("item", "name", "sha256", "size")
    content: dict[str, Any] = {
        "kind": case.kind,
        "plan": case.plan,
        "changes": case.changes,
        "reason": case.reason,
        "effect": case.effect,
        "effective_on": case.effective_on.isoformat() if case.effective_on else None,
        "files": [list(each) for each in files],
    }
    said = dict(case.statements.order_by("item").values_list("item", "text"))
    if said:
        content["statements"] = said
    return sha256(canonical(content)).hexdigest()


def changes(before: Case, after: Case) -> list[str]:
    """Fields in which a case differs from the approved one: the form, and the files of face and structure."""
    found = {name for name in fields() if before.plan.get(name) != after.plan.get(name)}
    for item, name in ((PLAN_FACE, "face"), (PLAN_STRUCTURE, "structure")):
        if _digests(before, item) != _digests(after, item):
            found.add(name)
    return [name for name in fields() if name in found]


def _digests(case: Case, item: str) -> set[str]:
    return set(case.attachments.filter(item=item).values_list("sha256", flat=True))


def _document(case: Case) -> str:
    """The version of the contingency plan in force at the region, as its id; empty without one."""
    found = valid_documents(case.region.organization).documents.get(DocumentKind.CONTINGENCY_PLAN)
    return str(found.pk) if found is not None else ""
