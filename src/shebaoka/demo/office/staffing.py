"""Who works in the office of the demonstration, as ``data/staff.toml`` says."""

from functools import cache
from importlib.resources import files

import msgspec


def full_role(role: str) -> str:
    """The office's name of a role; one of another part is written with it (``people.counter-clerk``)."""
    return role if "." in role else f"organizations.{role}"


class Person(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A member of staff. ``roles``: short names; ``sign_in``: she gets what she signs in with."""

    number: str
    name: str
    roles: tuple[str, ...]
    sign_in: bool = False

    @property
    def full_roles(self) -> tuple[str, ...]:
        """Her roles as the office names them."""
        return tuple(map(full_role, self.roles))


class Employer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organization below ``parent`` (its code); its administrator and leader come first in ``staff``."""

    code: str
    kind: str
    name: str
    staff: tuple[Person, ...]
    parent: str = ""

    @property
    def region(self) -> str:
        """The six digits its code begins with."""
        return self.code[:6]


class _Organizations(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    organizations: tuple[Employer, ...]


@cache
def employers() -> tuple[Employer, ...]:
    """All of them, the ministry first and each after the one above it."""
    text = files("shebaoka.demo").joinpath("data", "staff.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=_Organizations).organizations
