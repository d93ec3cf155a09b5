"""Carriers come from the ministry alone, on application, with a memorandum, and are counted (R-27)."""

from datetime import date

import pytest
from django.db import Error, connection, transaction

from office.custody.steps import (
    CONTROL,
    CUSTODIAN,
    LEADER,
    MOTHER,
    OPERATOR,
    TRANSMISSION,
    Steps,
    number,
    replaced,
)
from shebaoka.office.audit.models import Row
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.choices import CarrierStatus, OrderStatus
from shebaoka.office.custody.models import Carrier, Dispatch, Order
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import ArrivedCarrier, Numbering, order_refuse


def status() -> dict[str, str]:
    return dict(Carrier.objects.order_by("serial").values_list("serial", "status"))


def test_a_region_numbers_no_carrier(steps: Steps) -> None:
    new = Numbering("980000", "mother", (MOTHER,), "x")
    with pytest.raises(Refusal, match="by the ministry alone"):
        steps.agree("custody.carrier.number", new, steps.actor("980000", OPERATOR))
    steps.number("mother", MOTHER)
    province = steps.country.organizations["980000"].pk
    insert = (
        "INSERT INTO custody_carrier (id, serial, kind, issuer_id, holder_id, document, pair, content, seal,"
        " secrecy, status, numbered_on, compartment)"
        " SELECT gen_random_uuid(), '9800000000000099', kind, {issuer}, {holder}, document, '', '', '',"
        " secrecy, {status}, numbered_on, '' FROM custody_carrier"
    )
    for values in (
        {"issuer": f"'{province}'", "holder": f"'{province}'", "status": "'numbered'"},
        {"issuer": "issuer_id", "holder": f"'{province}'", "status": "'received'"},
        {"issuer": "issuer_id", "holder": f"'{province}'", "status": "'numbered'"},
    ):
        with (
            pytest.raises(Error, match="issued by the ministry alone"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(insert.format(**values))
    assert Carrier.objects.count() == 1


def test_numbers_are_sixteen_digits_and_never_used_again(steps: Steps) -> None:
    steps.number("mother", MOTHER)
    for serials in ((MOTHER,), ("98",), ("98000000000000０1",), ()):
        with pytest.raises(Refusal):
            steps.number("transmission", *serials)
    assert Carrier.objects.count() == 1


def test_from_application_to_the_safes_of_the_province(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[str, str, str]] = []
    monkeypatch.setattr(
        hooks, "KEYS_RECEIVED", [lambda actor, body, memo: told.append((actor.number, body.code, memo))]
    )
    steps.received_by_services()
    assert set(status().values()) == {CarrierStatus.STORED}
    assert set(Carrier.objects.values_list("holder__code", flat=True)) == {"980000"}
    memo = Dispatch.objects.get()
    assert (memo.number, memo.sent_a.number, memo.sent_b.number) == (
        "000000-2026-0001",
        number("000000", CUSTODIAN),
        number("000000", CUSTODIAN, 2),
    )
    assert memo.received_a
    assert memo.received_b
    assert memo.received_a != memo.received_b
    assert Order.objects.get().status == OrderStatus.FULFILLED
    assert told == [(number("980000", CUSTODIAN, 2), "980000", "000000-2026-0001")]
    sent = Row.objects.get(act="custody.dispatch.send")
    assert MOTHER in sent.line
    assert '"maker":"000000-key-custodian-1"' in sent.line


def test_what_is_sent_is_what_was_applied_for(steps: Steps) -> None:
    steps.filled_ministry()
    sending = steps.sending(steps.order())
    for wrong in (
        replaced(sending, carriers=sending.carriers[:2]),
        replaced(sending, order=""),
        replaced(sending, order="980000-2026-0099-K"),
        replaced(sending, courier_b=sending.courier_a),
        replaced(sending, courier_a=number("990000", CUSTODIAN)),
        replaced(sending, receiver="990000"),
        replaced(sending, document=" "),
    ):
        with pytest.raises(Refusal):
            steps.custodians("000000", "custody.dispatch.send", wrong)
    assert CarrierStatus.SENT not in status().values()
    assert not Dispatch.objects.exists()


def test_the_body_above_refuses_with_a_reason(steps: Steps) -> None:
    steps.filled_ministry()
    order = steps.order()
    for wrong in (steps.actor("980000", OPERATOR), steps.actor("990000", OPERATOR)):
        with pytest.raises(Refusal):
            order_refuse(wrong, number=order, remark="材料不全")
    with pytest.raises(Refusal, match="A text is missing"):
        order_refuse(steps.actor("000000", OPERATOR), number=order, remark=" ")
    order_refuse(steps.actor("000000", OPERATOR), number=order, remark="材料不全")
    assert Order.objects.get().status == OrderStatus.REFUSED
    with pytest.raises(Refusal, match="answered already"):
        steps.custodians("000000", "custody.dispatch.send", steps.sending(order))


def test_without_rules_nothing_is_received(steps: Steps, monkeypatch: pytest.MonkeyPatch) -> None:
    steps.sent()
    monkeypatch.setattr(hooks, "MISSING_RULES", [lambda body, day: ["contingency plan"]])
    with pytest.raises(Refusal, match="contingency plan"):
        steps.custodians("980000", "custody.dispatch.receive", steps.receiving())
    assert set(status().values()) == {CarrierStatus.SENT}


def test_differences_are_explained_and_open_an_incident(steps: Steps, incidents: list[hooks.Report]) -> None:
    steps.sent()
    opened = ArrivedCarrier(CONTROL, True, "F9", number("980000", CUSTODIAN, 3))
    gone = ArrivedCarrier(MOTHER, False)
    wrong = steps.receiving(**{f"_{CONTROL}": opened, f"_{MOTHER}": gone})
    with pytest.raises(Refusal, match="not explained"):
        steps.custodians("980000", "custody.dispatch.receive", wrong)
    assert set(status().values()) == {CarrierStatus.SENT}
    told = {
        f"_{CONTROL}": replaced(opened, explanation="封签破损"),
        f"_{MOTHER}": replaced(gone, explanation="途中遗失"),
    }
    steps.custodians("980000", "custody.dispatch.receive", steps.receiving(**told))
    assert status() == {MOTHER: "sent", TRANSMISSION: "received", CONTROL: "received"}
    (report,) = incidents
    assert (report.kind, report.organization.code) == ("carrier-lost", "980000")
    assert sorted(report.serials) == [MOTHER, CONTROL]


def test_every_carrier_of_the_memorandum_is_counted_once(steps: Steps) -> None:
    steps.sent()
    whole = steps.receiving()
    for wrong in (
        replaced(whole, carriers=whole.carriers[:2]),
        replaced(whole, carriers=(*whole.carriers, whole.carriers[0])),
        replaced(whole, memorandum="000000-2026-0002"),
    ):
        with pytest.raises(Refusal):
            steps.custodians("980000", "custody.dispatch.receive", wrong)
    steps.custodians("980000", "custody.dispatch.receive", whole)
    with pytest.raises(Refusal, match="received already"):
        steps.custodians("980000", "custody.dispatch.receive", whole)


def test_a_body_without_a_fit_device_applies_for_nothing(steps: Steps) -> None:
    steps.place("980000", "S1")
    for changes in (
        {"expires": date(2026, 3, 1)},
        {"conformity": "", "conformity_on": None},
        {"simulator": True},
    ):
        serial = f"HSM-{len(str(changes))}"
        steps.hsm("980000", serial=serial, **changes)
        with pytest.raises(Refusal, match="may not be used for production"):
            steps.order_with(serial)
    assert not Order.objects.exists()


def test_others_see_only_their_own(steps: Steps) -> None:
    steps.received()
    other = steps.actor("990000", LEADER)
    assert not registers.carriers(other).exists()
    assert not registers.orders(other).exists()
    assert not registers.dispatches(other).exists()
    with pytest.raises(Refusal, match="no such"):
        registers.carrier(other, MOTHER)
    above = dict(registers.counts(steps.actor("000000", LEADER)))
    assert above[steps.country.organizations["980000"]]["mother", "stored"] == 1
