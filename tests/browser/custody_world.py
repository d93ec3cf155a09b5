"""A province with carriers in their places, people, envelopes, a key room, and one carrier destroyed."""

import msgspec

from office.custody.steps import CONTROL, CUSTODIAN, OFFICER, OPERATOR, Steps, number
from office.custody.test_destruction import LIST, destroy
from office.custody.test_envelopes import ORDER, deposit, enter, open_it
from office.custody.test_handovers import factory, prepare, record, review
from office.custody.test_keepers import appoint
from shebaoka.office.custody.models import Destruction, Envelope
from shebaoka.office.custody.services import NewPlace, destruction_attach

BODY = "980000"


def filled(steps: Steps) -> None:
    """All registers of custody have something in them."""
    steps.received()
    factory(steps)
    prepare(steps)
    record(steps)
    review(steps)
    steps.take_out(steps.taking())
    appoint(steps, 1, deputy=number(BODY, CUSTODIAN, 2))
    deposit(steps)
    number_of = Envelope.objects.get().number
    open_it(steps, order=msgspec.structs.replace(ORDER, number=number_of))
    room = NewPlace(BODY, "R1", "密钥室", "room", "示例路1号")
    operator = steps.actor(BODY, OPERATOR)
    steps.agree("custody.place.add", room, operator, steps.actor(BODY, OFFICER))
    enter(steps, [number(BODY, CUSTODIAN), number(BODY, OPERATOR)])
    destroy(steps, msgspec.structs.replace(LIST, serials=(CONTROL,)))
    made = Destruction.objects.get()
    given = {"organization": BODY, "number": made.number, "shows": "粉碎后的卡片"}
    destruction_attach(operator, **given, name="1.jpg", content=b"\xff\xd8x")
