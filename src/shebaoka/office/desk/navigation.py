"""The menu of the desk and what waits for a person: each part registers its own at start-up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from shebaoka.office.base.pieces import Say, Task
from shebaoka.office.organizations.actor import Actor


@dataclass(frozen=True)
class Section:
    """An entry of the menu. ``page``: the name of its address; ``roles``: who sees it, empty for all."""

    text: Say
    page: str
    order: int
    roles: frozenset[str] = frozenset()

    def shown_to(self, actor: Actor) -> bool:
        """Whether it is in her menu."""
        return not self.roles or not self.roles.isdisjoint(actor.roles)


_sections: list[Section] = []
_waiting: list[Callable[[Actor], Iterable[Task]]] = []


def register(section: Section) -> None:
    """Adds an entry to the menu; call it in ``AppConfig.ready``."""
    if section not in _sections:
        _sections.append(section)
        _sections.sort(key=lambda each: each.order)


def register_waiting(tasks: Callable[[Actor], Iterable[Task]]) -> None:
    """Adds a source of what waits for a person (deadlines, things to check) to the desk's start page."""
    if tasks not in _waiting:
        _waiting.append(tasks)


def waiting(actor: Actor) -> list[Task]:
    """What waits for her, of all parts, in the order they registered."""
    return [task for tasks in _waiting for task in tasks(actor)]


def menu(actor: Actor, path: str) -> list[tuple[Say, str, bool]]:
    """Text, address, and whether the page is in that section: the longest address the path begins with. The
    start page is no section of others."""
    found = [(each.text, reverse(each.page)) for each in _sections if each.shown_to(actor)]
    start = reverse("desk:home")
    within = (url for _text, url in found if path == url or (url != start and path.startswith(url)))
    here = max(within, key=len, default="")
    return [(text, url, url == here) for text, url in found]


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates: ``actor`` and ``menu`` on pages of the desk."""
    actor = getattr(request, "actor", None)
    return {"actor": actor, "menu": menu(actor, request.path)} if actor is not None else {}
