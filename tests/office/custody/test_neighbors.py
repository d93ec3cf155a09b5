"""Custody among the other parts: rules stand against receiving, losses open real incidents."""

from datetime import timedelta

import pytest

from office.conftest import NOW
from office.custody.steps import (
    CUSTODIAN,
    LEADER,
    MOTHER,
    ON_MOTHER,
    OPERATOR,
    TRANSMISSION,
    Steps,
    number,
    replaced,
)
from office.ready import rules_in_force
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import affected, hooks, neighbors
from shebaoka.office.custody.jobs import alarms
from shebaoka.office.custody.models import Carrier, KeyRotation
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import KeyLine, carrier_lose, keys_read
from shebaoka.office.incidents.choices import IncidentState, Level
from shebaoka.office.incidents.models import Affected, Duty, Incident


@pytest.fixture(autouse=True)
def _joined(_on_its_own: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hooks, "MISSING_RULES", [neighbors.lacking_rules])
    monkeypatch.setattr(hooks, "INCIDENTS", [neighbors.tell_incidents])


def line(key_id: str, parent: str = "") -> KeyLine:
    code, name, version, algorithm = key_id.split(":")
    level = {"nation": "nation", "98": "province"}.get(code, "city")
    return KeyLine(key_id, level, name, int(version), algorithm, "0A0B0C", parent, True, True)


def test_the_office_joins_them_at_its_start() -> None:
    from shebaoka.office.incidents.hooks import AFFECTED, ROTATIONS

    assert affected.affected in AFFECTED
    assert affected.rotate in ROTATIONS


def test_a_body_without_rules_in_force_receives_nothing(steps: Steps) -> None:
    steps.sent()
    with pytest.raises(Refusal, match="may receive no carrier; missing: "):
        steps.custodians("980000", "custody.dispatch.receive", steps.receiving())
    assert Carrier.objects.get(serial=MOTHER).status == "sent"
    rules_in_force(steps.country, "980000")
    steps.custodians("980000", "custody.dispatch.receive", steps.receiving())
    assert Carrier.objects.get(serial=MOTHER).status == "received"


def test_a_lost_mother_card_is_an_incident_with_its_clocks_and_keys(steps: Steps) -> None:
    rules_in_force(steps.country, "980000")
    steps.received()
    keys_read(
        steps.actor("980100", OPERATOR),
        organization="980100",
        keys=[line("980100:BK:1:SM4", "98:BK:1:SM4"), line("980100:XK:1:SM4")],
    )
    actor = steps.actor("980000", CUSTODIAN)
    opened = carrier_lose(actor, organization="980000", serial=MOTHER, what="清点时不在")
    incident = Incident.objects.get()
    assert (incident.number, incident.state, incident.level) == (opened, IncidentState.OPEN, Level.II)
    assert incident.reporter == number("980000", CUSTODIAN)
    assert Duty.objects.filter(kind="ministry", done_at=None).exists()
    keys = dict(Affected.objects.filter(kind="key").values_list("reference", "name"))
    assert set(keys) == {*ON_MOTHER, "980100:BK:1:SM4"}
    # its transmission card is still there, so the keys stay sealed and nothing is to be replaced yet
    assert affected.rotate(steps.actor("980000", LEADER), incident) == []


def test_the_loss_of_both_halves_begins_a_rotation_that_the_vault_ends(steps: Steps) -> None:
    rules_in_force(steps.country, "980000")
    steps.received()
    operator = steps.actor("980000", OPERATOR)
    keys_read(operator, organization="980000", keys=[line(key) for key in ON_MOTHER])
    actor = steps.actor("980000", CUSTODIAN)
    carrier_lose(actor, organization="980000", serial=MOTHER, what="失窃")
    carrier_lose(actor, organization="980000", serial=TRANSMISSION, what="失窃")
    incident = Incident.objects.order_by("number").last()
    assert incident is not None
    leader = steps.actor("980000", LEADER)
    assert sorted(affected.rotate(leader, incident)) == sorted(ON_MOTHER)
    assert affected.rotate(leader, incident) == []
    assert [each.key.key_id for each in registers.rotations(leader)] == sorted(ON_MOTHER)
    suspended = [replaced(line(key), state="suspended") for key in ON_MOTHER]
    keys_read(operator, organization="980000", keys=suspended)
    assert not registers.rotations(leader).exists()
    assert KeyRotation.objects.filter(done_at=NOW).count() == 2


def test_an_overdue_carrier_is_a_potential_incident(steps: Steps) -> None:
    rules_in_force(steps.country, "980000")
    steps.received()
    steps.take_out(steps.taking())
    with clock.at(NOW + timedelta(hours=9)):
        alarms()
    incident = Incident.objects.get()
    assert (incident.state, incident.kind) == (IncidentState.POTENTIAL, "overdue-return")
