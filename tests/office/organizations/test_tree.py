"""The tree and its staff: two persons, the right place, numbers never given twice, subtrees kept apart."""

from datetime import date

import msgspec
import pytest
from django.db import Error, connection, transaction

from office.country import Country
from office.organizations.credentials import NUMBER, PASSWORD, enrolled
from office.organizations.test_sign_in import refused
from shebaoka.office.audit.models import Bypass, Row
from shebaoka.office.organizations import selectors
from shebaoka.office.organizations.actor import actor_of
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Assignment, Organization, Staff
from shebaoka.office.organizations.services import (
    Appointment,
    Closing,
    Member,
    Move,
    NewOrganization,
    NewStaff,
    Retirement,
    activate,
    session_begin,
    session_end,
    sign_in,
    staff_suspend,
)
from shebaoka.office.organizations.services.founding import ADMINISTRATOR, LEADER, First, found
from shebaoka.office.organizations.two_persons import check, propose

TODAY = date(2026, 3, 2)


def done(country: Country, act: str, payload: msgspec.Struct, at: str = "980100") -> None:
    administrator = country.actor(at, "organizations.administrator")
    waiting = propose(administrator, act, country.organizations[at], payload)
    check(country.actor(at, "organizations.leader"), waiting.pk, digest=waiting.digest)


def test_a_move_takes_everything_below_along(country: Country) -> None:
    for parent, code in (("980100", "980100-A1"), ("980100", "980100-A2"), ("980100-A1", "980100-A11")):
        new = NewOrganization(parent, code, "980100", "agency", f"经办机构{code}")
        done(country, "organizations.organization.add", new)
    done(country, "organizations.organization.move", Move("980100-A1", "980100-A2"))
    paths = Organization.objects.filter(code__contains="-").order_by("path").values_list("path", flat=True)
    top = "000000/980000/980100/980100-A2/"
    assert list(paths) == [top, f"{top}980100-A1/", f"{top}980100-A1/980100-A11/"]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert not Bypass.objects.exists()
    administrator = country.actor("980100", "organizations.administrator")
    for move in (Move("980100-A2", "980100-A11"), Move("980100", "990000")):
        with refused("organizations.misplaced" if "-" in move.code else "organizations.not-yours"):
            propose(administrator, "organizations.organization.move", administrator.organization, move)


@pytest.mark.parametrize(
    ("parent", "code", "region", "kind"),
    [
        ("980000", "980000-1", "980000", "province"),
        ("000000", "980200", "980200", "city"),
        ("980000", "990200", "990200", "city"),
        ("980000", "980000", "980000", "city"),
        ("980000", "980200-C", "980200", "city"),
        ("980100", "980200-H01", "980200", "hospital"),
        ("980100", "h1", "980100", "hospital"),
        ("980100", "980100-F1", "980100", "ministry"),
    ],
)
def test_a_misplaced_organization_is_refused_when_proposed(
    country: Country, parent: str, code: str, region: str, kind: str
) -> None:
    actor = country.actor("000000", "organizations.administrator")
    with refused("organizations.misplaced"):
        propose(
            actor,
            "organizations.organization.add",
            country.organizations[parent],
            NewOrganization(parent, code, region, kind, "错位"),
        )
    assert Organization.objects.count() == 5
    assert not Row.objects.exists()


def test_an_organization_with_staff_is_not_closed_and_codes_are_not_given_twice(country: Country) -> None:
    administrator = country.actor("980100", "organizations.administrator")
    city = country.organizations["980100"]
    with refused("organizations.not-empty"):
        propose(administrator, "organizations.organization.close", city, Closing("980100"))
    new = NewOrganization("980100", "980100-H01", "980100", "hospital", "示例医院")
    done(country, "organizations.organization.add", new)
    done(country, "organizations.organization.close", Closing("980100-H01"))
    with refused("organizations.code-taken"):
        propose(administrator, "organizations.organization.add", city, new)
    with refused("organizations.closed"):
        staff = NewStaff("980100-H01", "980100-900", "员工")
        propose(administrator, "organizations.staff.add", city, staff)


