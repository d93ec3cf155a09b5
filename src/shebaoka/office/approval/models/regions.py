"""An issuing region (发卡地区) and what it has used of its approved quantity."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.approval.choices import MOVES, State
from shebaoka.office.approval.models.moves import final, moves_kept
from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.models import Organization

_ONCE = """
IF OLD.issuer_number <> '' AND NEW.issuer_number IS DISTINCT FROM OLD.issuer_number THEN
    RAISE EXCEPTION 'region % keeps its issuer number', OLD.id;
END IF;
RETURN NEW;
"""
_NUMBERED = [State.DRAFT, State.CITY_SUBMITTED, State.PROVINCE_REVIEW, State.MINISTRY_REVIEW]


class Region(Record):
    """Where an organization stands on its way to issuing cards (R-06). ``issuer_number``: the issuer
    identifier (10 digits) and the issuing region (6), assigned with the approval, never changed (R-11)."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="issuing_region")
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    issuer_number = models.CharField(_("issuer number"), max_length=16, blank=True, default="")
    since = models.DateTimeField(help_text="of the state")

    class Meta(Record.Meta):
        db_table = "approval_region"
        constraints = [
            models.UniqueConstraint(
                "issuer_number", condition=~Q(issuer_number=""), name="approval_region_number_once"
            ),
            models.CheckConstraint(
                name="approval_region_numbered",
                condition=Q(issuer_number="", state__in=_NUMBERED)
                | Q(issuer_number__regex=r"^\d{16}$") & ~Q(state__in=_NUMBERED),
            ),
            models.CheckConstraint(name="approval_region_state", condition=Q(state__in=State.values)),
        ]
        triggers = [
            noted(),
            moves_kept("state", MOVES, ("organization_id",)),
            pgtrigger.Trigger(name="once", when=pgtrigger.Before, operation=pgtrigger.Update, func=_ONCE),
        ]


class Suspension(Record):
    """A region that may not issue for a time. ``by``: the body that suspended, or resumed, it."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="suspensions")
    suspends = models.BooleanField()
    by = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=400)
    at = models.DateTimeField()

    class Meta(Record.Meta):
        db_table = "approval_suspension"
        triggers = [noted(), final("a suspension")]


class Use(Record):
    """Cards of an order taken from the approved quantity of a year, once for each ``reference`` (R-10)."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="uses")
    year = models.PositiveSmallIntegerField()
    quantity = models.PositiveIntegerField()
    reference = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, help_text="of the order, so that one sent twice is the same")
    at = models.DateTimeField()

    class Meta(Record.Meta):
        db_table = "approval_use"
        constraints = [
            models.UniqueConstraint("region", "reference", name="approval_use_once"),
            models.CheckConstraint(name="approval_use_quantity", condition=Q(quantity__gt=0)),
        ]
        indexes = [models.Index(fields=["region", "year"], name="approval_use_year")]
        triggers = [noted(), final("a use of the quantity")]
