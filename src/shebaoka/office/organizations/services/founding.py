"""The first organization and its first two persons, when nobody is there who could add them."""

from dataclasses import dataclass, field

from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.actor import Actor, system
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.choices import Channel, Kind
from shebaoka.office.organizations.models import Assignment, Organization, Staff
from shebaoka.office.organizations.services.activation import activation_begin, activation_confirm

ADMINISTRATOR = "organizations.administrator"
LEADER = "organizations.leader"


@dataclass(frozen=True, slots=True)
class First:
    """A person of the founding: her two parts of the activation code do not show in ``repr``."""

    number: str
    name: str
    role: str
    first: str = field(repr=False, default="")
    second: str = field(repr=False, default="")


def found(*, name: str, administrator: First, leader: First) -> tuple[First, First]:
    """Makes the ministry with an administrator and a leader, and gives their activation codes.

    Refused (``organizations.founded``) as soon as there is an organization; from then on two persons add
    whatever is added."""
    if Organization.objects.exists() or administrator.number == leader.number:
        raise Refusal("organizations.founded")
    root = Organization(code="000000", region="000000", kind=Kind.MINISTRY, name=name, path="000000/")
    office = system(root, Channel.COMMAND)
    _found(office, people=(administrator, leader))
    return _coded(office, administrator), _coded(office, leader)


@service("organizations.found")
def _found(act: Act, *, people: tuple[First, ...]) -> Organization:
    root = act.actor.organization
    root.save(force_insert=True)
    for person in people:
        member = Staff(number=person.number, name=person.name, organization=root)
        member.set_unusable_password()
        member.save(force_insert=True)
        Assignment.objects.create(staff=member, role=person.role, organization=root, since=clock.today())
    act.about(root, staff=[person.number for person in people])
    return root


def _coded(office: Actor, person: First) -> First:
    member = Staff.objects.get(number=person.number)
    first = activation_begin(office, staff=member)
    second = activation_confirm(office, staff=member)
    return First(person.number, person.name, person.role, first.code, second.code)
