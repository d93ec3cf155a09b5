"""Rows of several chains, through the one writer."""

from datetime import timedelta

from django.db import transaction

from office.conftest import NOW
from shebaoka.office.audit.services import Entry, append

ACT = "custody.carrier.receive"


def add(chain: str, many: int = 1, note: str = "") -> list[Entry]:
    """``many`` rows at the end of a chain."""
    with transaction.atomic():
        return [
            append(
                chain,
                ACT,
                at=NOW + timedelta(microseconds=number),
                persons={"actor": "980100-key-custodian-1"},
                subject=f"custody.carrier:{number}",
                data={
                    "note": note or "收讫，“封签”完好",
                    "number": number,
                    "hash": "0" * 64,
                    "list": [True, None],
                },
            )
            for number in range(many)
        ]
