"""Organizations, staff and their roles, staff sessions, acts of two persons."""

from typing import ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base.ids import new_id
from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.choices import Decision, Kind


class Organization(Record):
    """A node of the tree. ``code``: region code and what tells the node apart in it (``980100-H01``);
    ``region``: the six digits of GB/T 2260, a province's padded with zeros; ``path``: codes from the root,
    each ended by a slash, so that a subtree is a prefix."""

    code = models.CharField(max_length=20, unique=True)
    region = models.CharField(max_length=6, db_index=True)
    kind = models.CharField(max_length=10, choices=Kind)
    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=200, unique=True)
    closed_on = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="organization_parent",
                condition=Q(kind=Kind.MINISTRY, parent=None) | ~Q(kind=Kind.MINISTRY) & ~Q(parent=None),
            ),
            models.CheckConstraint(name="organization_path", condition=Q(path__endswith="/")),
        ]

    def __str__(self) -> str:
        return self.name

    def contains(self, other: "Organization") -> bool:
        """Whether ``other`` is this organization or below it (R-04)."""
        return other.path.startswith(self.path)


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by number."""


class Staff(AbstractBaseUser):
    """A member of staff. ``number`` is what the records name her by; it is never given to another."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("staff number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="staff")
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "number"
    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        triggers = [noted()]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class Assignment(Record):
    """A role of a member of staff at her organization, from a day until a day."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="assignments")
    role = models.CharField(max_length=40)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="assignments")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="assignment_dates", condition=Q(until=None) | Q(until__gt=F("since"))
            ),
            models.UniqueConstraint(
                "staff", "role", "organization", condition=Q(until=None), name="assignment_once"
            ),
        ]


class StaffSession(Record):
    """A time of work that a member of staff began with a purpose; acts refer to it."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sessions")
    purpose = models.CharField(max_length=200)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="staff_session_times", condition=Q(ends_at__gt=F("began_at"))),
        ]


class TwoPersonAct(Record):
    """An act one person makes and others, as many as it needs, check: never the maker, never one twice.

    ``payload`` is what the handler of the act gets; ``digest`` its SHA-256, which the checkers saw."""

    act = models.CharField(max_length=80)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    subject = models.CharField(max_length=120, blank=True)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=400, blank=True)
    needs = models.PositiveSmallIntegerField(default=1)
    maker = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="made_acts")
    made_at = models.DateTimeField()
    checker = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="checked_acts")
    second_checker = models.ForeignKey(
        Staff, null=True, on_delete=models.PROTECT, related_name="second_checked_acts"
    )
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.WAITING)
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="two_person_act_maker_is_no_checker",
                condition=(Q(checker=None) | ~Q(checker=F("maker")))
                & (Q(second_checker=None) | ~Q(second_checker=F("maker"))),
            ),
            models.CheckConstraint(
                name="two_person_act_checkers_differ",
                condition=Q(second_checker=None) | (~Q(checker=None) & ~Q(checker=F("second_checker"))),
            ),
            models.CheckConstraint(name="two_person_act_needs", condition=Q(needs__in=(1, 2))),
            models.CheckConstraint(
                name="two_person_act_done_is_checked",
                condition=~Q(decision=Decision.DONE)
                | Q(needs=1) & ~Q(checker=None)
                | Q(needs=2) & ~Q(second_checker=None),
            ),
            models.CheckConstraint(
                name="two_person_act_decided_at",
                condition=Q(decision=Decision.WAITING, decided_at=None)
                | ~Q(decision=Decision.WAITING) & ~Q(decided_at=None),
            ),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="settled",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                IF TG_OP = 'DELETE' THEN
                    RAISE EXCEPTION 'an act of two persons is never removed';
                END IF;
                IF OLD.decision <> 'waiting' THEN
                    RAISE EXCEPTION 'act % is decided already', OLD.id;
                END IF;
                IF (NEW.act, NEW.maker_id, NEW.payload, NEW.digest, NEW.needs, NEW.organization_id,
                    NEW.made_at)
                    IS DISTINCT FROM
                   (OLD.act, OLD.maker_id, OLD.payload, OLD.digest, OLD.needs, OLD.organization_id,
                    OLD.made_at)
                THEN
                    RAISE EXCEPTION 'act % keeps its maker and its content', OLD.id;
                END IF;
                IF OLD.checker_id IS NOT NULL AND NEW.checker_id IS DISTINCT FROM OLD.checker_id THEN
                    RAISE EXCEPTION 'act % keeps its first checker', OLD.id;
                END IF;
                RETURN NEW;
                """,
            ),
        ]
