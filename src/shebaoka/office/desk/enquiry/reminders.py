"""The list of who is to be reminded, for the agency and for employers, as a table other programs read."""

import csv
from io import StringIO

from django.http import HttpResponse
from django.utils.translation import gettext as _

from shebaoka.office.access import services
from shebaoka.office.base import clock
from shebaoka.office.cards.papers import number_masked
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.people.models import Person

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@desk("access.reminders.take", session=True)
def reminders(request: DeskRequest) -> HttpResponse:
    """Agency, employer, name, the end of the number, whether there is a telephone, when she was reminded."""
    out = StringIO()
    write = csv.writer(out)
    head = [_("Agency"), _("Employer"), _("Name"), _("Number"), _("Telephone"), _("Last reminder")]
    write.writerow(head)
    write.writerows(row(each) for each in services.reminders_take(request.actor))
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"initial-passwords-{request.actor.organization.code}-{clock.today():%Y%m%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@desk("access.unserved.take", session=True)
def unserved(request: DeskRequest) -> HttpResponse:
    """Whom the rule gives no initial password: agency, employer, name, the end of the number, telephone."""
    out = StringIO()
    write = csv.writer(out)
    write.writerow([_("Agency"), _("Employer"), _("Name"), _("Number"), _("Telephone")])
    write.writerows(row(each)[:-1] for each in services.unserved_take(request.actor))
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"without-initial-password-{request.actor.organization.code}-{clock.today():%Y%m%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def row(person: Person) -> list[str]:
    """A line; the number masked, and no cell that a spreadsheet takes for a formula."""
    reminded = getattr(person, "reminded", None)
    cells = [
        person.agency.name,
        person.employer.name if person.employer else "",
        person.name,
        number_masked(person.number),
        _("Yes") if person.phone else _("No"),
        f"{reminded.astimezone(clock.CHINA):%Y-%m-%d}" if reminded else "",
    ]
    return [f"'{each}" if each.startswith(_FORMULA) else each for each in cells]
