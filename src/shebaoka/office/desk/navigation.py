"""The menu of the desk and what waits for a person: each part registers its own at start-up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from shebaoka.office.base.pieces import Say, Task
from shebaoka.office.organizations.actor import Actor


@dataclass(frozen=True)
class Section:
    """An entry of the menu. ``page``: the name of its address; ``roles``: who sees it, empty for all."""

    text: Say
    page: str
    order: int
    roles: frozenset[str] = frozenset()

    def shown_to(self, roles: frozenset[str]) -> bool:
        """Whether it is in the menu of who has these roles."""
        return not self.roles or not self.roles.isdisjoint(roles)


_sections: list[Section] = []
_waiting: list[Callable[[Actor], Iterable[Task]]] = []


def register(section: Section) -> None:
    """Adds an entry to the menu; call it in ``AppConfig.ready``."""
    if section not in _sections:
        _sections.append(section)
        _sections.sort(key=lambda each: each.order)
        _addresses.cache_clear()
        _menu.cache_clear()


def register_waiting(tasks: Callable[[Actor], Iterable[Task]]) -> None:
    """Adds a source of what waits for a person (deadlines, things to check) to the desk's start page."""
    if tasks not in _waiting:
        _waiting.append(tasks)


def waiting(actor: Actor) -> list[Task]:
    """What waits for her, of all parts, in the order they registered."""
    return [task for tasks in _waiting for task in tasks(actor)]


@cache
def _addresses() -> dict[str, str]:
    return {each.page: reverse(each.page) for each in _sections}


def menu(actor: Actor, path: str) -> SafeString:
    """Her menu. The section that the page is in stands out: the longest address the path begins with; the
    start page is no section of others."""
    found = [_addresses()[each.page] for each in _sections if each.shown_to(actor.roles)]
    start = _addresses().get("desk:home")
    within = (url for url in found if path == url or (url != start and path.startswith(url)))
    here = max(within, key=len, default="")
    return _menu(actor.roles, get_language() or "", here, here == path)


@lru_cache(maxsize=1024)
def _menu(roles: frozenset[str], language: str, here: str, is_page: bool) -> SafeString:
    """The same for all with these roles, so it is drawn once: it would be a sixth of the time of a page.
    ``language``: what the texts are said in, active now."""
    found = [(each.text, _addresses()[each.page]) for each in _sections if each.shown_to(roles)]
    drawn = render_to_string("desk/menu.html", {"menu": found, "here": here, "is_page": is_page})
    return mark_safe(drawn.strip())  # noqa: S308 - a template's


def context(request: HttpRequest) -> dict[str, Any]:
    """For templates: ``actor`` and ``menu`` on pages of the desk."""
    actor = getattr(request, "actor", None)
    return {"actor": actor, "menu": menu(actor, request.path)} if actor is not None else {}
