"""A QR code as part of a page."""

from io import BytesIO

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_code(text: str) -> SafeString:
    """The SVG element; the page says beside it what it is, so it is hidden from who hears the page."""
    written = BytesIO()
    segno.make(text, error="m").save(
        written,
        kind="svg",
        scale=5,
        border=4,
        light="#fff",
        xmldecl=False,
        svgns=False,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
    )
    svg = written.getvalue().decode()
    return mark_safe(svg.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S308 - drawn by us
