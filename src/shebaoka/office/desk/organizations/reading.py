"""How values of this part are read in the content of acts: a code beside what it stands for."""

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.roles import roles


def organization(actor: Actor, code: str) -> str:
    """Name and code; the code alone for one outside of her area."""
    try:
        return f"{selectors.organization(actor, code).name} ({code})"
    except Refusal:
        return code


def kind(actor: Actor, value: str) -> str:
    """The kind of an organization."""
    return str(Kind(value).label) if value in Kind.values else value


def role(actor: Actor, name: str) -> str:
    """The name of a role."""
    entry = roles().get(name)
    return str(entry.name) if entry else name


def staff(actor: Actor, number: str) -> str:
    """Name and number; the number alone for one outside of her area."""
    try:
        return f"{selectors.staff_member(actor, number).name} ({number})"
    except Refusal:
        return number
