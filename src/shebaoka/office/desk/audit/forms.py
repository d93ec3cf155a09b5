"""What is asked about the record."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shebaoka.office.base import clock
from shebaoka.office.base.forms import OfficeForm
from shebaoka.office.desk.audit.words import act_choices

_SEARCHED = timedelta(days=31)


class FilterForm(OfficeForm):
    """Which rows to show."""

    few = 0
    since = forms.DateField(label=_("From day"), required=False)
    until = forms.DateField(label=_("Until day"), required=False)
    organization = forms.CharField(label=_("Code of the organization"), required=False, max_length=20)
    by = forms.CharField(label=_("Staff number"), required=False, max_length=40)
    act = forms.ChoiceField(label=_("Act"), required=False)
    text = forms.CharField(
        label=_("Object, or a number in the row"),
        required=False,
        max_length=120,
    )

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.offer("act", [("", _("All")), *act_choices()])

    def chosen(self) -> dict[str, Any]:
        """What the selectors are asked: times for days, an object (``psams.psam:id``) or a text in the row.
        A text is looked for in the last 31 days when no day is given."""
        answers = self.cleaned_data
        text, since = answers["text"].strip(), answers["since"]
        subject = text if ":" in text and "." in text else ""
        if text and not subject and since is None:
            since = (answers["until"] or clock.today()) - _SEARCHED
        until = answers["until"]
        return {
            "by": answers["by"].strip(),
            "act": answers["act"],
            "since": _begin(since) if since else None,
            "before": _begin(until + timedelta(days=1)) if until else None,
            "subject": subject,
            "text": "" if subject else text,
        }


def _begin(day: Any) -> datetime:
    return datetime.combine(day, time(), clock.CHINA)