def test_a_number_is_never_given_twice(country: Country) -> None:
    new = NewStaff("980100", "980100-900", "员工", ("organizations.psam-keeper",))
    done(country, "organizations.staff.add", new)
    done(country, "organizations.staff.leave", Member("980100-900"))
    left = Staff.objects.get(number="980100-900")
    assert (left.is_active, left.left_on) == (False, TODAY)
    assert actor_of(left, Channel.DESK).roles == frozenset()
    administrator = country.actor("980100", "organizations.administrator")
    with refused("organizations.number-taken"):
        propose(administrator, "organizations.staff.add", administrator.organization, new)
    for statement in (
        "DELETE FROM organizations_staff WHERE number = '980100-900'",
        "UPDATE organizations_staff SET number = '980100-901' WHERE number = '980100-900'",
        "UPDATE organizations_staff SET is_active = true WHERE number = '980100-900'",
        "DELETE FROM organizations_organization",
        "UPDATE organizations_organization SET code = '980101' WHERE code = '980100'",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_roles_that_are_to_be_apart_stay_apart(country: Country) -> None:
    administrator = country.actor("980100", "organizations.administrator")
    for number, role in (
        ("980100-key-custodian-1", "organizations.key-administrator"),
        ("980100-auditor-1", "organizations.psam-keeper"),
        ("980100-leader-1", "organizations.auditor"),
    ):
        with refused("organizations.roles-apart"):
            new = Appointment(number, role, TODAY)
            propose(administrator, "organizations.role.appoint", administrator.organization, new)
    done(
        country,
        "organizations.role.retire",
        Retirement("980100-key-custodian-1", "organizations.key-custodian", TODAY),
    )
    new = Appointment("980100-key-custodian-1", "organizations.key-administrator", TODAY)
    done(country, "organizations.role.appoint", new)
    actor = actor_of(Staff.objects.get(number=new.number), Channel.DESK)
    assert actor.roles == {"organizations.key-administrator"}


def test_nobody_gives_herself_a_role_as_maker_or_checker(country: Country) -> None:
    administrator = country.actor("980100", "organizations.administrator")
    city = administrator.organization
    with refused("organizations.own-matter"):
        own = Appointment(administrator.number, "organizations.psam-keeper", TODAY)
        propose(administrator, "organizations.role.appoint", city, own)
    leader = country.actor("980100", "organizations.leader")
    hers = Appointment(leader.number, "organizations.psam-keeper", TODAY)
    waiting = propose(administrator, "organizations.role.appoint", city, hers)
    with refused("organizations.own-matter"):
        check(leader, waiting.pk)
    assert not Assignment.objects.filter(staff=leader.staff, role="organizations.psam-keeper").exists()
    check(country.actor("980100", "organizations.leader", 2), waiting.pk)
    assert Assignment.objects.filter(staff=leader.staff, role="organizations.psam-keeper").exists()


def test_a_suspension_works_at_once_and_ends_by_two_persons(country: Country) -> None:
    enrolled(country)
    officer = country.actor("980100", "organizations.security-officer")
    staff_suspend(officer, number=NUMBER, reason="密钥保管异常")
    with refused("organizations.sign-in-failed"):
        sign_in(number=NUMBER, password=PASSWORD)
    suspended = actor_of(Staff.objects.get(number=NUMBER), Channel.DESK)
    assert (suspended.roles, suspended.session) == (frozenset(), None)
    done(country, "organizations.staff.reinstate", Member(NUMBER))
    assert sign_in(number=NUMBER, password=PASSWORD).enrolled


def test_selectors_keep_to_the_subtree(country: Country) -> None:
    actor = country.actor("980000", "organizations.leader")
    assert [node.code for node in selectors.organizations(actor)] == ["980000", "980100"]
    assert {member.organization.code for member in selectors.staff(actor)} == {"980000", "980100"}
    for read in (
        lambda: selectors.organization(actor, "990100"),
        lambda: selectors.organization(actor, "000000"),
        lambda: selectors.staff_member(actor, "990100-leader-1"),
    ):
        with refused("base.not-found"):
            read()
    other = country.actor("990100", "organizations.administrator")
    new = NewStaff("990100", "990100-900", "员工")
    waiting = propose(other, "organizations.staff.add", other.organization, new)
    assert not selectors.acts_to_check(actor).exists()
    with refused("base.not-found"):
        selectors.two_person_act(actor, waiting.pk)
    with refused("base.not-found"):
        check(actor, waiting.pk)
    assert list(selectors.acts_to_check(country.actor("990000", "organizations.leader"))) == [waiting]


def test_a_staff_session_needs_a_purpose_and_an_end(country: Country) -> None:
    actor = country.actor("980100", "organizations.key-custodian")
    with refused("organizations.no-purpose"):
        session_begin(actor, purpose="  ")
    with refused("organizations.session-too-long"):
        session_begin(actor, purpose="盘点", minutes=241)
    made = session_begin(actor, purpose="盘点", minutes=30)
    assert actor.staff is not None
    assert list(actor.staff.sessions.filter(closed_at=None)) == [made]
    session_end(actor_of(actor.staff, Channel.DESK))
    assert not actor.staff.sessions.filter(closed_at=None).exists()


@pytest.mark.django_db
def test_the_first_two_persons_are_made_once_and_sign_in() -> None:
    people = First("000000-001", "甲", ADMINISTRATOR), First("000000-002", "乙", LEADER)
    made = found(name="部", administrator=people[0], leader=people[1])
    for person in made:
        assert person.first not in repr(person)
        ticket = activate(
            number=person.number, first=person.first, second=person.second, password="long and unusual words"
        )
        assert not ticket.enrolled
    with refused("organizations.founded"):
        found(name="部", administrator=people[0], leader=people[1])
    assert not Bypass.objects.exists()
