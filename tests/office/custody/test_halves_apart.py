"""Nobody ever holds a mother card and its transmission card, whatever way it is tried (invariant, K-07)."""

import pytest
from django.db import Error, connection, transaction

from office.custody.steps import (
    CUSTODIAN,
    MOTHER,
    OPERATOR,
    REFERENCE,
    TRANSMISSION,
    Steps,
    number,
    replaced,
)
from shebaoka.office.audit.models import Bypass
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import CarrierStatus
from shebaoka.office.custody.models import Carrier, Holding
from shebaoka.office.custody.services import Pairing, Storing

HELD = Holding.objects.filter(until=None)


def held() -> list[tuple[str, str, str]]:
    return sorted(HELD.values_list("carrier__serial", "person__number", "capacity"))


def test_a_custodian_of_one_half_never_becomes_keeper_of_the_other(steps: Steps) -> None:
    steps.received()
    before = held()
    for custodian, deputy in ((1, 0), (3, 1)):
        with pytest.raises(Refusal, match="would hold a mother card and its transmission card"):
            steps.store("980000", TRANSMISSION, "S2", custodian, deputy, "F2")
    assert held() == before


def test_both_halves_never_lie_in_one_place(steps: Steps) -> None:
    steps.received()
    with pytest.raises(Refusal, match="The other half"):
        steps.store("980000", TRANSMISSION, "S1", 2, 3, "F2")
    with (
        pytest.raises(Error, match="carrier_pair_apart"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE custody_carrier SET place_id = (SELECT place_id FROM custody_carrier WHERE serial = %s)"
            " WHERE serial = %s",
            [MOTHER, TRANSMISSION],
        )
    assert Carrier.objects.get(serial=TRANSMISSION).place.code == "S2"  # type: ignore[union-attr]


def test_one_operator_never_takes_out_both(steps: Steps) -> None:
    steps.received()
    steps.take_out(steps.taking())
    with pytest.raises(Refusal, match="would hold a mother card and its transmission card"):
        steps.take_out(steps.taking(TRANSMISSION, "F2"), 2, 3)
    assert Carrier.objects.get(serial=TRANSMISSION).status == CarrierStatus.STORED
    steps.take_out(steps.taking(TRANSMISSION, "F2"), 2, 3, operator=2)
    assert Carrier.objects.get(serial=TRANSMISSION).status == CarrierStatus.OUT


def test_one_courier_never_carries_both(steps: Steps) -> None:
    steps.filled_ministry()
    sending = steps.sending(steps.order())
    one = number("980000", OPERATOR)
    both = replaced(sending, carriers=tuple(replaced(each, courier=one) for each in sending.carriers))
    with pytest.raises(Refusal, match="would hold a mother card"):
        steps.custodians("000000", "custody.dispatch.send", both)
    assert not Carrier.objects.filter(status=CarrierStatus.SENT).exists()


def test_who_receives_one_half_does_not_receive_the_other(steps: Steps) -> None:
    steps.sent()
    wrong = steps.receiving()
    wrong = replaced(
        wrong,
        carriers=tuple(replaced(each, custodian=number("980000", CUSTODIAN)) for each in wrong.carriers),
    )
    with pytest.raises(Refusal, match="would hold a mother card"):
        steps.custodians("980000", "custody.dispatch.receive", wrong)
    assert Carrier.objects.get(serial=MOTHER).holder.code == "000000"


def test_cards_are_not_paired_while_somebody_holds_both(steps: Steps) -> None:
    steps.place("000000", "S1")
    steps.place("000000", "S2")
    steps.number("mother", MOTHER)
    steps.number("transmission", TRANSMISSION)
    steps.store("000000", MOTHER, "S1", 1, 2, "F1")
    steps.store("000000", TRANSMISSION, "S2", 3, 2, "F2")
    with pytest.raises(Refusal, match="000000-key-custodian-2 would hold"):
        steps.pair("000000")
    assert set(Carrier.objects.values_list("pair", flat=True)) == {""}
    wrong = Pairing("000000", MOTHER, MOTHER, REFERENCE, "x")
    with pytest.raises(Refusal, match="given twice"):
        steps.agree("custody.carrier.pair", wrong, steps.actor("000000", OPERATOR))


def test_the_rule_holds_against_direct_sql(steps: Steps) -> None:
    steps.received()
    before = held()
    for statement in (
        # a second holding of somebody who has the other half
        "INSERT INTO custody_holding (id, carrier_id, person_id, capacity, pair, since)"
        " SELECT gen_random_uuid(), (SELECT id FROM custody_carrier WHERE serial = '9800000000000002'),"
        " person_id, 'taker', '', now() FROM custody_holding"
        " WHERE carrier_id = (SELECT id FROM custody_carrier WHERE serial = '9800000000000001')"
        " AND until IS NULL",
        # another person, another carrier, or nobody at all
        "UPDATE custody_holding SET person_id = (SELECT id FROM organizations_staff LIMIT 1)",
        "UPDATE custody_holding SET carrier_id = (SELECT max(id::text)::uuid FROM custody_carrier)",
        "DELETE FROM custody_holding",
        # a third half, halves in the hands of one, no halves at all
        "UPDATE custody_carrier SET pair = '0123456789ABCDEF' WHERE kind = 'master-control'",
        "UPDATE custody_carrier SET kind = 'mother' WHERE kind = 'transmission'",
        "DELETE FROM custody_carrier",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert held() == before
    assert not Bypass.objects.exists()


def test_a_holding_cannot_lie_about_its_pair(steps: Steps) -> None:
    steps.received()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE custody_holding SET pair = '' WHERE until IS NULL")
    assert set(HELD.filter(carrier__serial=MOTHER).values_list("pair", flat=True)) == {REFERENCE}


def test_a_pair_that_is_made_by_sql_tells_the_holdings(steps: Steps) -> None:
    steps.place("000000", "S1")
    steps.number("mother", MOTHER)
    steps.number("transmission", TRANSMISSION)
    steps.store("000000", MOTHER, "S1", 1, 2, "F1")
    steps.place("000000", "S2")
    steps.store("000000", TRANSMISSION, "S2", 1, 3, "F2")
    with (
        pytest.raises(Error, match="holding_never_both_halves"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE custody_carrier SET pair = '{REFERENCE}'")  # noqa: S608
    assert set(Carrier.objects.values_list("pair", flat=True)) == {""}


def test_storing_wants_two_keepers_of_that_body(steps: Steps) -> None:
    steps.received()
    to = Storing("980000", MOTHER, "S1", "1", number("980000", CUSTODIAN), "F1")
    for wrong in (
        replaced(to, deputy=to.custodian),
        replaced(to, custodian=number("980100", CUSTODIAN)),
        replaced(to, custodian=number("980000", OPERATOR)),
        replaced(to, custodian="nobody"),
    ):
        with pytest.raises(Refusal):
            steps.custodians("980000", "custody.carrier.store", wrong)
    assert HELD.filter(carrier__serial=MOTHER).get().person.number == number("980000", CUSTODIAN)
