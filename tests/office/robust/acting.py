"""A program that acts in an office until it is killed: an organization a round, by two persons.

Says each code on its output once the act is done, so that whoever killed it knows what must be there."""

import itertools
from datetime import UTC, date, datetime, timedelta

from shebaoka.office.server.prepare import setup


def main() -> None:
    setup()
    from office.country import Country, found
    from shebaoka.office.organizations.models import Organization
    from shebaoka.office.organizations.services import NewOrganization
    from shebaoka.office.organizations.two_persons import check, propose

    now = datetime.now(UTC)
    if Organization.objects.exists():
        country = Country({each.code: each for each in Organization.objects.all()})
    else:
        country = found(date(2026, 1, 1), now, now + timedelta(hours=8))
    parent = country.organizations["980100"]
    maker = country.actor("980100", "organizations.administrator")
    checker = country.actor("980100", "organizations.leader")
    first = Organization.objects.filter(code__startswith="980100-H").count()
    print("ready", flush=True)
    for number in itertools.count(first + 1):
        code = f"980100-H{number:04}"
        new = NewOrganization("980100", code, "980100", "hospital", f"示例医院{number}")
        waiting = propose(maker, "organizations.organization.add", parent, new, reason="新定点")
        check(checker, waiting.pk, digest=waiting.digest)
        print(code, flush=True)


if __name__ == "__main__":
    main()
