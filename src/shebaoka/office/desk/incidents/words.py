"""States, levels and clocks as tags."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shebaoka.office.base.pieces import Tag, Tone
from shebaoka.office.incidents.choices import IncidentState, Level, Secrecy
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.selectors import Clock

_STATES: dict[str, Tone] = {
    IncidentState.POTENTIAL: "warn",
    IncidentState.OPEN: "busy",
    IncidentState.CLOSED: "good",
    IncidentState.DISMISSED: "plain",
}
_LEVELS: dict[int, Tone] = {Level.I: "bad", Level.II: "bad", Level.III: "warn", Level.IV: "plain"}
_HOUR, _DAY = 60, 60 * 24


def state_tag(incident: Incident) -> Tag:
    """How far an incident is."""
    return Tag(incident.get_state_display(), _STATES[incident.state])


def level_tag(incident: Incident) -> Tag:
    """Its level, short."""
    return Tag(_("Level %(level)s") % {"level": Level(incident.level).name}, _LEVELS[incident.level])


def secrecy_tag(incident: Incident) -> Tag:
    """Its secrecy level."""
    tone: Tone = "plain" if incident.secrecy == Secrecy.NONE else "bad"
    return Tag(incident.get_secrecy_display(), tone)


def clock_tag(clock: Clock) -> Tag:
    """What the clock of a report says."""
    if clock.duty.done_at is not None:
        return Tag(_("Made late"), "warn") if clock.late else Tag(_("Made"), "good")
    if clock.minutes is None:
        return Tag(_("At once"), "busy")
    if clock.late:
        return Tag(_("Late by %(time)s") % {"time": _span(-clock.minutes)}, "bad")
    return Tag(_("%(time)s left") % {"time": _span(clock.minutes)}, "busy")


def _span(minutes: int) -> str:
    if minutes >= 2 * _DAY:
        return ngettext("%(n)s day", "%(n)s days", minutes // _DAY) % {"n": minutes // _DAY}
    if minutes >= 2 * _HOUR:
        return ngettext("%(n)s hour", "%(n)s hours", minutes // _HOUR) % {"n": minutes // _HOUR}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
