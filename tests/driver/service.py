"""A reader service for tests, and a page (or program) at its other end."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from shebaoka.chip.store import MemoryStore
from shebaoka.driver.answers import KeyAnswers
from shebaoka.driver.dialects import dialects
from shebaoka.driver.profile import Profile
from shebaoka.driver.service.conversation import Shared
from shebaoka.driver.service.gate import Gate
from shebaoka.driver.service.pairing import PairingDesk, Pairings
from shebaoka.driver.service.readers import ReaderSet
from shebaoka.driver.service.server import ReaderService
from shebaoka.driver.service.turns import Turns
from shebaoka.driver.service.virtual import VirtualReader
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.vault_keys import VaultKeys
from terminal.support import NOW, chip, psam, vault

PAGE = "https://desk.example"
OLD_PAGE = "http://hospital.example:8080"
READER = "demonstration"


@dataclass
class House:
    """The service, the file of its pairings, and what its window showed."""

    port: int
    pairings: Pairings
    readers: ReaderSet
    shown: list[str] = field(default_factory=list)
    origins: list[str] = field(default_factory=list)

    @contextmanager
    def page(self, origin: str | None = PAGE, token: str | None = None, **options: Any) -> Iterator["Page"]:
        """A page that has said hello, with ``token`` or one that it is given."""
        if token is None and origin is not None:
            token = self.pairings.add(origin, "test")
        connection = self.connection(origin, **options)
        with connection:
            page = Page(connection)
            page.hello = page.service("hello", token=token or "", language="en")
            yield page

    def connection(
        self, origin: str | None = PAGE, host: str = "127.0.0.1", **options: Any
    ) -> ClientConnection:
        return connect(
            f"ws://{host}:{self.port}",
            origin=None if origin is None else Origin(origin),
            compression=None,
            **options,
        )


@dataclass
class Page:
    """Sends and receives JSON."""

    connection: ClientConnection
    hello: dict[str, Any] = field(default_factory=dict)

    def ask(self, message: object) -> dict[str, Any]:
        self.connection.send(message if isinstance(message, str | bytes) else json.dumps(message))
        return self.next()

    def next(self) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.connection.recv(timeout=60))
        return answer

    def next_is_silent(self) -> bool:
        """Whether nothing more comes for a moment."""
        try:
            self.connection.recv(timeout=0.05)
        except TimeoutError:
            return True
        return False

    def service(self, name: str, /, **members: object) -> dict[str, Any]:
        return self.ask({"service": name, **members})

    def call(self, function: str, **given: object) -> dict[str, Any]:
        return self.ask({"function": function, **given})

    def insert(self, card: str = "") -> dict[str, Any]:
        return self.service("insert", reader=READER, card=card)

    def remove(self) -> dict[str, Any]:
        return self.service("remove", reader=READER)


def save(folder: Path, name: str, *arguments: Any) -> Path:
    """A fixture card as an image file."""
    path = folder / f"{name}.chip"
    store = chip(*arguments).store
    assert isinstance(store, MemoryStore)
    store.save(path)
    return path


@contextmanager
def serving(
    folder: Path,
    *,
    readers: ReaderSet | None = None,
    dialect: str = "function",
    gate: Gate | None = None,
    with_psam: bool = True,
    patience: float = 0.2,
    **shared: Any,
) -> Iterator[House]:
    """A service with a virtual reader whose cards are in ``folder``, and a PSAM."""
    if readers is None:
        images = {path.name: path for path in sorted(folder.glob("*.chip"))}
        module = psam("sm4")
        slot = (lambda: InProcessReader(module)) if with_psam else None
        virtual = [VirtualReader(READER, images)] if images else []
        readers = ReaderSet(virtual, pcsc=False, psam=slot)
    origins = [PAGE, OLD_PAGE]
    pairings, shown = Pairings(folder / "state" / "pairings.json"), list[str]()
    desk = PairingDesk(pairings, lambda origin, name, code: shown.append(code))
    profile = shared.pop("profile", Profile(language="en"))
    everything = Shared(
        gate=gate or Gate(origins, unpaired=(OLD_PAGE,)),
        pairings=pairings,
        desk=desk,
        readers=readers,
        dialect=dialects()[dialect],
        dialect_name=dialect,
        profile=profile,
        settings=Settings(clock=lambda: NOW),
        answers=KeyAnswers(VaultKeys(vault())),
        turns=Turns(patience),
        **shared,
    )
    with ReaderService(everything, 0) as service:
        yield House(service.port, pairings, readers, shown, origins)
