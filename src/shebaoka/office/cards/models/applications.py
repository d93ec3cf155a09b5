"""Applications for cards, and the lists that employers, schools and communities send in."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from shebaoka.domain.card_states import machine
from shebaoka.office.base.records import Record, noted
from shebaoka.office.base.triggers import final, kept, moves
from shebaoka.office.cards.choices import (
    Applicant,
    ApplicationKind,
    Delivery,
    Making,
    Proof,
    Reason,
    RowResult,
)
from shebaoka.office.cards.models.products import Product
from shebaoka.office.organizations.choices import Channel
from shebaoka.office.organizations.models import Organization, Staff
from shebaoka.office.people.models import Employer, Person

STATES = machine("application")
OPEN = [state for state in STATES.states if state not in STATES.ends]


class ApplicationList(Record):
    """A list of people for whom cards are applied for together. ``digest``: SHA-256 of the file."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="card_lists")
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    applicant = models.CharField(max_length=10, choices=Applicant)
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="card_lists")
    sender = models.CharField(_("sender"), max_length=120)
    file = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    rows = models.PositiveIntegerField()
    taken = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("organization", "digest", name="card_list_once"),
            models.CheckConstraint(name="card_list_counts", condition=Q(taken__lte=F("rows"))),
        ]
        triggers = [noted(), kept("a list", "organization_id", "digest", "at")]


class Application(Record):
    """A card applied for. ``organization``: the issuing body; ``agency``: who took it; ``outlet``: where the
    card is handed out; ``population``: group of the region's plan; ``fee`` in fen; ``old_card``: number of
    the card it replaces, kept as text because cards come after applications; ``changed``: places of the card
    that changed after its contents may have been listed, and before it stood in the register."""

    number = models.CharField(max_length=40, unique=True)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="card_applications")
    agency = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    outlet = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="card_applications")
    changed = models.JSONField(default=list, blank=True)  # before the field of the same name
    kind = models.CharField(max_length=12, choices=ApplicationKind)
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.NONE)
    applicant = models.CharField(max_length=10, choices=Applicant)
    list = models.ForeignKey(
        ApplicationList, null=True, on_delete=models.PROTECT, related_name="applications"
    )
    agent_name = models.CharField(max_length=100, blank=True, default="")
    agent_document = models.CharField(max_length=20, blank=True, default="")
    proof = models.CharField(max_length=10, choices=Proof)
    channel = models.CharField(max_length=10, choices=Channel)
    making = models.CharField(max_length=8, choices=Making)
    delivery = models.CharField(max_length=10, choices=Delivery)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="applications")
    population = models.CharField(max_length=60)
    bank = models.ForeignKey(Organization, null=True, on_delete=models.PROTECT, related_name="+")
    bank_account = models.CharField(max_length=30, blank=True, default="")
    bank_card = models.CharField(max_length=19, blank=True, default="")
    old_card = models.CharField(max_length=9, blank=True, default="")
    fee = models.PositiveIntegerField()
    status = models.CharField(max_length=12, default=STATES.first)
    why = models.CharField(max_length=200, blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("person", condition=Q(status__in=OPEN), name="card_application_one_open"),
            models.CheckConstraint(name="card_application_status", condition=Q(status__in=[*STATES.states])),
            models.CheckConstraint(
                name="card_application_agent",
                condition=Q(agent_name="", agent_document="") | ~Q(agent_name="") & ~Q(agent_document=""),
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "status"], name="card_application_status_ix"),
            models.Index(fields=["person"], name="card_application_person_ix"),
        ]
        triggers = [
            noted(),
            kept(
                "an application",
                "number",
                "organization_id",
                "agency_id",
                "person_id",
                "kind",
                "fee",
                "at",
                more=moves(STATES.table),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ListRow(Record):
    """A row of a list and what became of it. ``problem``: code of the refusal; ``text``: in the language of
    who sent it; nothing of the person."""

    list = models.ForeignKey(ApplicationList, on_delete=models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField()
    result = models.CharField(max_length=8, choices=RowResult)
    problem = models.CharField(max_length=60, blank=True, default="")
    text = models.CharField(max_length=300, blank=True, default="")
    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("list", "row", name="card_list_row_once"),
            models.CheckConstraint(
                name="card_list_row_result",
                condition=Q(result="taken", problem="", application__isnull=False)
                | Q(result="refused", application=None) & ~Q(problem=""),
            ),
        ]
        triggers = [noted(), final("a report")]
