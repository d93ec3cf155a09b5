"""Hand-over to a third party (M47 art. 24, R-29, R-30): without all four documents no carrier leaves."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import HandOverStatus
from shebaoka.office.custody.models.carriers import Carrier
from shebaoka.office.custody.models.triggers import final, kept, moves, once
from shebaoka.office.organizations.models import Organization, Staff

_MOVES = {
    "prepared": ["effective", "withdrawn"],
    "effective": ["out", "withdrawn"],
    "out": ["returned"],
    "returned": [],
    "withdrawn": [],
}


class HandOver(Record):
    """Carriers for a factory or bank. The four documents: the record (``record_*``), the confidentiality
    agreement (``agreement_*``), the third party's security plan as reviewed (``plan_*``), the plan of
    supervision (``supervis*``). ``*_file``: SHA-256 of the scan, ``*_name``: its name."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="hand_overs")
    third_party = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="hand_overs_taken")
    number = models.CharField(max_length=30, unique=True)
    purpose = models.CharField(max_length=200)
    due_on = models.DateField()
    prepared_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=HandOverStatus, default=HandOverStatus.PREPARED)

    record_on = models.DateField(null=True)
    record_place = models.CharField(max_length=120, blank=True)
    record_transport = models.CharField(max_length=200, blank=True)
    record_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    agreement_number = models.CharField(max_length=60, blank=True)
    agreement_on = models.DateField(null=True)
    agreement_until = models.DateField(null=True)
    agreement_ours = models.CharField(max_length=60, blank=True)
    agreement_theirs = models.CharField(max_length=60, blank=True)
    agreement_file = models.CharField(max_length=64, blank=True)
    agreement_name = models.CharField(max_length=120, blank=True)

    plan_version = models.CharField(max_length=40, blank=True)
    plan_reviewer = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    plan_on = models.DateField(null=True)
    plan_approved = models.BooleanField(null=True)
    plan_remark = models.CharField(max_length=400, blank=True)
    plan_file = models.CharField(max_length=64, blank=True)
    plan_name = models.CharField(max_length=120, blank=True)

    supervisor = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    supervision_days = models.PositiveSmallIntegerField(null=True)
    supervision_what = models.CharField(max_length=400, blank=True)

    out_at = models.DateTimeField(null=True)
    out_a = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    out_b = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    returned_at = models.DateTimeField(null=True)
    returned_a = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    returned_b = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    incident = models.CharField(max_length=60, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="hand_over_all_four",
                condition=Q(status__in=["prepared", "withdrawn"])
                | ~Q(record_on=None)
                & ~Q(record_by=None)
                & ~Q(agreement_number="")
                & ~Q(agreement_on=None)
                & Q(agreement_until__gte=F("due_on"))
                & ~Q(agreement_ours="")
                & ~Q(agreement_theirs="")
                & ~Q(agreement_file="")
                & ~Q(plan_version="")
                & Q(plan_approved=True)
                & ~Q(plan_reviewer=None)
                & ~Q(plan_on=None)
                & ~Q(plan_file="")
                & ~Q(supervisor=None)
                & ~Q(supervision_days=None)
                & ~Q(supervision_what=""),
            ),
            models.CheckConstraint(
                name="hand_over_reviewer_is_another",
                condition=Q(plan_reviewer=None) | ~Q(plan_reviewer=F("prepared_by")),
            ),
            models.CheckConstraint(
                name="hand_over_two_sign_out",
                condition=Q(status__in=["prepared", "effective", "withdrawn"])
                | ~Q(out_at=None) & ~Q(out_a=None) & ~Q(out_b=None) & ~Q(out_a=F("out_b")),
            ),
            models.CheckConstraint(
                name="hand_over_two_sign_back",
                condition=~Q(status="returned")
                | ~Q(returned_at=None)
                & ~Q(returned_a=None)
                & ~Q(returned_b=None)
                & ~Q(returned_a=F("returned_b")),
            ),
            models.CheckConstraint(name="hand_over_elsewhere", condition=~Q(organization=F("third_party"))),
        ]
        triggers = [
            noted(),
            kept(
                "a hand-over",
                *("organization_id", "third_party_id", "number", "purpose", "due_on", "prepared_by_id"),
                more=moves(_MOVES) + once("out_at", "out_a_id", "out_b_id", "returned_at", "incident"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class HandOverLine(Record):
    """A carrier of a hand-over and who at the third party answers for it; ``seal_back``: as it came back."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="lines")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="hand_over_lines")
    person = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    seal = models.CharField(max_length=20, blank=True)
    seal_back = models.CharField(max_length=20, blank=True)

    class Meta(Record.Meta):
        constraints = [models.UniqueConstraint("hand_over", "carrier", name="hand_over_line_once")]
        triggers = [noted(), kept("a hand-over", "hand_over_id", "carrier_id", "person_id")]


class SupervisionVisit(Record):
    """A visit to the third party (R-30). ``in_order`` False: something was found that must not be."""

    hand_over = models.ForeignKey(HandOver, on_delete=models.PROTECT, related_name="visits")
    visited_on = models.DateField()
    supervisor = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    found = models.CharField(max_length=400)
    in_order = models.BooleanField()

    class Meta(Record.Meta):
        triggers = [noted(), final("a visit")]
