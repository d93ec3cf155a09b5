"""What the office of a demonstration may not hold: keys of its vaults, carriers, PSAMs and cards, passwords
and authenticators of its staff, and the office's own secrets."""

import subprocess
from base64 import b32decode
from collections.abc import Iterable, Iterator
from pathlib import Path

from scan.demonstration import learned
from scan.known import chip_may_hold
from scan.secrets import seen_in
from shebaoka.demo.office import accounts
from shebaoka.demo.office.deployment import office_of
from shebaoka.office.database import FOLDER, NAME
from shebaoka.office.postgres import binaries, socket_folder

_WHOLE = 16  # bytes of a secret: halves of a key are looked for


class OfficeSecrets:
    """All secrets of a demonstration and its office; ``own``: files that are there to hold them."""

    def __init__(self, folder: Path) -> None:
        self.secrets, self._allowed = learned(folder)
        office = office_of(folder)
        for account in accounts.read(office):
            self.secrets.word(f"password of {account.number}", account.password)
            self.secrets.word(f"authenticator of {account.number}", account.secret)
            self.secrets.key(f"authenticator of {account.number}", b32decode(account.secret)[:_WHOLE])
        self.secrets.word("the office's signing key", (office / "secret-key").read_text("ascii"))
        self.own = {str(office / accounts.FILE), str(office / "secret-key")}
        for path in office.iterdir():
            if path.is_file() and b"PRIVATE KEY" in (content := path.read_bytes()):
                self.own.add(str(path))
                self.secrets.word(path.name, "".join(content.decode("ascii").split("-----")[2].split()))

    def leaks(self, outputs: Iterable[tuple[str, bytes]]) -> list[str]:
        """Secrets that stand in an output that may not hold them."""
        found = []
        for name, content in outputs:
            if name not in self.own:
                seen = seen_in(self.secrets, [content])
                allowed = chip_may_hold(self._allowed, name, content)
                found += [f"{name}: {secret}" for secret in sorted(seen - allowed)]
        return found


def dumped(folder: Path) -> bytes:
    """All rows of the office's database as text, columns of bytes in hex; but not the web sessions, whose key
    is how they are found."""
    data = office_of(folder) / FOLDER
    words = ["--inserts", "-h", str(socket_folder(data)), "-U", "postgres", NAME]
    words.append("--exclude-table-data=django_session")
    return subprocess.run([binaries() / "pg_dump", *words], capture_output=True, check=True).stdout


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Files of the office: documents, static files, logs of its database; not the database's own."""
    office = office_of(folder)
    data = office / FOLDER
    for path in sorted(office.rglob("*")):
        inside = path.is_relative_to(data) and not path.is_relative_to(data / "server-log")
        if path.is_file() and not inside:
            yield str(path), path.read_bytes()
