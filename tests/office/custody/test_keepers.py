"""The register of custodians: appointed, trained, changed with an inventory signed by both before the
leader."""

from datetime import date
from typing import Any

import pytest
from django.db import Error, connection, transaction

from office.custody.steps import (
    CONTROL,
    CUSTODIAN,
    LEADER,
    MOTHER,
    OFFICER,
    TRANSMISSION,
    Steps,
    number,
    replaced,
)
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.against import holds_carriers
from shebaoka.office.custody.models import Holding, Hsm, Keeper, KeeperChange, Training
from shebaoka.office.custody.selectors.keepers import not_appointed
from shebaoka.office.custody.services import (
    Inventoried,
    KeeperHandOver,
    KeeperNews,
    NewKeeper,
    keeper_train,
)
from shebaoka.office.organizations.models import Staff

HELD = (Inventoried(MOTHER, "F1"), Inventoried(CONTROL, "F3"), Inventoried("HSM-980000"))


def third() -> str:
    return number("980000", CUSTODIAN, 3)


def entry(nth: int = 1, **changes: Any) -> NewKeeper:
    new = NewKeeper(
        organization="980000",
        person=number("980000", CUSTODIAN, nth),
        document="人社任2026-4",
        appointed_on=date(2026, 2, 1),
        duties="母卡保管",
        identity_kind="resident",
        identity_end="123x",
        phone="010-55500001",
        phone_off="199-5550-0001",
        undertaking="密诺2026-1",
        undertaking_on=date(2026, 2, 1),
    )
    return replaced(new, **changes)


def appoint(steps: Steps, nth: int = 1, **changes: Any) -> Keeper:
    officer, leader = steps.actor("980000", OFFICER), steps.actor("980000", LEADER)
    steps.agree("custody.keeper.appoint", entry(nth, **changes), officer, leader)
    return Keeper.objects.get(person__number=number("980000", CUSTODIAN, nth), left_on=None)


def handing(successor: int = 2, **changes: Any) -> KeeperHandOver:
    new = KeeperHandOver(
        "980000", number("980000", CUSTODIAN, successor), "调离", "S1、S3柜密码，卡PIN", "密诺2026-9", HELD
    )
    return replaced(new, **changes)


def hand(steps: Steps, change: KeeperHandOver, successor: int = 2, role: str = LEADER) -> None:
    signers = steps.actor("980000", CUSTODIAN, successor), steps.actor("980000", role)
    steps.agree("custody.keeper.change", change, steps.actor("980000", CUSTODIAN, 1), *signers)


