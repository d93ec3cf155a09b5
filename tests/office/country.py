"""An invented country for tests: organizations, and for every role somebody who has it."""

from dataclasses import dataclass
from datetime import date, datetime

from office.again import again
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor, actor_of
from shebaoka.office.organizations.choices import Channel, Kind
from shebaoka.office.organizations.models import Assignment, Organization, Staff, StaffSession
from shebaoka.office.organizations.roles import roles

NODES = (
    ("000000", "000000", Kind.MINISTRY, "人力资源和社会保障部", None),
    ("980000", "980000", Kind.PROVINCE, "示例甲省", "000000"),
    ("980100", "980100", Kind.CITY, "示例甲市", "980000"),
    ("990000", "990000", Kind.PROVINCE, "示例乙省", "000000"),
    ("990100", "990100", Kind.CITY, "示例乙市", "990000"),
)


@dataclass(frozen=True)
class Country:
    """``organizations`` by code."""

    organizations: dict[str, Organization]

    def actor(self, code: str, role: str, nth: int = 1, channel: Channel = Channel.DESK) -> Actor:
        """The ``nth`` (1 to 3) member of staff of that organization with that role, in an open session."""
        number = f"{code}-{role.partition('.')[2]}-{nth}"
        return actor_of(Staff.objects.select_related("organization").get(number=number), channel)


def found(since: date, began: datetime, ends: datetime) -> Country:
    """Makes the country in the database."""
    tables = (Organization, Staff, Assignment, StaffSession)
    return again((since, began, ends), tables, lambda: _found(since, began, ends))


def _found(since: date, began: datetime, ends: datetime) -> Country:
    organizations: dict[str, Organization] = {}
    with writing("tests.found"):
        for code, region, kind, name, above in NODES:
            parent = organizations.get(above or "")
            organizations[code] = Organization.objects.create(
                code=code,
                region=region,
                kind=kind,
                name=name,
                parent=parent,
                path=f"{parent.path if parent else ''}{code}/",
            )
        _employ(organizations, since, began, ends)
    return Country(organizations)


def _employ(organizations: dict[str, Organization], since: date, began: datetime, ends: datetime) -> None:
    staff, assignments, sessions = [], [], []
    for code, organization in organizations.items():
        for role, entry in roles().items():
            if organization.kind not in entry.kinds:
                continue
            for nth in (1, 2, 3):
                number = f"{code}-{role.partition('.')[2]}-{nth}"
                person = Staff(number=number, name=f"员工{nth}", organization=organization, password="!")
                staff.append(person)
                assignments.append(
                    Assignment(staff=person, role=role, organization=organization, since=since)
                )
                sessions.append(StaffSession(staff=person, purpose="测试", began_at=began, ends_at=ends))
    Staff.objects.bulk_create(staff)
    Assignment.objects.bulk_create(assignments)
    StaffSession.objects.bulk_create(sessions)
