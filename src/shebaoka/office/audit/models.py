"""Chains, their rows, signed checkpoints, and writes that came past the services."""

import pgtrigger
from django.db import models
from django.db.models import Q

from shebaoka.office.base.ids import new_id

_FINAL = "RAISE EXCEPTION 'audit rows are never changed or removed';"
_GROWS = """
IF TG_OP = 'DELETE' OR NEW.code IS DISTINCT FROM OLD.code OR NEW.sequence <> OLD.sequence + 1 THEN
    RAISE EXCEPTION 'chain % only grows', OLD.code;
END IF;
RETURN NEW;
"""
_ENTERED_ONCE = """
IF TG_OP = 'DELETE' OR OLD.entered IS NOT NULL
    OR to_jsonb(NEW) - 'entered' IS DISTINCT FROM to_jsonb(OLD) - 'entered' THEN
    RAISE EXCEPTION 'the note of a bypass is never changed or removed';
END IF;
RETURN NEW;
"""


def _kept(name: str, rule: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name, when=pgtrigger.Before, operation=pgtrigger.Update | pgtrigger.Delete, func=rule
    )


class Chain(models.Model):
    """The end of an organization's chain, locked while a row is added: its last number and hash."""

    code = models.CharField(primary_key=True, max_length=40)
    sequence = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        db_table = "audit_chain"
        triggers = [_kept("grows", _GROWS)]


class Row(models.Model):
    """A record of a chain. ``line`` is what the hash is of; the other columns are for searching."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="rows", db_index=False)
    sequence = models.BigIntegerField()
    at = models.DateTimeField()
    act = models.CharField(max_length=80)
    actor = models.CharField(max_length=80)
    subject = models.CharField(max_length=120, blank=True)
    line = models.TextField()

    class Meta:
        db_table = "audit_row"
        constraints = [models.UniqueConstraint(fields=["chain", "sequence"], name="audit_row_once")]
        indexes = [
            models.Index(fields=["subject", "at"], name="audit_row_subject", condition=~Q(subject="")),
            models.Index(fields=["actor", "at"], name="audit_row_actor"),
            models.Index(fields=["at"], name="audit_row_time"),
        ]
        triggers = [_kept("final", _FINAL)]


class Checkpoint(models.Model):
    """The ends of the chains that grew since the checkpoint before, signed. ``content``: canonical bytes as
    text (:mod:`shebaoka.journal.checkpoint`); ``signature``: Ed25519, hex."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    content = models.TextField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        db_table = "audit_checkpoint"
        triggers = [_kept("final", _FINAL)]


class Signed(models.Model):
    """How far a chain is covered by checkpoints: for taking the next one, of no weight for verifying."""

    chain = models.CharField(primary_key=True, max_length=40)
    sequence = models.BigIntegerField()

    class Meta:
        db_table = "audit_signed"


class Bypass(models.Model):
    """A write outside of a service call: hashes of the row before and after, never its content. ``entered``:
    the number of the record of the ministry's chain that tells of it."""

    id = models.BigAutoField(primary_key=True)
    relation = models.TextField()
    operation = models.TextField()
    row_id = models.TextField(null=True)
    before = models.TextField(null=True)
    after = models.TextField(null=True)
    login = models.TextField()
    address = models.GenericIPAddressField(null=True)
    at = models.DateTimeField()
    entered = models.BigIntegerField(null=True)

    class Meta:
        db_table = "audit_bypass"
        indexes = [
            models.Index(fields=["id"], name="audit_bypass_waits", condition=Q(entered=None)),
        ]
        triggers = [_kept("entered_once", _ENTERED_ONCE)]
