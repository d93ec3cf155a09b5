"""A province with its carriers in their places, written past the services but along the legal moves."""

from datetime import date

from django.db.models import F

from office.country import Country
from shebaoka.office.base import clock
from shebaoka.office.base.records import writing
from shebaoka.office.custody.models import (
    Carrier,
    Dispatch,
    DispatchLine,
    Holding,
    Hsm,
    HsmCertificate,
    Series,
    StoragePlace,
)
from shebaoka.office.organizations.models import Staff

_SERIALS = ("9800000000000001", "9800000000000002", "9800000000000003")
_KINDS = ("mother", "transmission", "master-control")
_PAIR = "0123456789ABCDEF"
_KEEPERS = (("1", ""), ("2", "3"), ("1", "3"))


def received_at_once(country: Country) -> None:
    """As ``Steps.received_by_services`` leaves it."""
    ministry, province = country.organizations["000000"], country.organizations["980000"]
    staff = {member.number: member for member in Staff.objects.filter(organization__in=[ministry, province])}
    time, day = clock.now(), date(2026, 3, 2)
    with writing("tests.received"):
        Series.objects.create(organization=province, year=2026, last=1)
        Series.objects.create(organization=ministry, year=2026, last=1)
        places = StoragePlace.objects.bulk_create(
            StoragePlace(
                organization=province, code=f"S{n}", name=f"S{n}柜", kind="safe", address="示例路1号"
            )
            for n in (1, 2, 3)
        )
        carriers = Carrier.objects.bulk_create(
            Carrier(serial=serial, kind=kind, issuer=ministry, holder=ministry, document="x", numbered_on=day)
            for serial, kind in zip(_SERIALS, _KINDS, strict=True)
        )
        ours = [staff[f"000000-key-custodian-{n}"] for n in (1, 2)]
        theirs = {str(n): staff[f"980000-key-custodian-{n}"] for n in (1, 2, 3)}
        memo = Dispatch.objects.create(
            number="000000-2026-0001",
            sender=ministry,
            receiver=province,
            document="部发2026-15",
            transport="专车",
            courier_a=staff["980000-security-officer-1"],
            courier_b=staff["980000-key-administrator-1"],
            sent_a=ours[0],
            sent_b=ours[1],
            sent_at=time,
        )
        DispatchLine.objects.bulk_create(
            DispatchLine(dispatch=memo, carrier=carrier, seal=f"F{n}", courier=memo.courier_a)
            for n, carrier in enumerate(carriers, 1)
        )
        Carrier.objects.update(status="sent")
        Carrier.objects.update(status="received", holder=province, received_on=day)
        DispatchLine.objects.update(arrived=True, seal_seen=F("seal"))
        memo.received_at, memo.received_a, memo.received_b = time, theirs["1"], theirs["2"]
        memo.save()
        Carrier.objects.exclude(kind="master-control").update(pair=_PAIR)
        for n, (carrier, place) in enumerate(zip(carriers, places, strict=True), 1):
            fields = {"status": "stored", "place": place, "seal": f"F{n}"}
            keys = ["98:BK:1:SM4", "98:PUK:1:SM4"] if n == 1 else []
            Carrier.objects.filter(pk=carrier.pk).update(**fields, keys=keys)
        holdings = []
        for carrier, keepers in zip(carriers, _KEEPERS, strict=True):
            for who, capacity in zip(keepers, ("custodian", "deputy"), strict=True):
                if who:
                    holdings.append(
                        Holding(carrier=carrier, person=theirs[who], capacity=capacity, since=time)
                    )
        Holding.objects.bulk_create(holdings)
        hsm = Hsm.objects.create(
            organization=province,
            maker="示例厂",
            model="SJJ-9",
            serial="HSM-980000",
            conformity="部信函1号",
            conformity_on=date(2024, 2, 1),
            place=places[0],
            custodian=theirs["1"],
            deputy=theirs["2"],
            added_on=day,
        )
        HsmCertificate.objects.create(
            hsm=hsm,
            number="GM-2024-1",
            kind="product",
            issued=date(2024, 1, 1),
            expires=date(2028, 12, 31),
        )
