"""Destruction is approved, done by two before a third, and final."""

from datetime import date

import pytest
from django.db import Error, connection, transaction

from office.custody.steps import (
    CONTROL,
    CUSTODIAN,
    LEADER,
    MOTHER,
    OFFICER,
    OPERATOR,
    Steps,
    number,
    replaced,
)
from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import CarrierStatus
from shebaoka.office.custody.models import Carrier, Destruction
from shebaoka.office.custody.services import DestroyedCarriers, destruction_attach

LIST = DestroyedCarriers(
    organization="980000",
    serials=(MOTHER, CONTROL),
    day=date(2026, 3, 2),
    reason="密钥版本终止",
    method="粉碎芯片",
    place="保密局销毁中心",
    destroyer_a=number("980000", CUSTODIAN),
    destroyer_b=number("980000", OPERATOR, 2),
    supervisor=number("980000", OFFICER),
    certificate="销证2026-3",
)


def destroy(steps: Steps, new: DestroyedCarriers = LIST) -> None:
    steps.agree(
        "custody.carrier.destroy", new, steps.actor("980000", OPERATOR), steps.actor("980000", LEADER)
    )


def test_destroyed_with_a_record_and_never_again(steps: Steps) -> None:
    steps.received()
    destroy(steps)
    made = Destruction.objects.get()
    assert {carrier.serial for carrier in made.carriers.all()} == {MOTHER, CONTROL}
    carrier = Carrier.objects.get(serial=MOTHER)
    assert (carrier.status, carrier.place) == (CarrierStatus.DESTROYED, None)
    assert not carrier.holdings.filter(until=None).exists()
    with pytest.raises(Refusal):
        destroy(steps)
    with pytest.raises(Refusal, match="registered already"):
        steps.number("mother", MOTHER)
    for statement in (
        "UPDATE custody_carrier SET status = 'stored', destruction_id = NULL WHERE status = 'destroyed'",
        "UPDATE custody_destruction SET certificate = 'x'",
        "DELETE FROM custody_destruction",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_two_before_a_third_and_none_of_them_approves(steps: Steps) -> None:
    steps.received()
    for wrong in (
        replaced(LIST, destroyer_b=LIST.destroyer_a),
        replaced(LIST, supervisor=LIST.destroyer_a),
        replaced(LIST, supervisor=number("980000", LEADER)),
        replaced(LIST, serials=()),
        replaced(LIST, day=date(2026, 3, 3)),
        replaced(LIST, destroyer_b=number("980000", LEADER)),
        replaced(LIST, certificate=" "),
    ):
        with pytest.raises(Refusal):
            destroy(steps, wrong)
    assert not Carrier.objects.filter(status=CarrierStatus.DESTROYED).exists()
    assert not Destruction.objects.exists()


def test_photographs_are_kept_with_the_record(steps: Steps) -> None:
    steps.received()
    destroy(steps)
    made = Destruction.objects.get()
    given = {"organization": "980000", "number": made.number, "shows": "粉碎后的卡片"}
    operator = steps.actor("980000", OPERATOR)
    photo = destruction_attach(operator, **given, name="1.jpg", content=b"\xff\xd8photo")
    assert (files.read(photo.sha256), photo.destruction) == (b"\xff\xd8photo", made)
    for name, content, code in (
        ("2.jpg", b"\xff\xd8photo", "custody.file-twice"),
        ("2.exe", b"x", "base.file-unfit"),
        ("2.jpg", b"", "base.file-unfit"),
    ):
        with pytest.raises(Refusal) as refusal:
            destruction_attach(operator, **given, name=name, content=content)
        assert refusal.value.code == code
    with pytest.raises(Refusal):
        destruction_attach(
            steps.actor("990000", OPERATOR), **{**given, "organization": "990000"}, name="3.jpg", content=b"x"
        )
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM custody_destructionfile")
    assert made.files.count() == 1
