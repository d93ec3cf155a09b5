"""Stock-takes: the register against what two persons found; every difference explained (R-54)."""

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import CarrierStatus, Difference
from shebaoka.office.custody.models import Carrier, StockTake, StockTakeLine
from shebaoka.office.custody.services.common import own_body, two_signers
from shebaoka.office.organizations.acts import Act
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.two_persons import two_persons

_ELSEWHERE = (CarrierStatus.OUT, CarrierStatus.SENT, CarrierStatus.AT_THIRD_PARTY, CarrierStatus.LOST)


class Counted(msgspec.Struct, frozen=True):
    """A carrier that was found, with the seal that is on it."""

    serial: str
    seal: str


class Explained(msgspec.Struct, frozen=True):
    """Why a carrier is not as the register says."""

    serial: str
    explanation: str


class Count(msgspec.Struct, frozen=True):
    """What two persons found."""

    organization: str
    found: tuple[Counted, ...]
    explanations: tuple[Explained, ...] = ()


@two_persons("custody.stock-take.record", Count, rehearsed=True)
def stock_take_record(act: Act, count: Count) -> StockTake | Organization:
    """A count. Carriers that are out, on the way or at a third party are not expected. Raises Refusal
    ``custody.explain-all`` naming what has no explanation; differences open an incident."""
    body = own_body(act, count.organization)
    register = {
        carrier.serial: carrier
        for carrier in Carrier.objects.filter(holder=body)
        .exclude(status=CarrierStatus.DESTROYED)
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    lines = compared(register, count)
    unexplained = [line.serial for line in lines if line.difference and not line.explanation]
    if unexplained:
        raise Refusal("custody.explain-all", serials=", ".join(unexplained))
    signers = two_signers(act)
    different = [line.serial for line in lines if line.difference]
    if signers is None:
        act.about(body)
        return body
    made = StockTake(
        organization=body,
        counted_at=act.time,
        counted_a=signers[0],
        counted_b=signers[1],
        expected=sum(carrier.status not in _ELSEWHERE for carrier in register.values()),
        found=len(count.found),
        differences=len(different),
    )
    if different:
        what = "; ".join(f"{line.serial}: {line.explanation}" for line in lines if line.difference)
        report = hooks.Report(
            act.actor,
            body,
            "stock-difference",
            act.time,
            what,
            made,
            potential=True,
            serials=tuple(different),
        )
        made.incident = hooks.open_incident(report)
    made.save(force_insert=True)
    for line in lines:
        line.stock_take = made
    StockTakeLine.objects.bulk_create(lines)
    act.about(made, found=made.found, expected=made.expected, differences=different)
    return made


def compared(register: dict[str, Carrier], count: Count) -> list[StockTakeLine]:
    """A line for every carrier of the register and every one that was found."""
    found = {each.serial: each.seal for each in count.found}
    if len(found) != len(count.found):
        raise Refusal("custody.named-twice")
    reasons = {each.serial: " ".join(each.explanation.split()) for each in count.explanations}
    lines = []
    for serial, carrier in sorted(register.items()):
        there, seal = serial in found, found.get(serial, "")
        lines.append(
            StockTakeLine(
                carrier=carrier,
                serial=serial,
                status=carrier.status,
                found=there,
                seal=carrier.seal,
                seal_seen=seal,
                difference=_difference(carrier, there, seal),
                explanation=reasons.get(serial, ""),
            )
        )
    for serial, seal in sorted(found.items()):
        if serial not in register:
            lines.append(
                StockTakeLine(
                    serial=serial[:16],
                    found=True,
                    seal_seen=seal,
                    difference=Difference.UNKNOWN,
                    explanation=reasons.get(serial, ""),
                )
            )
    return lines


def _difference(carrier: Carrier, found: bool, seal: str) -> Difference:
    expected = carrier.status not in _ELSEWHERE
    if expected and not found:
        return Difference.MISSING
    if found and not expected:
        return Difference.UNKNOWN
    return Difference.SEAL if found and seal != carrier.seal else Difference.NONE
