"""What the registry says of her beside her identity: status, qualifications, work record, with its source."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from shebaoka.office.access.choices import Scope
from shebaoka.office.access.models import PortalSession
from shebaoka.office.access.services import own_read
from shebaoka.office.base.pieces import Column, Table
from shebaoka.office.people import selectors
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import Fact
from shebaoka.office.people.reads import of_facts
from shebaoka.office.people.subjects import choices, label, subjects, target
from shebaoka.office.portal.holder import holder_or
from shebaoka.office.portal.stepping import clear, stepped


@holder_or(Scope.RECORDS)
@clear
@stepped
def records(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """A table a subject, only subjects of which something is known."""
    facts = list(selectors.facts(session.whom))
    own_read(session, "facts", of_facts(facts))
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.subject, []).append(fact)
    tables = [_table(subject, facts) for subject, facts in found.items()]
    return render(request, "portal/records.html", {"session": session, "tables": tables})


def _table(subject: str, facts: list[Fact]) -> Table:
    fields = list(subjects()[subject].fields)
    columns = [Column(label(subject, field)) for field in fields]
    rows = [
        [
            *(
                dict(choices(target(subject, field).item)).get(text, text)
                for field, text in _cells(each, fields)
            ),
            f"{Source(each.source).label} {each.body}".strip(),
            each.since,
        ]
        for each in facts
    ]
    return Table(str(subjects()[subject].name), [*columns, Column(_("Source")), Column(_("Since"))], rows)


def _cells(fact: Fact, fields: list[str]) -> list[tuple[str, str]]:
    return [(field, fact.values.get(field, "")) for field in fields]
