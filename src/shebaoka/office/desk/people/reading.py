"""How people stand on pages: names with characters a screen may lack, masked numbers, what is checked."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shebaoka.domain.names import code_points
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.pieces import Link, Tag, Task
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import DocumentType, Outcome, Sex
from shebaoka.office.people.duplicates import Ground
from shebaoka.office.people.models import Person
from shebaoka.office.people.readiness import Lack, Shortcoming
from shebaoka.paper.fonts import missing_glyphs


def waiting(actor: Actor) -> Iterator[Task]:
    """Possible duplicates, for who settles them; people who are to go, for who lets them."""
    if actor.may("people.duplicate.settle") or actor.may_check("people.duplicate.settle"):
        count = selectors.duplicates(actor)[:100].count()
        if count:
            text = ngettext("%(count)s possible duplicate", "%(count)s possible duplicates", count)
            url = reverse("desk:people:duplicates")
            yield Task(text % {"count": count}, url, Tag(_("To be settled"), "warn"))
    yield from _moves(actor)


def _moves(actor: Actor) -> Iterator[Task]:
    if actor.may("people.transfer.release"):
        count = selectors.transfers_to_decide(actor)[:100].count()
        if count:
            text = ngettext("%(count)s person asked for", "%(count)s people asked for", count)
            yield Task(text % {"count": count}, reverse("desk:people:moves"), Tag(_("To be decided"), "warn"))


def masked(number: str) -> str:
    """A number in a list: enough to tell people apart."""
    return f"{number[:6]}{'*' * max(len(number) - 10, 0)}{number[-4:]}"


def name(of: Person) -> str:
    """The name as it is written, with the code points of characters that no font here has."""
    unseen = missing_glyphs(of.name)
    return f"{of.name} ({code_points(''.join(unseen))})" if unseen else of.name


def ground(value: str) -> str:
    """Why two entries are looked at."""
    texts = {
        Ground.NAME_AND_BIRTH: _("Same name and date of birth"),
        Ground.SOUND_AND_BIRTH: _("Name sounds the same, same date of birth"),
        Ground.NEAR_NUMBER: _("Numbers differ by one mistake"),
        Ground.DOCUMENT: _("Same document"),
        Ground.PHONE: _("Same telephone"),
    }
    return texts[Ground(value)]


def shortcoming(of: Shortcoming) -> Tag:
    """What a card waits for, or what it goes without."""
    texts = {
        Lack.NAME_CHIP: _("The chip cannot write the name: %(detail)s; a supervisor decides its form"),
        Lack.NAME_FACE: _("No font here has characters of the name: %(detail)s; the card waits for one"),
        Lack.PHOTO: _("The photo is missing"),
        Lack.GUARDIAN: _("The guardian is missing"),
        Lack.DUPLICATE: _("A possible duplicate is to be settled"),
        Lack.DEAD: _("The person is dead"),
        Lack.MERGED: _("The entry was merged into another"),
        Lack.TEXT: _("The chip goes without a text it cannot write: %(detail)s"),
    }
    return Tag(texts[of.lack] % {"detail": of.detail}, "warn" if of.waits else "plain")


def person(actor: Actor, value: UUID) -> object:
    """A person as a checker reads her."""
    try:
        found = selectors.person(actor, value)
    except Refusal:
        return str(value)
    return Link(f"{found.name} {found.number}", reverse("desk:people:person", args=[found.pk]))


def duplicate(actor: Actor, value: UUID) -> object:
    """Two entries as a checker reads them."""
    try:
        found = selectors.duplicate(actor, value)
    except Refusal:
        return str(value)
    return Link(
        f"{found.first.name} / {found.second.name}", reverse("desk:people:duplicate", args=[found.pk])
    )


def outcome(actor: Actor, value: Any) -> str:
    """What the entries are said to be."""
    return str(Outcome(value).label)


def document(actor: Actor, value: Any) -> str:
    """A kind of document."""
    return str(DocumentType(value).label)


def sex(actor: Actor, value: Any) -> str:
    """A sex."""
    return str(Sex(value).label)


def alive(actor: Actor, value: bool) -> str:
    """Whether a death is taken back."""
    return _("Yes") if value else _("No")


def evidence(actor: Actor, value: str) -> str:
    """A file by the beginning of its hash."""
    return value[:12]
