"""Forms of the office's pages: labels, hints, errors at the field and in a summary at the top.

A form is an :class:`OfficeForm`; it is shown by ``{% error_summary form %}`` and ``{{ form }}``. What a
service refuses becomes an error of the form by :func:`attempt`."""

from collections.abc import Callable, Iterable
from typing import Any, Self, TypeVar, cast

from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.http import HttpRequest
from django.utils.functional import lazystr
from django.utils.translation import gettext as _

from shebaoka.office.base.errors import Refusal

R = TypeVar("R")


class OfficeRenderer(TemplatesSetting):
    """Where Django finds the templates of forms."""

    form_template_name = "base/forms/form.html"
    field_template_name = "base/forms/field.html"


class OfficeErrors(ErrorList):
    """The errors of a field, said after the word Error for who hears the page only."""

    template_name = "base/forms/errors.html"


class Radios(forms.RadioSelect):
    """A choice of few, all in sight."""

    template_name = "base/forms/choices.html"


class Boxes(forms.CheckboxSelectMultiple):
    """Any number of few."""

    template_name = "base/forms/choices.html"


class Box(forms.CheckboxInput):
    """A yes that stands before its label."""

    box = True


class OfficeForm(forms.Form):
    """A form. Fields may be declared with Django's own types; widgets are chosen here: native date and time
    inputs, radios for up to :attr:`few` choices (a select above), a box before its label.

    ``status``: the HTTP status to answer with, 200 or what went wrong."""

    few = 7
    use_required_attribute = False
    refusal: Refusal | None = None

    def __init__(self, *args: Any, **values: Any) -> None:
        values.setdefault("error_class", OfficeErrors)
        values.setdefault("label_suffix", "")
        super().__init__(*args, **values)
        self._dressed: set[str] = set()

    @classmethod
    def of(cls, request: HttpRequest, **values: Any) -> Self:
        """The form of a page: with the answers and files when the request brings them, else empty."""
        if request.method == "POST":
            return cls(request.POST, request.FILES, **values)
        return cls(**values)

    def __getitem__(self, name: str) -> forms.BoundField:
        if name in self.fields and name not in self._dressed:
            _dress(self.fields[name], self.few)
            self._dressed.add(name)
        return super().__getitem__(name)

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """What a field of choices offers this time."""
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    @property
    def status(self) -> int:
        """200 for a form to be filled in; 422 for wrong answers; for a refusal its own."""
        if not self.is_bound or not self.errors:
            return 200
        return self.refusal.status if self.refusal else 422

    @property
    def problems(self) -> list[tuple[str, str]]:
        """Every error with the id of its input, in the order of the page; "" is the whole form."""
        if not self.is_bound:
            return []
        found = [("", str(error)) for error in self.non_field_errors()]
        for bound in self:
            grouped = isinstance(bound.field.widget, forms.RadioSelect)
            target = f"{bound.auto_id}_0" if grouped else bound.auto_id
            found += [(str(target), str(error)) for error in bound.errors]
        return found

    def refuse(self, refusal: Refusal) -> None:
        """Shows a service's refusal as an error of the form."""
        self.refusal = refusal
        self.add_error(None, f"{refusal.what} {refusal.remedy}")

    def shown(self, name: str) -> object:
        """The answer to a field as a person reads it. Secrets are not shown."""
        field, value = self.fields[name], self.cleaned_data.get(name)
        if isinstance(field.widget, forms.PasswordInput):
            return "••••" if value else None
        if isinstance(field, forms.ModelMultipleChoiceField):
            return ", ".join(field.label_from_instance(each) for each in value or ())
        if isinstance(field, forms.ModelChoiceField):
            return field.label_from_instance(value) if value is not None else None
        if isinstance(field, forms.MultipleChoiceField):
            return ", ".join(_chosen(field, each) for each in value or ())
        if isinstance(field, forms.ChoiceField):
            return _chosen(field, value)
        return value


def attempt(form: OfficeForm, call: Callable[[dict[str, Any]], R]) -> R | None:
    """Calls a service with the answers of a valid form. None: the form was not sent, it has errors, or the
    service refused and the form now says why. ``call`` returns something else than None."""
    if not form.is_valid():
        return None
    try:
        return call(form.cleaned_data)
    except Refusal as refusal:
        form.refuse(refusal)
        return None


def _chosen(field: forms.ChoiceField, value: Any) -> str:
    flat: dict[str, Any] = {}
    for key, label in _choices(field):
        flat.update({str(k): v for k, v in label} if isinstance(label, list | tuple) else {str(key): label})
    return str(flat.get(str(value), "" if value is None else value))


def _choices(field: forms.ChoiceField) -> list[tuple[Any, Any]]:
    return list(cast(Iterable[tuple[Any, Any]], field.choices))


def _dress(field: forms.Field, few: int) -> None:
    """The widget the office shows a field with, and the words for a missing answer."""
    widget = field.widget
    if type(widget) is forms.DateInput:
        field.widget = forms.DateInput({**widget.attrs, "type": "date"}, format="%Y-%m-%d")
    elif type(widget) is forms.DateTimeInput:
        field.widget = forms.DateTimeInput({**widget.attrs, "type": "datetime-local"}, "%Y-%m-%dT%H:%M")
    elif type(widget) is forms.CheckboxInput:
        field.widget = Box(widget.attrs)
    elif type(widget) is forms.SelectMultiple and isinstance(field, forms.MultipleChoiceField):
        field.widget = Boxes(widget.attrs, _choices(field))
    elif type(widget) is forms.Select and isinstance(field, forms.ChoiceField):
        offered = [choice for choice in _choices(field) if choice[0] not in ("", None)]
        flat = not any(isinstance(label, list | tuple) for _value, label in offered)
        if flat and len(offered) <= few:
            field.widget = Radios(widget.attrs, offered if field.required else _choices(field))
    if field.widget is not widget:
        field.widget.is_required, field.widget.is_localized = field.required, field.localize
    if "required" not in field.error_messages or field.error_messages["required"] == _standard(field):
        field.error_messages["required"] = lazystr(_Missing(field))


def _standard(field: forms.Field) -> Any:
    return type(field).default_error_messages.get("required", forms.Field.default_error_messages["required"])


class _Missing:
    """What a field without its answer says, in the language of the page."""

    def __init__(self, field: forms.Field) -> None:
        self.field = field

    def __str__(self) -> str:
        label = str(self.field.label or "")
        if isinstance(self.field, forms.FileField):
            return _("Choose a file: %(label)s") % {"label": label}
        if isinstance(self.field, forms.BooleanField):
            return _("Confirm: %(label)s") % {"label": label}
        if isinstance(self.field, forms.ChoiceField):
            return _("Choose: %(label)s") % {"label": label}
        return _("Fill in: %(label)s") % {"label": label}
