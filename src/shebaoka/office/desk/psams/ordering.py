"""Vendors, applications (F7), hand-over lists (F8)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from shebaoka.office.base.paging import page_of
from shebaoka.office.base.pieces import Column, Link, Row, Summary, Tag, Tone
from shebaoka.office.base.steps import Answers, Step
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.psams.common import home as to
from shebaoka.office.desk.psams.common import keepers, link, listing, pair, single, standing
from shebaoka.office.desk.psams.forms import KeeperForm, WhyForm
from shebaoka.office.desk.psams.order_forms import (
    ApplicationForm,
    DecisionForm,
    DeliveryForm,
    ReceiveForm,
    SendForm,
    VendorForm,
)
from shebaoka.office.psams import papers, selectors, services
from shebaoka.office.psams.choices import Algorithm, KeyLevel, OrderStatus, Purpose
from shebaoka.office.psams.models import Order
from shebaoka.office.psams.services import (
    Application,
    HandOverList,
    NewVendor,
    OrderDecision,
    Receipt,
    Sent,
)

_PAGE = "desk/psams/page.html"


@desk()
def vendors(request: DeskRequest) -> HttpResponse:
    """Filings of vendors."""
    ends = request.actor.may("psams.vendor.withdraw")
    columns = [
        Column(_("Vendor")),
        Column(_("Filing number")),
        Column(_("Filed on")),
        Column(_("Valid until")),
    ]
    columns += [Column(_("Withdrawn on"))] + ([Column(_("Change"))] if ends else [])
    rows: list[list[object]] = []
    for each in selectors.vendors():
        row: list[object] = [each.name, each.filing, each.filed_on, each.valid_until, each.withdrawn_on]
        if ends:
            url = reverse("desk:psams:vendor-withdraw", args=[each.filing])
            row.append("" if each.withdrawn_on else Link(_("Withdraw the filing"), url, each.filing))
        rows.append(row)
    page = {
        "title": _("Vendors of PSAMs"),
        "back": reverse("desk:psams:home"),
        "acts": [to("vendor-file", _("File a vendor"))] if request.actor.may("psams.vendor.file") else [],
        "sections": [listing(_("Filings"), columns, rows, _("None yet."))],
    }
    return render(request, _PAGE, page)


@desk("psams.vendor.file")
def vendor_file(request: DeskRequest) -> HttpResponse:
    """Another filing."""
    return pair(
        request,
        "psams.vendor.file",
        [Step("vendor", _("Vendor"), VendorForm)],
        lambda answers: NewVendor(answers["name"], answers["filing"], answers["filed_on"]),
        title=_("File a vendor"),
        back=reverse("desk:psams:vendors"),
    )


@desk("psams.vendor.withdraw")
def vendor_withdraw(request: DeskRequest, filing: str) -> HttpResponse:
    """The end of a filing."""
    return single(
        request,
        WhyForm.of(request),
        lambda answers: services.vendor_withdraw(request.actor, filing=filing, why=answers["why"]),
        title=_("Withdraw the filing %(filing)s") % {"filing": filing},
        done=_("The filing is withdrawn."),
        to=reverse("desk:psams:vendors"),
    )


@desk()
def orders(request: DeskRequest) -> HttpResponse:
    """Applications of her area."""
    found = page_of(request, selectors.orders(request.actor))
    rows = [
        (
            Link(each.number, _address(each)),
            each.organization.name,
            each.quantity,
            each.submitted_at,
            _state(each),
        )
        for each in found
    ]
    columns = [
        Column(_("Number")),
        Column(_("Body")),
        Column(_("Quantity"), numeric=True),
        Column(_("Submitted on")),
        Column(_("Status")),
    ]
    page = {
        "title": _("Applications for PSAMs"),
        "back": reverse("desk:psams:home"),
        "acts": [to("apply", _("Apply for PSAMs"))] if request.actor.may("psams.order.apply") else [],
        "sections": [listing(_("Applications"), columns, rows, _("None yet."))],
        "pages": found,
    }
    return render(request, _PAGE, page)


@desk()
def order(request: DeskRequest, number: str) -> HttpResponse:
    """One application with its PSAMs."""
    found = selectors.order(request.actor, number)
    levels = ", ".join(str(KeyLevel(each).label) for each in found.levels)
    facts = [
        Row(_("Status"), _state(found)),
        Row(_("Body"), found.organization.name),
        Row(_("Quantity"), found.quantity),
        Row(_("Key levels"), levels),
        Row(_("Ciphers"), ", ".join(found.algorithms)),
        Row(_("What it is for"), found.get_purpose_display()),
        Row(_("Where they are used"), found.use),
        Row(_("Vendor"), str(found.vendor)),
        Row(_("Delivery"), found.delivery),
        Row(_("Keeper"), str(found.keeper)),
        Row(_("Opinion"), found.opinion),
        Row(_("Hand-over list"), found.document),
    ]
    psams = page_of(request, found.psams.order_by("serial"))
    rows = [(link(each), each.terminal, standing(each)) for each in psams]
    columns = [Column(_("Serial number")), Column(_("Terminal number")), Column(_("Status"))]
    page = {
        "title": _("Application %(number)s") % {"number": number},
        "back": reverse("desk:psams:orders"),
        "facts": Summary(facts),
        "acts": _acts(request, found),
        "sections": [listing(_("PSAMs"), columns, rows, _("None sent yet."))],
        "pages": psams,
    }
    return render(request, _PAGE, page)


@desk()
def paper(request: DeskRequest, number: str, form: str) -> HttpResponse:
    """The application or the hand-over list on paper."""
    found = selectors.order(request.actor, number)
    content = papers.application_pdf(found) if form == "F7" else papers.hand_over_pdf(found)
    return HttpResponse(content, content_type="application/pdf")


@desk("psams.order.apply")
def apply(request: DeskRequest) -> HttpResponse:
    """An application."""
    body = request.actor.organization
    filed = [(each.filing, str(each)) for each in selectors.vendors_filed()]
    steps = [
        Step("what", _("What is needed"), ApplicationForm),
        Step("from", _("Vendor and delivery"), DeliveryForm, values=lambda answers: {"vendors": filed}),
        Step(
            "keeper",
            _("Who keeps them"),
            KeeperForm,
            values=lambda answers: {"keepers": keepers(request.actor, body)},
        ),
    ]

    def content(answers: Answers) -> Application:
        return Application(
            body.code,
            answers["quantity"],
            tuple(KeyLevel(each) for each in answers["levels"]),
            tuple(Algorithm(each) for each in answers["algorithms"]),
            answers["vendor"],
            Purpose(answers["purpose"]),
            answers["use"],
            answers["delivery"],
            answers["keeper"],
        )

    title = _("Apply for PSAMs")
    back = reverse("desk:psams:orders")
    return pair(request, "psams.order.apply", steps, content, title=title, back=back)


@desk("psams.order.decide")
def decide(request: DeskRequest, number: str) -> HttpResponse:
    """The ministry's answer."""
    found = selectors.order(request.actor, number)
    return pair(
        request,
        "psams.order.decide",
        [Step("decision", _("Answer to the application"), DecisionForm)],
        lambda answers: OrderDecision(number, answers["granted"] == "yes", answers["opinion"]),
        title=_("Application %(number)s") % {"number": number},
        back=_address(found),
        subject=found,
    )


