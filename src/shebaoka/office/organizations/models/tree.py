"""The tree of organizations."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.choices import Kind

_KEPT = """
IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'an organization is closed, never removed';
END IF;
IF (NEW.code, NEW.region, NEW.kind) IS DISTINCT FROM (OLD.code, OLD.region, OLD.kind) THEN
    RAISE EXCEPTION 'organization % keeps its code, region and kind', OLD.code;
END IF;
RETURN NEW;
"""

# deferred: a move writes the paths of a whole subtree, and they are right only when the last is written
_PLACED = """
IF EXISTS (
    SELECT 1 FROM organizations_organization node
    LEFT JOIN organizations_organization above ON above.id = node.parent_id
    WHERE (node.id = NEW.id OR node.parent_id = NEW.id)
    AND node.path <> coalesce(above.path, '') || node.code || '/'
) THEN
    RAISE EXCEPTION 'the path of organization % does not lead to it', NEW.code;
END IF;
RETURN NULL;
"""


class Organization(Record):
    """A node of the tree. ``code``: region code and what tells the node apart in it (``980100-H01``);
    ``region``: the six digits of GB/T 2260, a province's padded with zeros; ``path``: codes from the root,
    each ended by a slash, so that a subtree is a prefix."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    region = models.CharField(_("region"), max_length=6, db_index=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, unique=True)
    closed_on = models.DateField(_("closed on"), null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="organization_parent",
                condition=Q(kind=Kind.MINISTRY, parent=None) | ~Q(kind=Kind.MINISTRY) & ~Q(parent=None),
            ),
            models.CheckConstraint(name="organization_path", condition=Q(path__endswith="/")),
            models.CheckConstraint(name="organization_region", condition=Q(region__regex=r"^\d{6}$")),
            models.CheckConstraint(
                name="organization_level",
                condition=Q(kind=Kind.MINISTRY, region="000000")
                | Q(kind=Kind.PROVINCE, region__regex=r"^[1-9]\d0000$")
                | Q(kind=Kind.CITY, region__regex=r"^[1-9]\d\d\d00$") & ~Q(region__endswith="0000")
                | ~Q(kind__in=[Kind.MINISTRY, Kind.PROVINCE, Kind.CITY]),
            ),
            models.UniqueConstraint(
                "region",
                "kind",
                condition=Q(kind__in=[Kind.MINISTRY, Kind.PROVINCE, Kind.CITY], closed_on=None),
                name="organization_one_for_a_region",
            ),
        ]
        # a prefix is found by an index only with this operator class
        indexes = [
            models.Index(fields=["path"], name="organization_subtree", opclasses=["varchar_pattern_ops"])
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_KEPT,
            ),
            pgtrigger.Trigger(
                name="placed",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                timing=pgtrigger.Deferred,
                func=_PLACED,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def contains(self, other: "Organization") -> bool:
        """Whether ``other`` is this organization or below it (R-04)."""
        return other.path.startswith(self.path)
