"""Taking carriers out and bringing them back: two signatures each way, steps in between (R-28, K-10)."""

from datetime import timedelta

import msgspec

from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import Capacity, CarrierStatus
from shebaoka.office.custody.models import Carrier, Movement, MovementStep
from shebaoka.office.custody.procedures import steps_of
from shebaoka.office.custody.services.common import (
    OPERATOR,
    carrier_of,
    hold,
    let_go,
    move,
    own_body,
    person,
    two_signers,
    words,
)
from shebaoka.office.organizations.acts import Act, service
from shebaoka.office.organizations.models import Staff
from shebaoka.office.organizations.two_persons import two_persons
from shebaoka.office.parameters.selectors import number as parameter


class TakingOut(msgspec.Struct, frozen=True):
    """A carrier is to be used. ``approval``: number of the leader's approval; ``hours``: how long it is out;
    ``seal``: as it is on the envelope."""

    organization: str
    serial: str
    purpose: str
    approval: str
    hours: int
    seal: str


class BringingBack(msgspec.Struct, frozen=True):
    """A carrier is back under a new seal. ``remark``: needed when steps of its procedure were left out."""

    organization: str
    serial: str
    seal: str
    remark: str = ""


@two_persons("custody.carrier.take-out", TakingOut, needs=2, rehearsed=True)
def carrier_take_out(act: Act, out: TakingOut) -> Carrier:
    """Asked for by the operator who takes it, signed by two custodians of whom one answers for the carrier.

    Raises Refusal ``custody.not-its-custodian``, ``custody.seal-differs``, ``custody.too-long``,
    ``custody.both-halves``."""
    body = own_body(act, out.organization)
    carrier = carrier_of(body, out.serial)
    taker = person(body, act.persons["maker"], OPERATOR)
    longest = parameter(body, "custody.out-hours")
    if not 0 < out.hours <= longest:
        raise Refusal("custody.too-long", hours=longest)
    if out.seal != carrier.seal:
        raise Refusal("custody.seal-differs", serial=carrier.serial)
    if carrier.status != CarrierStatus.STORED:
        raise Refusal("custody.not-now", serial=carrier.serial, status=carrier.get_status_display())
    purpose, approval = words(out.purpose), words(out.approval)
    hold(carrier, taker, Capacity.TAKER, act.time)
    signers = two_signers(act)
    if signers is not None:
        check_custodian(carrier, *signers)
        Movement.objects.create(
            carrier=carrier,
            organization=body,
            purpose=purpose,
            approval=approval,
            taker=taker,
            out_at=act.time,
            due_at=act.time + timedelta(hours=out.hours),
            out_a=signers[0],
            out_b=signers[1],
            seal_out=carrier.seal,
        )
        move(carrier, CarrierStatus.OUT)
        carrier.save(update_fields=["status"])
    act.about(carrier, serial=carrier.serial, purpose=purpose, approval=approval, seal=carrier.seal)
    return carrier


@service("custody.movement.step")
def movement_step(act: Act, *, organization: str, serial: str, step: str, remark: str = "") -> MovementStep:
    """The next step of the carrier's procedure was done. Raises Refusal ``custody.not-out``,
    ``custody.other-step``."""
    body = own_body(act, organization)
    carrier = carrier_of(body, serial)
    movement = open_movement(carrier)
    if act.actor.staff is None:
        raise Refusal("custody.wrong-person", number=act.actor.number, role=body.name)
    steps = steps_of(carrier.kind)
    done = movement.steps.count()
    if done >= len(steps) or steps[done].name != step:
        following = steps[done].text if done < len(steps) else "-"
        raise Refusal("custody.other-step", step=following)
    made = MovementStep.objects.create(
        movement=movement,
        number=done + 1,
        name=step,
        at=act.time,
        by=act.actor.staff,
        remark=" ".join(remark.split()),
    )
    act.about(movement, serial=serial, step=step)
    return made


@two_persons("custody.carrier.bring-back", BringingBack, rehearsed=True)
def carrier_bring_back(act: Act, back: BringingBack) -> Carrier:
    """Signed by two custodians, of whom one answers for the carrier. Raises Refusal ``custody.steps-left``,
    ``custody.same-seal``."""
    body = own_body(act, back.organization)
    carrier = carrier_of(body, back.serial)
    movement = open_movement(carrier)
    remark = " ".join(back.remark.split())
    left = len(steps_of(carrier.kind)) - movement.steps.count()
    if left and not remark:
        raise Refusal("custody.steps-left", count=left)
    seal = words(back.seal)
    opened = movement.steps.exists()
    if opened and seal == movement.seal_out:
        raise Refusal("custody.same-seal", seal=seal)
    signers = two_signers(act)
    if signers is not None:
        check_custodian(carrier, *signers)
        movement.in_at, movement.in_a, movement.in_b = act.time, *signers
        movement.seal_in, movement.remark = seal, remark
        movement.save(update_fields=["in_at", "in_a", "in_b", "seal_in", "remark"])
        let_go(carrier, act.time, Capacity.TAKER)
        move(carrier, CarrierStatus.STORED)
        carrier.seal = seal
        carrier.save(update_fields=["status", "seal"])
    act.about(carrier, serial=carrier.serial, seal=seal, steps_left=left)
    return carrier


def open_movement(carrier: Carrier) -> Movement:
    """The movement a carrier is out with, locked. Raises Refusal ``custody.not-out``."""
    found = carrier.movements.select_for_update(of=("self",)).filter(in_at=None).first()
    if found is None or carrier.status != CarrierStatus.OUT:
        raise Refusal("custody.not-out", serial=carrier.serial)
    return found


def check_custodian(carrier: Carrier, *signers: Staff) -> None:
    """Raises Refusal ``custody.not-its-custodian`` when neither answers for the carrier."""
    own = carrier.holdings.filter(
        until=None, capacity__in=[Capacity.CUSTODIAN, Capacity.DEPUTY], person__in=signers
    )
    if not own.exists():
        raise Refusal("custody.not-its-custodian", serial=carrier.serial)
