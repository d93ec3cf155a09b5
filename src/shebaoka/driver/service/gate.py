"""Who may speak to the service: connections of this computer, to its own address, from allowed pages."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from shebaoka.driver.service.problems import RefusedError

PROGRAM = "program"
"""The origin of a local program: it sends no Origin, as every browser does."""
_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?")
_LOOPBACK = ("127.0.0.1", "::1")


class GateError(ValueError):
    """An origin that cannot be allowed: one line that says why."""


@dataclass(frozen=True)
class Gate:
    """``origins``: pages that may connect (``https://desk.example``); ``unpaired``: of these, old pages that
    know no pairing; ``programs``: whether local programs may connect, paired like pages; ``relays``: pages
    whose office may drive the card itself."""

    origins: Collection[str] = ()
    unpaired: Collection[str] = ()
    programs: bool = False
    relays: Collection[str] = ()
    _names: tuple[str, ...] = field(default=("127.0.0.1", "localhost", "[::1]"), repr=False)

    def __post_init__(self) -> None:
        for origin in (*self.origins, *self.unpaired, *self.relays):
            if not _ORIGIN.fullmatch(origin):
                raise GateError(
                    f"{origin}: an origin is scheme, host and port as the browser sends them, in lower case: "
                    "https://desk.example or http://localhost:8000"
                )

    def refusal(self, peer: str, port: int, hosts: list[str], origins: list[str]) -> str | None:
        """Why a connection is refused, None when it may come in. ``peer``: its address; ``hosts`` and
        ``origins``: what its headers say."""
        if peer not in _LOOPBACK:
            return f"only this computer is served, not {peer}"
        if len(hosts) != 1 or hosts[0].lower() not in [f"{name}:{port}" for name in self._names]:
            return "the address in the Host header is not this service's (DNS rebinding?)"
        if len(origins) > 1:
            return "more than one Origin header"
        if not origins:
            return None if self.programs else "no Origin header: programs are not allowed here (--programs)"
        if origins[0] not in (*self.origins, *self.unpaired, *self.relays):
            return f"pages of {origins[0][:200]} are not allowed here (--origin)"
        return None

    def needs_pairing(self, origin: str) -> bool:
        """Whether the origin must prove a pairing."""
        return origin not in self.unpaired


def relays_only(gate: Gate, origin: str) -> None:
    """Raises RefusedError for a page that may call functions only."""
    if origin not in gate.relays:
        raise RefusedError("not-relayed")


def paired_only(paired: bool) -> None:
    """Raises RefusedError unless the page is paired."""
    if not paired:
        raise RefusedError("not-paired")
