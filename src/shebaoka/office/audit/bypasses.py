"""Brings notes of writes that came past the services into the ministry's chain."""

from django.db import transaction

from shebaoka.office.audit.models import Bypass
from shebaoka.office.audit.services import ROOT, SYSTEM, append
from shebaoka.office.base import clock

ACT = "audit.bypass"
_TOGETHER = 100


def bypass_enter() -> int:
    """One record for up to a hundred notes, as long as there are any; gives the number of notes."""
    total = 0
    while many := _enter():
        total += many
    return total


def _enter() -> int:
    with transaction.atomic():
        notes = list(
            Bypass.objects.select_for_update(skip_locked=True).filter(entered=None).order_by("id")[:_TOGETHER]
        )
        if not notes:
            return 0
        entry = append(
            ROOT, ACT, at=clock.now(), persons={"actor": SYSTEM}, data={"notes": [_told(n) for n in notes]}
        )
        Bypass.objects.filter(pk__in=[note.pk for note in notes]).update(entered=entry.sequence)
        return len(notes)


def _told(note: Bypass) -> dict[str, object]:
    return {
        "id": note.pk,
        "table": note.relation,
        "operation": note.operation,
        "row": note.row_id,
        "before": note.before,
        "after": note.after,
        "login": note.login,
        "address": note.address,
        "at": note.at,
    }
