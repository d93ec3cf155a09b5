"""Staff, their roles, the times they work."""

from typing import ClassVar

import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.ids import new_id
from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.models.tree import Organization

_KEPT = """
IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a member of staff leaves, but her number stays taken';
END IF;
IF NEW.number IS DISTINCT FROM OLD.number THEN
    RAISE EXCEPTION 'staff % keeps her number', OLD.number;
END IF;
RETURN NEW;
"""


class StaffManager(BaseUserManager["Staff"]):
    """Finds staff by number."""


class Staff(AbstractBaseUser):
    """A member of staff. ``number`` is what the records name her by; it is never given to another.

    ``is_active`` is false while she is suspended and after she left (``left_on``)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(_("staff number"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="staff")
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(null=True)
    # the chain says when she signed in; Django's own column would be written outside of a service
    last_login = None

    USERNAME_FIELD = "number"
    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="staff_left_is_not_active", condition=Q(left_on=None) | Q(is_active=False)
            ),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="kept",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_KEPT,
            ),
        ]

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
                name="assignment_dates", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
            models.UniqueConstraint(
                "staff", "role", "organization", condition=Q(until=None), name="assignment_once"
            ),
        ]


class StaffSession(Record):
    """A time of work that a member of staff began with a purpose; acts refer to it. One at a time."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sessions")
    purpose = models.CharField(_("purpose"), max_length=200)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="staff_session_times", condition=Q(ends_at__gt=F("began_at"))),
            models.UniqueConstraint("staff", condition=Q(closed_at=None), name="staff_session_one_open"),
        ]

    @property
    def left(self) -> int:
        """Seconds until it ends."""
        return max(0, int((self.ends_at - clock.now()).total_seconds()))
