"""Organizations and staff: the first two persons found the ministry, every body adds those below it, and who
is to sign in chooses her password with both parts of her code and sets up an authenticator."""

from shebaoka.demo.office.accounts import Account
from shebaoka.demo.office.enrolling import enroll
from shebaoka.demo.office.staffing import Employer, Person, employers
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.services import (
    First,
    NewOrganization,
    NewStaff,
    activation_begin,
    activation_confirm,
    found,
    founding,
)

FOUNDED = 40  # days ago


def fill(stage: OfficeStage) -> None:
    """The ministry, two provinces with a city each, a hospital and a card factory, with their staff."""
    ministry, *others = employers()
    with stage.days_ago(FOUNDED):
        _begin(stage, ministry)
        for person in ministry.staff[2:]:
            _employ(stage, ministry, person, *_pair(stage, ministry.code))
        for employer in others:
            _add(stage, employer)
    people = sum(len(employer.staff) for employer in employers())
    stage.say(f"{1 + len(others)} organizations, {people} staff, {len(stage.accounts)} of them can sign in")


def _begin(stage: OfficeStage, ministry: Employer) -> None:
    administrator, leader = ministry.staff[:2]
    coded = found(
        name=ministry.name,
        administrator=First(administrator.number, administrator.name, founding.ADMINISTRATOR),
        leader=First(leader.number, leader.name, founding.LEADER),
    )
    for person, codes in zip((administrator, leader), coded, strict=True):
        _keep(stage, ministry, person, codes.first, codes.second)


def _add(stage: OfficeStage, employer: Employer) -> None:
    """The body above adds an organization and its first two; a body of the three levels employs the rest."""
    above = _pair(stage, employer.parent)
    new = NewOrganization(employer.parent, employer.code, employer.region, employer.kind, employer.name)
    stage.agree("organizations.organization.add", new, *above)
    for number, person in enumerate(employer.staff):
        own = number > 1 and employer.kind in ("province", "city")
        _employ(stage, employer, person, *(_pair(stage, employer.code) if own else above))


def _employ(
    stage: OfficeStage, employer: Employer, person: Person, administrator: Actor, leader: Actor
) -> None:
    new = NewStaff(employer.code, person.number, person.name, person.full_roles)
    stage.agree("organizations.staff.add", new, administrator, leader)
    if person.sign_in:
        member = Staff.objects.get(number=person.number)
        first = activation_begin(administrator, staff=member)
        second = activation_confirm(leader, staff=member)
        _keep(stage, employer, person, first.code, second.code)


def _keep(stage: OfficeStage, employer: Employer, person: Person, first: str, second: str) -> None:
    password, secret = enroll(person.number, first, second)
    stage.accounts[person.number] = Account(
        person.number, person.name, person.full_roles, employer.name, password, secret
    )


def _pair(stage: OfficeStage, code: str) -> tuple[Actor, Actor]:
    return stage.by(code, "administrator"), stage.by(code, "leader")
