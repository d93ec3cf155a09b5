"""Documents people bring: kept under the SHA-256 of their content, so that none is ever changed in place.

A file is on the disk before the row that names it: a killed act leaves at most a file nobody names."""

import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from shebaoka.office.base.errors import Refusal

LARGEST = 20 << 20  # bytes
TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "toml": "application/toml",
    "json": "application/json",
    "txt": "text/plain",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_DIGEST = re.compile(r"[0-9a-f]{64}")


def keep(name: str, content: bytes) -> tuple[str, str]:
    """Keeps a file of at most :data:`LARGEST` bytes; its name without folders, and its SHA-256 in hex.
    Raises Refusal ``base.file-unfit``."""
    name = " ".join(re.split(r"[/\\]", name)[-1].split())
    kind = name.rpartition(".")[2].lower()
    if (
        not content
        or len(content) > LARGEST
        or kind not in TYPES
        or len(name) > 120
        or not name.isprintable()
    ):
        raise Refusal("base.file-unfit", types=", ".join(TYPES), most=LARGEST >> 20)
    return name, store(content)


def store(content: bytes) -> str:
    """Keeps content the office made or checked itself; its SHA-256 in hex."""
    digest = sha256(content).hexdigest()
    target = path_of(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:  # mode 0600
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(target)
    return digest


def read(digest: str) -> bytes:
    """The content. Raises Refusal ``base.file-damaged`` when it is gone or not what was kept."""
    try:
        content = path_of(digest).read_bytes()
    except OSError:
        content = b""
    if sha256(content).hexdigest() != digest:
        raise Refusal("base.file-damaged", digest=digest[:12])
    return content


def path_of(digest: str) -> Path:
    """Where a file is kept. Raises ValueError for what is no SHA-256 in hex."""
    if not _DIGEST.fullmatch(digest):
        raise ValueError("not a SHA-256 in hex")
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def media_type(name: str) -> str:
    """The type to serve a kept file with."""
    return TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
