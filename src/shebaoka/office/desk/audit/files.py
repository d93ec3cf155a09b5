"""The record of an area as a file, for whoever verifies it without the office."""

import tempfile
from pathlib import Path
from typing import cast

from django.http import FileResponse, HttpResponse

from shebaoka.office.audit.checkpoints import checkpoint_take
from shebaoka.office.audit.exporting import export
from shebaoka.office.base import clock
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.organizations.services import audit_export


@desk("organizations.audit.export")
def export_file(request: DeskRequest) -> HttpResponse:
    """All chains of her area with all checkpoints, as of one moment, after signing where they end."""
    codes = audit_export(request.actor)
    checkpoint_take()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.jsonl"
        export(path, codes)
        content = path.open("rb")  # gone from the folder with it, open until it is sent
    name = f"audit-{request.actor.organization.code}-{clock.now():%Y%m%d-%H%M%S}.jsonl"
    answer = FileResponse(content, as_attachment=True, filename=name, content_type="application/x-ndjson")
    return cast(HttpResponse, answer)
