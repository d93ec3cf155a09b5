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

_TYPE = "application/x-ndjson"
_AT_ONCE = 16 << 20  # bytes that are answered from memory


@desk("organizations.audit.export")
def export_file(request: DeskRequest) -> HttpResponse:
    """All chains of her area with all checkpoints, as of one moment, after signing where they end."""
    codes = audit_export(request.actor)
    checkpoint_take()
    name = f"audit-{request.actor.organization.code}-{clock.now():%Y%m%d-%H%M%S}.jsonl"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "audit.jsonl"
        export(path, codes)
        if path.stat().st_size <= _AT_ONCE:
            answer = HttpResponse(path.read_bytes(), content_type=_TYPE)
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
        content = path.open("rb")  # gone from the folder with it, open until it is sent
    return cast(HttpResponse, FileResponse(content, as_attachment=True, filename=name, content_type=_TYPE))
