"""The writers of the tree of organizations."""

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons


class NewOrganization(msgspec.Struct, frozen=True):
    """An organization below ``parent`` (its code)."""

    parent: str
    code: str
    region: str
    kind: str
    name: str


@two_persons("organizations.organization.add", NewOrganization)
def organization_add(act: Act, new: NewOrganization) -> Organization:
    """A new node of the tree."""
    parent = Organization.objects.filter(code=new.parent).first()
    if parent is None:
        raise Refusal("base.not-found", what=new.parent)
    act.on(parent)
    made = Organization.objects.create(
        code=new.code,
        region=new.region,
        kind=new.kind,
        name=new.name,
        parent=parent,
        path=f"{parent.path}{new.code}/",
    )
    act.about(made, code=made.code, kind=made.kind)
    return made
