"""Chains, their rows, and writes that came past the services."""

import pgtrigger
from django.db import models

from shebaoka.office.base.ids import new_id

_FINAL = "RAISE EXCEPTION 'audit rows are never changed or removed';"


class Chain(models.Model):
    """The end of an organization's chain, locked while a row is added."""

    code = models.CharField(primary_key=True, max_length=40)
    sequence = models.BigIntegerField(default=0)
    last = models.TextField(blank=True, default="", help_text="the last record, as it stands in the chain")

    class Meta:
        db_table = "audit_chain"


class Row(models.Model):
    """A record of a chain. ``line`` is what the hash is of; the other columns are for searching."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="rows")
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True)
    line = models.TextField()

    class Meta:
        db_table = "audit_row"
        constraints = [models.UniqueConstraint("chain", "sequence", name="audit_row_once")]
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_row_subject"),
            models.Index(fields=["actor", "at"], name="audit_row_actor"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="final",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func=_FINAL,
            )
        ]


class Bypass(models.Model):
    """A write outside of a service call: hashes of the row before and after, never its content."""

    id = models.BigAutoField(primary_key=True)
    relation = models.TextField()
    operation = models.TextField()
    row_id = models.TextField(null=True)
    before = models.TextField(null=True)
    after = models.TextField(null=True)
    login = models.TextField()
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "audit_bypass"
