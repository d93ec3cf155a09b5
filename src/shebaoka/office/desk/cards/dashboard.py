"""The card centre's dashboard: cards by state, batches, queues, ages, stock, exceptions.

Every chart is a table whose lines have a bar beside their numbers."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from shebaoka.domain.card_states import machine
from shebaoka.office.base.charts import Chart, Line, Part
from shebaoka.office.base.pieces import Link, Piece, Tag, Task, TaskList, Tone
from shebaoka.office.cards.selectors.dashboard import AGES, LYING, Board, board
from shebaoka.office.cards.words import state_words
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.cards.common import PAGE, standing, tone
from shebaoka.office.desk.cards.pieces import Section

_AGE_TONES: tuple[Tone, ...] = ("good", "busy", "warn", "bad")


@desk()
def dashboard(request: DeskRequest) -> HttpResponse:
    """All of her area."""
    found = board(request.actor)
    text = ""
    if found.counted_at is not None:
        time = date_format(localtime(found.counted_at), "SHORT_DATETIME_FORMAT")
        text = _("Cards were counted at %(time)s; all else is of now.") % {"time": time}
    page = {
        "title": _("Card centre"),
        "back": reverse("desk:cards:home"),
        "text": text,
        "sections": [
            Section(_("Exceptions"), _exceptions(found)),
            Section(_("Cards by state"), _states("social", found.social, share=True)),
            Section(_("Where the cards are"), _states("plastic", found.plastic, share=True)),
            Section(_("Batches by state"), _states("batch", found.batches, page="batches")),
            Section(_("Applications that are open"), _states("application", found.applications, queue=True)),
            Section(_("Age of open applications"), _ages(found.ages, AGES)),
            Section(_("Cards that wait to be collected"), _ages(found.lying, LYING)),
            Section(_("Blanks"), _stock(found)),
        ],
    }
    return render(request, PAGE, page)


def _exceptions(found: Board) -> Piece | str:
    """What somebody has to settle; nothing that is in order."""
    lists = {name: reverse(f"desk:cards:{name}") for name in ("applications", "batches", "stock", "register")}
    failed = found.applications.get("failed", 0)
    lines: Sequence[tuple[int, str, str, Tone]] = (
        (failed, _("Applications that failed"), f"{lists['applications']}?state=failed", "bad"),
        (found.batches_in_trouble, _("Batches in trouble or paused"), lists["batches"], "bad"),
        (found.long_at_bank, _("Batches at the bank for more than ten days"), lists["batches"], "warn"),
        (found.updates_in_trouble, _("Updates that a chip did not take"), lists["register"], "warn"),
        (
            found.lying.get(3, 0),
            _("Cards not collected for more than ninety days"),
            lists["register"],
            "warn",
        ),
        (
            found.releases_today,
            _("Temporary loss reports that end within a day"),
            f"{lists['register']}?state=4",
            "busy",
        ),
        (found.stocks_uncounted, _("Stocks of blanks not counted for a month"), lists["stock"], "warn"),
    )
    tasks = [Task(text, url, Tag(str(count), tone)) for count, text, url, tone in lines if count]
    return TaskList(tasks) if tasks else _("Nothing waits to be settled.")


def _states(
    key: str, counts: Mapping[str, int], *, share: bool = False, queue: bool = False, page: str = ""
) -> Chart:
    """One bar a state that has something; of a queue only states it passes."""
    states = machine(key)
    codes = [code for code in states.states if counts.get(code) and (not queue or code not in states.ends)]
    lines = []
    for code in codes:
        name: object = standing(key, code)
        if queue:
            name = Link(state_words(key, code), f"{reverse('desk:cards:applications')}?state={code}")
        lines.append(Line(name, [Part(counts[code], tone(code))]))
    return Chart(_captions()[key], _("Status"), [_("Quantity")], lines, _("None yet."), share)


def _ages(counts: Mapping[int, int], days: tuple[int, ...]) -> Chart:
    names = [_("Up to %(days)d days") % {"days": days[0]}]
    for before, most in pairwise(days):
        names.append(_("%(from)d to %(to)d days") % {"from": before, "to": most})
    names.append(_("More than %(days)d days") % {"days": days[-1]})
    lines = [Line(name, [Part(counts.get(place, 0), _AGE_TONES[place])]) for place, name in enumerate(names)]
    caption = _("Age of open applications") if days is AGES else _("Cards that wait to be collected")
    return Chart(caption, _("Age"), [_("Quantity")], lines if any(counts.values()) else [], _("None."))


def _stock(found: Board) -> Chart:
    """Received is what the three parts come to (R-16)."""
    lines = [
        Line(
            f"{each.product.name} · {each.holder.name}",
            [Part(each.issued, "busy"), Part(each.spoiled, "bad"), Part(each.stock, "good")],
            f"{each.received} = {each.issued} + {each.spoiled} + {each.stock}",
        )
        for each in found.stocks
    ]
    heads = [_("Made into cards"), _("Spoiled"), _("In stock")]
    empty = _("None yet.")
    return Chart(_("Blanks"), _("Card product"), heads, lines, empty, remarks=_("Received"))


def _captions() -> dict[str, str]:
    return {
        "social": _("Cards by state"),
        "plastic": _("Where the cards are"),
        "batch": _("Batches by state"),
        "application": _("Applications that are open"),
    }
