"""Acts that one person makes and others check (dual control, R-50): proposed, checked, then done at once.

class NewHsm(msgspec.Struct, frozen=True): ...

@two_persons("custody.hsm.add", NewHsm)
def hsm_add(act: Act, new: NewHsm) -> Hsm: ...

waiting = propose(actor, "custody.hsm.add", organization, NewHsm(...), reason="...")
check(other, waiting.pk)
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, Literal, TypeVar
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Model

from shebaoka.journal.canonical import canonical
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.organizations.actor import Actor
from shebaoka.office.organizations.acts import Act, allow, record
from shebaoka.office.organizations.choices import Decision
from shebaoka.office.organizations.models import Organization, TwoPersonAct
from shebaoka.office.organizations.roles import acts

S = TypeVar("S", bound=msgspec.Struct)
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class _Handler:
    shape: type[msgspec.Struct]
    function: Callable[[Act, Any], Model]
    needs: Literal[1, 2]
    rehearsed: bool


HANDLERS: dict[str, _Handler] = {}


def two_persons(
    name: str, shape: type[S], needs: Literal[1, 2] = 1, *, rehearsed: bool = False
) -> Callable[[Callable[[Act, S], M]], Callable[[Act, S], M]]:
    """Makes a function what is done when the act ``name`` has been checked by ``needs`` persons. It says on
    which organization and about what it is, like a service."""

    def decorate(function: Callable[[Act, S], M]) -> Callable[[Act, S], M]:
        HANDLERS[name] = _Handler(shape, function, needs, rehearsed)
        return function

    return decorate


def propose(
    actor: Actor,
    name: str,
    organization: Organization,
    payload: msgspec.Struct,
    *,
    reason: str = "",
    subject: Model | None = None,
) -> TwoPersonAct:
    """The first person's part. Raises Refusal when her roles do not let her."""
    handler = HANDLERS[name]
    allow(actor, name)
    if actor.staff is None:
        raise Refusal("organizations.not-allowed", act=acts()[name].name)
    with writing(name):
        act = Act(name, actor, clock.now(), actor.organization)
        act.on(organization)
        if not isinstance(payload, handler.shape):
            raise TypeError(f"{name} takes a {handler.shape.__name__}")
        content = msgspec.to_builtins(payload)
        if handler.rehearsed:
            _rehearse(act, handler, content)
        made = TwoPersonAct.objects.create(
            act=name,
            organization=organization,
            subject=f"{subject._meta.label_lower}:{subject.pk}" if subject else "",
            payload=content,
            digest=_digest(content),
            reason=reason,
            needs=handler.needs,
            maker=actor.staff,
            made_at=act.time,
        )
        act.name = f"{name}.propose"
        act.about(made, digest=made.digest)
        record(act)
    return made


def check(actor: Actor, id: UUID, *, digest: str | None = None, remark: str = "") -> TwoPersonAct:
    """Another person's yes; with the last one needed the act is done. ``digest``: what she saw; a payload
    that is not it is refused. Raises Refusal, and then nothing has changed."""
    with writing("organizations.check"):
        waiting = _waiting(actor, id)
        staff = actor.staff
        if digest not in (None, waiting.digest) or waiting.digest != _digest(waiting.payload):
            raise Refusal("organizations.decided")
        if staff is None or waiting.checker_id is None:
            waiting.checker = staff
        elif waiting.checker_id == staff.pk:
            raise Refusal("organizations.checked-already")
        else:
            waiting.second_checker = staff
        waiting.remark = remark
        act = Act(waiting.act, actor, clock.now(), waiting.organization)
        act.persons["maker"] = waiting.maker.number
        if waiting.checker is not None and waiting.second_checker_id is not None:
            act.persons["checker"] = waiting.checker.number
        complete = waiting.needs == 1 or waiting.second_checker_id is not None
        if complete:
            waiting.decision, waiting.decided_at = Decision.DONE, act.time
        waiting.save()
        if complete:
            _do(waiting, act)
        else:
            act.name = f"{waiting.act}.check"
            act.about(waiting, digest=waiting.digest)
        record(act)
    return waiting


def refuse(actor: Actor, id: UUID, *, remark: str) -> TwoPersonAct:
    """Another person's no, or the maker's withdrawal. Raises Refusal."""
    with writing("organizations.refuse"):
        waiting = _waiting(actor, id, withdrawal=True)
        own = waiting.maker_id == (actor.staff.pk if actor.staff else None)
        waiting.decision = Decision.WITHDRAWN if own else Decision.REFUSED
        waiting.decided_at = clock.now()
        waiting.remark = remark
        waiting.save()
        act = Act(f"{waiting.act}.{waiting.decision}", actor, waiting.decided_at, waiting.organization)
        act.about(waiting, digest=waiting.digest)
        act.persons["maker"] = waiting.maker.number
        record(act)
    return waiting


def _waiting(actor: Actor, id: UUID, *, withdrawal: bool = False) -> TwoPersonAct:
    """The act, locked, if this person may decide it."""
    waiting = (
        TwoPersonAct.objects.select_for_update(of=("self",))
        .select_related("organization", "maker", "checker")
        .filter(pk=id)
        .first()
    )
    if waiting is None or not actor.organization.contains(waiting.organization):
        raise Refusal("base.not-found", what="act")
    own = waiting.maker_id == (actor.staff.pk if actor.staff else None)
    if own and not withdrawal:
        raise Refusal("organizations.own-act")
    if not own and not actor.may_check(waiting.act):
        raise Refusal("organizations.not-allowed", act=acts()[waiting.act].name)
    if actor.session is None:
        raise Refusal("organizations.no-session")
    if waiting.decision != Decision.WAITING:
        raise Refusal("organizations.decided")
    return waiting


def _digest(content: Any) -> str:
    return sha256(canonical(content)).hexdigest()


def _rehearse(act: Act, handler: _Handler, content: Any) -> None:
    """Does the act and undoes it."""
    trial = replace(act, persons={"maker": act.actor.number}, data={})
    with transaction.atomic():
        handler.function(trial, msgspec.convert(content, handler.shape))
        transaction.set_rollback(True)


def _do(waiting: TwoPersonAct, act: Act) -> None:
    handler = HANDLERS[waiting.act]
    handler.function(act, msgspec.convert(waiting.payload, handler.shape))
    if not act.subject:
        raise RuntimeError(f"{waiting.act} did not say what it was about")
    act.data = {**act.data, "two_person_act": str(waiting.pk)}
