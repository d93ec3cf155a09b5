"""A signed statement to take to others, and the page where anybody checks one."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from shebaoka.office.access import services
from shebaoka.office.access.choices import Scope
from shebaoka.office.access.models import PortalSession
from shebaoka.office.base.forms import OfficeForm, attempt
from shebaoka.office.base.pieces import Column, Row, Summary, Table
from shebaoka.office.people.choices import Sex
from shebaoka.office.people.reads import STATED
from shebaoka.office.portal.holder import address, holder_or
from shebaoka.office.portal.me import masked
from shebaoka.office.portal.stepping import clear, stepped
from shebaoka.paper.form import FormPaper, Section, form_pdf
from shebaoka.paper.transcript import Grid


class CheckForm(OfficeForm):
    """The code on a statement."""

    code = forms.CharField(
        label=gettext_lazy("Code on the statement"),
        help_text=gettext_lazy("16 letters and digits."),
        max_length=40,
        widget=forms.TextInput({"size": "24", "autocomplete": "off", "spellcheck": "false"}),
    )


@holder_or(Scope.STATEMENT)
@clear
@stepped
def take(request: HttpRequest, session: PortalSession) -> HttpResponse:
    """What it will say; then the sheet."""
    if request.method == "POST":
        services.seen(session, STATED)
        made = services.statement_make(session)
        answer = HttpResponse(form_pdf(paper_of(made)), content_type="application/pdf")
        answer["Content-Disposition"] = 'attachment; filename="statement.pdf"'
        return answer
    return render(request, "portal/statement.html", {"session": session})


@sensitive_post_parameters()
def check(request: HttpRequest) -> HttpResponse:
    """What the statement with a code says, to compare with the paper. The code comes in a form, so that it
    stands in no address and no log."""
    form = CheckForm.of(request)
    found = attempt(form, lambda answers: services.statement_check(answers["code"], address(request)))
    page = {"form": form, "summary": _summary(found) if found else None, "parts": _tables(found)}
    return render(request, "portal/check.html", page, status=form.status)


def _summary(found: services.Stated) -> Summary:
    said = found.content
    return Summary(
        [
            Row(pgettext("person", "Name"), said["name"]),
            Row(_("Social security number"), masked(said["number"])),
            Row(_("Insured at"), said["agency"]),
            Row(_("Employer"), said["employer"]),
            Row(_("As of"), said["day"]),
        ]
    )


def _tables(found: services.Stated | None) -> list[Table]:
    parts = found.parts if found else ()
    return [Table(each.title, [Column(name) for name in each.columns], each.rows) for each in parts]


def paper_of(made: services.Stated) -> FormPaper:
    """Its sheet, in Chinese, as it goes to Chinese offices; read in another language, that one follows."""
    said = made.content
    facts = (
        ("姓名", said["name"]),
        ("社会保障号码", said["number"]),
        ("性别", _SEX.get(said["sex"], "")),
        ("出生日期", said["birth"]),
        ("参保经办机构", said["agency"]),
        ("用人单位", said["employer"] or "无"),
        ("查询日期", said["day"]),
    )
    proof = (
        f"验证码：{made.code}",
        "任何人可以在社会保险门户“核验证明”页输入验证码，核对以上内容。",
        f"电子签名（Ed25519）：{made.signature}",
    )
    parts = tuple(
        Section(each.title, grid=Grid(each.columns, each.rows, (1,) * len(each.columns)))
        for each in made.parts
    )
    return FormPaper(
        title="参保信息证明",
        number=made.code,
        body=said["agency"],
        sections=(Section("本人信息", facts=facts), *parts, Section("核验", text=proof), *_translated(said)),
    )


def _translated(said: dict[str, str]) -> tuple[Section, ...]:
    """The same in the language of the page, for who reads no Chinese; nothing on a Chinese page."""
    if (get_language() or "").startswith("zh"):
        return ()
    facts = (
        (pgettext("person", "Name"), said["name"]),
        (_("Social security number"), said["number"]),
        (_("Sex"), str(Sex(said["sex"]).label)),
        (_("Date of birth"), said["birth"]),
        (_("Insured at"), said["agency"]),
        (_("Employer"), said["employer"] or _("None")),
        (_("As of"), said["day"]),
    )
    text = _("Anybody types the code above on the page “Check a statement” of this portal and compares.")
    return (Section(_("Translation"), facts=(*facts, (pgettext("statement", "Check it"), text))),)


_SEX = {Sex.MALE.value: "男", Sex.FEMALE.value: "女", Sex.NOT_STATED.value: "未说明"}
