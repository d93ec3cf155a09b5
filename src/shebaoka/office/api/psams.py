"""PSAMs for hosts (R-59, R-35): a question in every online transaction, the signed block lists, their key."""

from typing import Annotated
from uuid import UUID

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from shebaoka.office.api.asking import answer, for_hosts, problem, question
from shebaoka.office.psams.choices import Verdict
from shebaoka.office.psams.hosts import latest_list
from shebaoka.office.psams.models import Host
from shebaoka.office.psams.services import Counters, host_check
from shebaoka.office.psams.services.listing import file_of, fingerprint_of, public_key


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a host asks. ``reference``: a UUID of the transaction, the same when it is asked again;
    ``counter``: the terminal transaction counter of the PSAM (file 0019)."""

    reference: UUID
    serial: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{20}$")]
    terminal: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{12}$")]
    unit: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    place: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    counter: Annotated[int, msgspec.Meta(ge=0, le=0xFFFFFFFF)]


@require_POST
@for_hosts
def check(request: HttpRequest, host: Host) -> HttpResponse:
    """Whether the transaction may go on: ``{"accepted": true, "verdict": "good"}``. Anything else than
    ``good`` is to be refused; it froze the PSAM and opened an incident, whose number it says. A PSAM outside
    of the host's area is ``unknown``."""
    try:
        asked = question(request, Question)
    except ValueError as error:
        return problem(400, "question.unfit", str(error))
    counters = Counters(asked.terminal, asked.unit, asked.place, asked.counter, asked.counter)
    use = host_check(host, serial=asked.serial, counters=counters, reference=asked.reference)
    if use is None:
        return answer({"accepted": False, "verdict": "unknown"})
    told: dict[str, object] = {"accepted": use.verdict == Verdict.GOOD, "verdict": use.verdict}
    if use.incident:
        told["incident"] = use.incident
    return answer(told)


@require_GET
@for_hosts
def block_list(request: HttpRequest, host: Host, code: str) -> HttpResponse:
    """The latest signed block list of a body; 304 for a host that has it (``If-None-Match``), 404 as long as
    there is none."""
    found = latest_list(code)
    if found is None:
        return problem(404, "list.none", "This body has published no block list.")
    tag = f'"{found.organization.code}-{found.version}"'
    if tag in request.headers.get("If-None-Match", ""):
        made = HttpResponse(status=304)
    else:
        made = HttpResponse(file_of(found), content_type="application/x-ndjson")
    made["ETag"] = tag
    made["Cache-Control"] = "private, no-cache"
    return made


@require_GET
@for_hosts
def key(request: HttpRequest, host: Host) -> HttpResponse:
    """The public key that lists are checked with: Ed25519, 32 bytes in hex, and the name lists call it by. To
    be compared once with what the desk shows."""
    return answer({"algorithm": "Ed25519", "key": public_key().hex(), "signer": fingerprint_of(public_key())})
