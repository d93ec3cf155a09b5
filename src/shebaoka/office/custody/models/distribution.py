"""Distribution: applications for keys (F5), and what is sent with a memorandum (F6, R-27)."""

from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.custody.choices import OrderStatus
from shebaoka.office.custody.models.carriers import Carrier
from shebaoka.office.custody.models.hsms import Hsm
from shebaoka.office.custody.models.triggers import kept, moves, once
from shebaoka.office.organizations.models import Organization, Staff

_ORDER_MOVES = {"submitted": ["refused", "sent"], "sent": ["fulfilled"], "refused": [], "fulfilled": []}


class Order(Record):
    """An application for keys and carriers (密钥申领表). Three quantities by kind of carrier; ``custodian_a``
    and ``custodian_b`` will answer for what comes; ``letter``: letter of introduction of who fetches it."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="key_orders")
    number = models.CharField(max_length=30, unique=True)
    approval = models.CharField(max_length=60)
    hsm = models.ForeignKey(Hsm, on_delete=models.PROTECT, related_name="orders")
    key_set = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200)
    master_control = models.PositiveSmallIntegerField(default=0)
    mother = models.PositiveSmallIntegerField(default=0)
    transmission = models.PositiveSmallIntegerField(default=0)
    custodian_a = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    custodian_b = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    courier = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    letter = models.CharField(max_length=60)
    planned_on = models.DateField()
    place = models.CharField(max_length=120)
    submitted_at = models.DateTimeField()
    status = models.CharField(max_length=10, choices=OrderStatus, default=OrderStatus.SUBMITTED)
    remark = models.CharField(max_length=400, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(name="order_two_custodians", condition=~Q(custodian_a=F("custodian_b"))),
            models.CheckConstraint(
                name="order_of_something",
                condition=Q(master_control__gt=0) | Q(mother__gt=0) | Q(transmission__gt=0),
            ),
        ]
        triggers = [
            noted(),
            kept(
                "an application",
                *("organization_id", "number", "approval", "hsm_id", "key_set", "purpose", "submitted_at"),
                *("master_control", "mother", "transmission", "custodian_a_id", "custodian_b_id"),
                more=moves(_ORDER_MOVES),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Dispatch(Record):
    """Carriers sent from one body to another with a memorandum (密钥交接备忘录). ``number``: unique in the
    sender's region and year (R-56); two persons give, two take, two accompany. ``place``: where it is given,
    empty in those from before it was asked (F6)."""

    number = models.CharField(max_length=30, unique=True)
    order = models.ForeignKey(Order, null=True, on_delete=models.PROTECT, related_name="dispatches")
    sender = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="dispatches_sent")
    receiver = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="dispatches_received")
    document = models.CharField(max_length=60)
    place = models.CharField(max_length=120, blank=True, default="")
    transport = models.CharField(max_length=200)
    courier_a = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    courier_b = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    sent_a = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    sent_b = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    received_a = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    received_b = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True)

    class Meta(Record.Meta):
        constraints = [
            models.CheckConstraint(
                name="dispatch_two_persons",
                condition=~Q(sent_a=F("sent_b"))
                & ~Q(courier_a=F("courier_b"))
                & (Q(received_at=None) | ~Q(received_a=F("received_b"))),
            ),
            models.CheckConstraint(
                name="dispatch_received",
                condition=Q(received_at=None, received_a=None, received_b=None)
                | ~Q(received_at=None) & ~Q(received_a=None) & ~Q(received_b=None),
            ),
            models.CheckConstraint(name="dispatch_elsewhere", condition=~Q(sender=F("receiver"))),
        ]
        triggers = [
            noted(),
            kept(
                "a memorandum",
                *("number", "sender_id", "receiver_id", "document", "place", "transport"),
                *("courier_a_id", "courier_b_id", "sent_a_id", "sent_b_id", "sent_at"),
                more=once("received_at", "received_a_id", "received_b_id"),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class DispatchLine(Record):
    """A carrier in a memorandum: seal, content described without values, who carries it; and what the
    receiver found. ``arrived`` is None until the count."""

    dispatch = models.ForeignKey(Dispatch, on_delete=models.PROTECT, related_name="lines")
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="dispatch_lines")
    seal = models.CharField(max_length=20)
    content = models.CharField(max_length=200, blank=True)
    courier = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    arrived = models.BooleanField(null=True)
    seal_seen = models.CharField(max_length=20, blank=True)
    explanation = models.CharField(max_length=200, blank=True)

    class Meta(Record.Meta):
        constraints = [
            models.UniqueConstraint("dispatch", "carrier", name="dispatch_line_once"),
            models.CheckConstraint(
                name="dispatch_line_explained",
                condition=Q(arrived=None) | Q(arrived=True, seal_seen=F("seal")) | ~Q(explanation=""),
            ),
        ]
        triggers = [
            noted(),
            kept(
                "a memorandum",
                *("dispatch_id", "carrier_id", "seal", "content", "courier_id"),
                more=once("arrived", "seal_seen", "explanation"),
            ),
        ]
