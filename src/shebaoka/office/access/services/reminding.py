"""Reminders to change the initial password, by telephone, with the notice of responsibilities (Q-3, PW-07).

Who is told is claimed first, in one transaction for a portion of an agency; then the messages leave, and each
notice gets its proof of delivery. A notice without one was not delivered: the holder is tried again."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import override

from shebaoka.office.access import sending
from shebaoka.office.access.choices import Medium, Occasion
from shebaoka.office.access.models import Notice
from shebaoka.office.access.notice import in_force
from shebaoka.office.access.selectors import reminder_list, to_remind
from shebaoka.office.access.services.uniform import unserved_by
from shebaoka.office.access.standing import Standing, uniform_of
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import system
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.region_rules import region_rules
from shebaoka.office.people.models import Person

REMIND = "access.holders.remind"
PORTION = 500
"""Persons of one transaction."""
LONGEST = 100_000
_CHINESE = "zh-hans"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A claimed message; ``notice``: the row its proof of delivery goes to."""

    notice: UUID
    phone: str = field(repr=False)
    text: str = field(repr=False)


@service(REMIND)
def holders_remind(act: Act, *, agency: Organization) -> list[Reminder]:
    """Claims up to :data:`PORTION` holders of ``agency`` who are to be reminded, and writes their notices.
    The agency's row is locked, so that two runs claim nobody twice."""
    act.on(agency)
    Organization.objects.select_for_update(of=("self",), no_key=True).get(pk=agency.pk)
    rules, uniform = region_rules(agency), uniform_of(agency)
    version, _words = in_force()
    reminders: list[Reminder] = []
    made: list[Notice] = []
    if uniform is not None:
        found = to_remind(agency, rules.enquiry_reminder_days, act.time)
        for person in unserved_by(uniform.rule, found, served=True)[:PORTION]:
            account = getattr(person, "account", None)
            due = Standing(person.number, person, account, rules, uniform).due
            notice = Notice(
                person=person,
                version=version,
                occasion=Occasion.REMINDER,
                medium=Medium.PHONE,
                at=act.time,
            )
            made.append(notice)
            language = account.language if account else ""
            reminders.append(Reminder(notice.pk, person.phone, told(due, language)))
    Notice.objects.bulk_create(made)
    act.about(agency, reminded=len(made), version=version)
    return reminders


def told(due: date | None, language: str = "") -> str:
    """The message: until when, and the notice of responsibilities with its version."""
    version, words = in_force()
    with override(language or _CHINESE):
        if due is not None and due >= clock.today():
            text = _("Your enquiry password is still the initial one. Change it on the portal by %(day)s.")
        elif due is None:
            text = _("Your enquiry password is still the initial one. Change it on the portal.")
        else:
            text = _(
                "Your enquiry password is still the initial one, and the time to change it is over: use card "
                "and PIN on the portal, or go to your agency."
            )
        notice = _("Notice of responsibilities, version %(version)s:") % {"version": version}
        return f"{text % {'day': due}} {notice} {words}"


@service("access.reminders.take")
def reminders_take(act: Act) -> list[Person]:
    """Who of the actor's area still has the initial password, for a list (at most :data:`LONGEST`), each with
    the time she was last reminded, as the audit row says."""
    found = list(reminder_list(act.actor)[:LONGEST])
    act.about(act.actor.organization, people=len(found))
    return found


def remind(agency: Organization) -> int:
    """Reminds all of an agency's holders who are due; how many messages were delivered."""
    delivered = 0
    while claimed := holders_remind(system(agency), agency=agency):
        for each in claimed:
            if proof := _sent(each):
                with writing(REMIND):  # at once: who has her proof is not told again, whatever happens next
                    Notice.objects.filter(pk=each.notice).update(proof=proof[:120])
                delivered += 1
    return delivered


def _sent(reminder: Reminder) -> str:
    try:
        return sending.SENDER[-1](reminder.phone, reminder.text)
    except OSError:
        return ""