@desk("psams.order.send")
def send(request: DeskRequest, number: str) -> HttpResponse:
    """The ministry's hand-over list."""
    found = selectors.order(request.actor, number)

    def content(answers: Answers) -> HandOverList:
        sent = tuple(Sent(serial, terminal) for serial, terminal in answers["psams"])
        given = {name: answers[name] for name in ("batch", "chip", "cos", "starts_on", "expires_on")}
        return HandOverList(number, psams=sent, national_version=answers["national_version"], **given)

    title = _("Send the PSAMs of %(number)s") % {"number": number}
    steps = [Step("sent", _("What is sent"), SendForm)]
    return pair(request, "psams.order.send", steps, content, title=title, back=_address(found), subject=found)


@desk("psams.order.receive")
def receive(request: DeskRequest, number: str) -> HttpResponse:
    """What arrived, counted."""
    found = selectors.order(request.actor, number)
    return pair(
        request,
        "psams.order.receive",
        [Step("arrived", _("What arrived"), ReceiveForm)],
        lambda answers: Receipt(
            found.organization.code, number, answers["document"].strip(), answers["serials"]
        ),
        title=_("Receive the PSAMs of %(number)s") % {"number": number},
        back=_address(found),
        subject=found,
    )


def _acts(request: DeskRequest, found: Order) -> list[Link]:
    status = OrderStatus(found.status)
    own = request.actor.organization.pk == found.organization_id
    offered = [
        (
            "psams.order.decide",
            _("Grant or refuse it"),
            "decide",
            status == OrderStatus.SUBMITTED and not own,
        ),
        ("psams.order.send", _("Send the PSAMs"), "send", status == OrderStatus.GRANTED and not own),
        ("psams.order.receive", _("Receive the PSAMs"), "receive", status == OrderStatus.SENT and own),
    ]
    links = [
        Link(text, reverse(f"desk:psams:{page}", args=[found.number]))
        for act, text, page, fits in offered
        if fits and request.actor.may(act)
    ]
    links.append(Link(_("Application form (PDF)"), reverse("desk:psams:paper", args=[found.number, "F7"])))
    if found.document:
        url = reverse("desk:psams:paper", args=[found.number, "F8"])
        links.append(Link(_("Hand-over list (PDF)"), url))
    return links


def _state(found: Order) -> Tag:
    tones: dict[OrderStatus, Tone] = {OrderStatus.REFUSED: "bad", OrderStatus.RECEIVED: "good"}
    return Tag(found.get_status_display(), tones.get(OrderStatus(found.status), "busy"))


def _address(found: Order) -> str:
    return reverse("desk:psams:order", args=[found.number])
