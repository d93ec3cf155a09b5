"""How values of an act about a token are read by who checks it."""

from shebaoka.office.interfaces.scopes import scopes
from shebaoka.office.organizations.actor import Actor


def scope(actor: Actor, name: str) -> object:
    """A scope by its name for people."""
    entry = scopes().get(name)
    return name if entry is None else f"{entry.name} ({entry.text})"


def employer(actor: Actor, code: str) -> object:
    """The only employer it speaks for; a dash for none."""
    return code or "—"