def test_appointed_trained_and_reached(steps: Steps) -> None:
    body = steps.country.organizations["980000"]
    assert len(not_appointed(body)) == 3
    made = appoint(steps, deputy=number("980000", CUSTODIAN, 2))
    assert (made.identity_end, made.appointed_by.number) == ("123X", number("980000", LEADER))
    assert number("980000", CUSTODIAN) not in [each.number for each in not_appointed(body)]
    with pytest.raises(Refusal, match="already"):
        appoint(steps)
    officer = steps.actor("980000", OFFICER)
    given: dict[str, Any] = {
        "organization": "980000",
        "person": made.person.number,
        "held_on": date(2026, 2, 20),
    }
    keeper_train(officer, **given, subject="密钥管理制度", hours=8, certificate="训2026-7")
    assert Training.objects.get().keeper == made
    with pytest.raises(Refusal, match="not in the register"):
        keeper_train(
            officer,
            **{**given, "person": number("980000", CUSTODIAN, 3)},
            subject="x",
            hours=8,
            certificate="x",
        )
    news = KeeperNews(
        "980000", made.person.number, "010-55500002", "199-5550-0002", number("980000", CUSTODIAN, 3)
    )
    steps.agree("custody.keeper.update", news, officer, steps.actor("980000", LEADER))
    made.refresh_from_db()
    assert (made.phone_off, made.deputy and made.deputy.number) == (news.phone_off, news.deputy)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"person": number("980000", OFFICER)}, "custody.wrong-person"),
        ({"deputy": number("980000", CUSTODIAN)}, "custody.two-persons-needed"),
        ({"identity_end": "12345"}, "custody.identity-end"),
        ({"appointed_on": date(2026, 4, 1)}, "custody.dates"),
        ({"phone_off": " "}, "custody.say-why"),
    ],
)
def test_what_an_entry_must_say(steps: Steps, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        appoint(steps, **changes)
    assert refusal.value.code == code
    assert not Keeper.objects.exists()


def test_everything_goes_to_the_successor(steps: Steps) -> None:
    steps.received()
    appoint(steps, 1)
    appoint(steps, 3)
    leaving = Staff.objects.get(number=number("980000", CUSTODIAN, 1))
    inventory = (Inventoried(MOTHER, "F1"), Inventoried(CONTROL, "F3"), Inventoried("HSM-980000"))
    with pytest.raises(Refusal, match="mother card and its transmission"):
        hand(steps, handing(3, inventory=inventory), 3)  # she is deputy of the other half
    appoint(steps, 2)
    Holding.objects.filter(
        carrier__serial=TRANSMISSION, person__number=number("980000", CUSTODIAN, 3)
    ).update(
        until=Holding.objects.first().since  # type: ignore[union-attr]
    )
    hand(steps, handing(3), 3)
    made = KeeperChange.objects.get()
    assert [line["serial"] for line in made.lines] == [MOTHER, CONTROL, "HSM-980000"]
    assert (made.supervisor.number, made.number) == (number("980000", LEADER), "980000-2026-0002-B")
    assert not Holding.objects.filter(person=leaving, until=None).exists()
    held = Holding.objects.filter(person__number=number("980000", CUSTODIAN, 3), until=None)
    assert sorted(held.values_list("carrier__serial", "capacity")) == [
        (MOTHER, "custodian"),
        (CONTROL, "custodian"),
    ]
    assert Hsm.objects.get().custodian.number == number("980000", CUSTODIAN, 3)
    gone = Keeper.objects.get(person=leaving)
    assert (gone.left_on, gone.secrecy_after) == (date(2026, 3, 2), "密诺2026-9")
    holds_carriers(leaving)


@pytest.mark.parametrize(
    ("inventory", "code"),
    [
        ((), "custody.inventory"),
        (HELD[:2], "custody.inventory"),
        ((*HELD, Inventoried(TRANSMISSION, "F2")), "custody.inventory"),
        ((Inventoried(MOTHER, "F9"), *HELD[1:]), "custody.seal-differs"),
    ],
)
def test_the_inventory_is_what_both_see(steps: Steps, inventory: tuple[Inventoried, ...], code: str) -> None:
    steps.received()
    appoint(steps, 1)
    appoint(steps, 2)
    before = list(Holding.objects.order_by("pk").values())
    with pytest.raises(Refusal) as refusal:
        hand(steps, handing(inventory=inventory))
    assert refusal.value.code == code
    assert list(Holding.objects.order_by("pk").values()) == before
    assert not KeeperChange.objects.exists()


def test_who_signs_a_change(steps: Steps) -> None:
    appoint(steps, 1)
    with pytest.raises(Refusal, match="not in the register"):
        hand(steps, handing(inventory=()))
    appoint(steps, 2)
    with pytest.raises(Refusal, match="successor"):
        hand(steps, handing(inventory=()), successor=3)
    with pytest.raises(Refusal, match="may not do this"):
        hand(steps, handing(inventory=()), role=OFFICER)
    assert not KeeperChange.objects.exists()
    hand(steps, handing(inventory=()))
    assert KeeperChange.objects.get().successor.number == number("980000", CUSTODIAN, 2)


def test_nobody_leaves_out_of_the_register(steps: Steps) -> None:
    made = appoint(steps)
    with pytest.raises(Refusal, match="still in the register"):
        holds_carriers(made.person)


def test_the_register_stays(steps: Steps) -> None:
    appoint(steps, 1)
    appoint(steps, 2)
    hand(steps, handing(inventory=()))
    for statement in (
        "UPDATE custody_keeper SET document = 'x'",
        "UPDATE custody_keeper SET left_on = NULL, secrecy_after = ''",
        "DELETE FROM custody_keeper",
        "UPDATE custody_keeperchange SET renewed = 'x'",
        "UPDATE custody_keeper SET deputy_id = person_id",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
