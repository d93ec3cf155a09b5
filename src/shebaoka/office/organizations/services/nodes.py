"""The writers of the tree of organizations."""

import msgspec
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.hooks import BEFORE_CLOSING
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.organizations.placing import check_place
from shebaoka.office.organizations.two_persons import two_persons

_LONGEST_NAME = 120


class NewOrganization(msgspec.Struct, frozen=True):
    """An organization below ``parent`` (its code)."""

    parent: str
    code: str
    region: str
    kind: str
    name: str


class Renaming(msgspec.Struct, frozen=True):
    """Another name."""

    code: str
    name: str


class Move(msgspec.Struct, frozen=True):
    """Another place in the tree, below ``parent`` (its code)."""

    code: str
    parent: str


class Closing(msgspec.Struct, frozen=True):
    """An organization that ends today."""

    code: str


@two_persons("organizations.organization.add", NewOrganization, rehearsed=True)
def organization_add(act: Act, new: NewOrganization) -> Organization:
    """A new node of the tree. Raises Refusal ``misplaced``, ``code-taken``, ``no-name``."""
    parent = _locked(new.parent)
    act.on(parent)
    check_place(parent, new.code, new.region, new.kind)
    if Organization.objects.filter(code=new.code).exists():
        raise Refusal("organizations.code-taken", node=new.code)
    made = Organization.objects.create(
        code=new.code,
        region=new.region,
        kind=new.kind,
        name=_name(new.name),
        parent=parent,
        path=f"{parent.path}{new.code}/",
    )
    act.about(made, code=made.code, kind=made.kind)
    return made


@two_persons("organizations.organization.rename", Renaming, rehearsed=True)
def organization_rename(act: Act, to: Renaming) -> Organization:
    """Another name of the same organization; its chain tells the earlier ones."""
    node = _locked(to.code)
    act.on(node)
    before, node.name = node.name, _name(to.name)
    node.save(update_fields=["name"])
    act.about(node, before=before, name=node.name)
    return node


@two_persons("organizations.organization.move", Move, rehearsed=True)
def organization_move(act: Act, to: Move) -> Organization:
    """Another place with all that is below it. Both places are in the actor's area; a body of the three
    levels stays where its region puts it. Raises Refusal ``misplaced``."""
    # parents before children: the locks of two moves at once cannot cross
    codes = Organization.objects.filter(code__in=[to.code, to.parent]).order_by("path")
    found = {node.code: node for node in codes.select_for_update(of=("self",))}
    node, parent = _of(found, to.code), _of(found, to.parent)
    act.on(parent)
    act.on(node)
    if node.kind in ISSUING or node.contains(parent):
        raise Refusal("organizations.misplaced", node=node.code, parent=parent.name)
    check_place(parent, node.code, node.region, node.kind)
    before = node.path
    path = f"{parent.path}{node.code}/"
    below = Organization.objects.filter(path__startswith=before)
    Organization.objects.filter(pk=node.pk).update(parent=parent)
    below.update(path=Concat(Value(path), Substr(F("path"), len(before) + 1)))
    node.refresh_from_db()
    act.about(node, before=before, path=path)
    return node


@two_persons("organizations.organization.close", Closing, rehearsed=True)
def organization_close(act: Act, closing: Closing) -> Organization:
    """The end of an organization; its code is never given again. Raises Refusal ``not-empty`` while staff or
    other organizations are there, and what a higher part has against it."""
    node = _locked(closing.code)
    act.on(node)
    if node.closed_on is not None:
        raise Refusal("organizations.closed", name=node.name)
    open_below = node.children.filter(closed_on=None).exists()
    if open_below or Staff.objects.filter(Q(left_on=None), organization=node).exists():
        raise Refusal("organizations.not-empty", name=node.name)
    for against in BEFORE_CLOSING:
        against(node)
    node.closed_on = clock.today()
    node.save(update_fields=["closed_on"])
    act.about(node, code=node.code)
    return node


def _locked(code: str) -> Organization:
    found = Organization.objects.select_for_update(of=("self",)).filter(code=code)
    return _of({node.code: node for node in found}, code)


def _of(found: dict[str, Organization], code: str) -> Organization:
    if code not in found:
        raise Refusal("base.not-found", what=code)
    return found[code]


def _name(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST_NAME:
        raise Refusal("organizations.no-name", longest=_LONGEST_NAME)
    return name
