"""Forms that were sent and done, so that the same one sent again does nothing more."""

from django.db import models

from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.models.staff import Staff


class SentForm(Record):
    """A form of a page that led to an act. ``token``: the one the page was given with it; ``digest``: a keyed
    digest of the answers, 64 hex digits; ``address``: where whoever sent it was led."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sent_forms")
    token = models.UUIDField()
    digest = models.CharField(max_length=64)
    address = models.CharField(max_length=400)
    at = models.DateTimeField(db_index=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("staff", "token", name="sent_form_once")]
        triggers = [noted()]
