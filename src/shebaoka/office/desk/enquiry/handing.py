"""With the card at hand-out: the letter with the code of the first sign-in, and the notice of
responsibilities, whose signed sheet is the proof that she was told (PW-07)."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from shebaoka.office.access import services
from shebaoka.office.access.notice import in_force
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.cards.papers import number_masked
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.organizations.reading import read_noted
from shebaoka.office.people.models import Person
from shebaoka.office.people.selectors import person_by_number
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.letters import ActivationLetter, first_letters_pdf


class WhoForm(OfficeForm):
    """To whom a card is handed out."""

    number = forms.CharField(
        label=gettext_lazy("Social security number"),
        max_length=40,
        widget=forms.TextInput({"size": "22"}),
    )


class SignedForm(OfficeForm):
    """The sheet she signed."""

    sheet = forms.CharField(label=gettext_lazy("Number of the signed sheet"), max_length=60)


@desk("access.notice.note")
def find(request: DeskRequest) -> HttpResponse:
    """Who gets her card."""
    form = WhoForm.of(request)
    found = attempt(form, lambda answers: person_by_number(request.actor, answers["number"]))
    if found is not None:
        return redirect("desk:enquiry:hand-out", found.pk)
    page = {"form": form, "title": _("At hand-out of a card"), "back": reverse("desk:enquiry:home")}
    return render(request, "desk/form.html", page, status=form.status)


@desk("access.notice.note")
def hand_out(request: DeskRequest, pk: UUID) -> HttpResponse:
    """Both papers, and the number of the sheet once it is signed."""
    person = _hers(request, pk)
    form = SignedForm.of(request, initial={"sheet": sheet_of(person)})
    noted = attempt(
        form, lambda answers: services.notice_note(request.actor, person=pk, sheet=answers["sheet"])
    )
    if noted is not None:
        messages.success(request, _("It is noted that she was told, with the signed sheet as proof."))
        return redirect("desk:enquiry:home")
    page = {"form": form, "person": person, "number": number_masked(person.number)}
    return render(request, "desk/enquiry/hand_out.html", page, status=form.status)


@desk("access.notice.note")
def notice(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The notice of responsibilities to sign."""
    person = _hers(request, pk)
    answer = HttpResponse(notice_pdf(person), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{sheet_of(person)}.pdf"'
    return answer


@require_POST
@desk("access.letter-code.make")
def letter(request: DeskRequest, pk: UUID) -> HttpResponse:
    """The folded letter with her code, for the printer; no page shows it."""
    made = services.letter_code_make(request.actor, person=pk)
    person, serial = made.person, sheet_of(made.person)
    sheet = ActivationLetter(person.name, person.agency.name, serial, made.code)
    answer = HttpResponse(first_letters_pdf([sheet]), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{serial}-letter.pdf"'
    return answer


def notice_pdf(person: Person) -> bytes:
    """The sheet, in Chinese: what she is told, and where she signs."""
    version, words = in_force()
    with translation.override("zh-hans"):
        text = str(words)
    paper = FormPaper(
        title="社会保险查询责任告知书",
        number=sheet_of(person),
        body=person.agency.name,
        sections=(
            Section(
                "告知内容",
                facts=(("持卡人", person.name), ("社会保障号码", number_masked(person.number))),
                text=(text, f"告知书版本：{version}"),
            ),
            Section("签字", signatures=(("本人已阅读并知悉", ""), ("经办人", ""))),
        ),
    )
    return form_pdf(paper)


def sheet_of(person: Person) -> str:
    """The number of today's sheet of hers."""
    return f"{person.agency.code}-{clock.today():%Y%m%d}-{person.pk.hex[-6:].upper()}"


def _hers(request: DeskRequest, pk: UUID) -> Person:
    found = Person.objects.select_related("agency").filter(pk=pk, merged_into=None, died_on=None).first()
    if found is None or not request.actor.organization.contains(found.agency):
        raise Refusal("base.not-found", what="person")
    read_noted(
        request.actor,
        organization=found.agency,
        subject=found,
        purpose="people.identity",
        fields=("people.name", "people.number", "people.agency"),
    )
    return found
