"""Where higher parts say what stands against closing an organization or letting a member of staff go.

Each function raises Refusal; parts add theirs when the office starts (``AppConfig.ready``)."""

from collections.abc import Callable

from shebaoka.office.organizations.models import Organization, Staff

BEFORE_CLOSING: list[Callable[[Organization], None]] = []
"""For instance: it still keeps carriers."""

BEFORE_LEAVING: list[Callable[[Staff], None]] = []
"""For instance: she is custodian of something and has not handed it over."""
