"""The register of keys is what the vaults say, and never forgets what they said (R-24)."""

import pytest
from django.conf import settings
from django.db import Error, connection, transaction

from office.conftest import NOW
from office.custody.steps import LEADER, OPERATOR, Steps, replaced
from shebaoka.office.audit.models import Row
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.models import KeyRecord
from shebaoka.office.custody.selectors import registers
from shebaoka.office.custody.services import KeyLine, keys_read, lines_of
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.model import Scope
from shebaoka.vault.hierarchy import child_factor
from shebaoka.vault.model import MINISTRY, Body, KeyDefinition, Level
from shebaoka.vault.software import SoftwareVault
from shebaoka.vault.states import KeyState

PROVINCE = Body(Level.PROVINCE, "98", "示例甲省")


def opened(body: Body) -> SoftwareVault:
    return SoftwareVault.create(None, "TEST_ONLY passphrase", body, work=10)


@pytest.fixture
def vault() -> SoftwareVault:
    made = opened(PROVINCE)
    for name in ("BK", "PUK"):
        made.generate(KeyDefinition(name, name, Algorithm.SM4, scope=Scope.PROVINCE))
    return made


def read(steps: Steps, lines: list[KeyLine], code: str = "980000") -> None:
    keys_read(steps.actor(code, OPERATOR), organization=code, keys=lines)


def test_keys_of_a_vault_come_into_the_register_without_the_keys(steps: Steps, vault: SoftwareVault) -> None:
    read(steps, lines_of(vault))
    found = list(registers.keys(steps.actor("980000", LEADER)))
    assert [(key.name, key.kcv, key.state) for key in found] == [
        (handle.name, handle.kcv, "active") for handle in vault.handles()
    ]
    assert all(key.test_only and key.organization.code == "980000" for key in found)
    assert not registers.keys(steps.actor("990000", LEADER)).exists()
    assert '"added":2' in Row.objects.get(act="custody.keys.read").line


def test_states_and_keys_that_are_gone_are_noted(steps: Steps, vault: SoftwareVault) -> None:
    read(steps, lines_of(vault))
    vault.change_state(vault.handles()[0], KeyState.SUSPENDED, NOW)
    lines = lines_of(vault)
    with clock.at(NOW.replace(hour=3)):
        read(steps, lines[:1])
    key = registers.key(steps.actor("980000", LEADER), lines[0].id)
    assert [change.state for change in key.changes.order_by("at")] == ["active", "suspended"]
    gone = KeyRecord.objects.get(key_id=lines[1].id)
    assert gone.missing_since == NOW.replace(hour=3)
    read(steps, lines)
    gone.refresh_from_db()
    assert gone.missing_since is None


def test_another_value_for_a_known_key_is_refused(steps: Steps, vault: SoftwareVault) -> None:
    lines = lines_of(vault)
    read(steps, lines)
    with pytest.raises(Refusal, match="check value"):
        read(steps, [replaced(lines[0], kcv="0A0B0C"), lines[1]])
    assert KeyRecord.objects.get(key_id=lines[0].id).kcv == lines[0].kcv


def test_a_body_registers_its_own_keys_only(steps: Steps, vault: SoftwareVault) -> None:
    lines = lines_of(vault)
    with pytest.raises(Refusal, match="neither this body's own"):
        read(steps, lines, "980100")
    with pytest.raises(Refusal, match="neither this body's own"):
        read(steps, [replaced(lines[0], parent="99:BK:1:SM4")])
    with pytest.raises(Refusal, match="Only staff of"):
        keys_read(steps.actor("000000", OPERATOR), organization="980000", keys=lines)
    assert not KeyRecord.objects.exists()


def test_sub_keys_come_from_the_level_above(steps: Steps) -> None:
    ministry, province = opened(MINISTRY), opened(PROVINCE)
    ministry.generate(KeyDefinition("IRK", "IRK", Algorithm.TDES, scope=Scope.NATION))
    package = ministry.hand_over(ministry.handles(), PROVINCE, child_factor(PROVINCE), province.reception())
    province.take_over(package)
    read(steps, lines_of(ministry), "000000")
    read(steps, lines_of(province))
    assert KeyRecord.objects.get(organization__code="980000").parent == "nation:IRK:1:3DES"


def test_test_keys_and_production_never_meet(
    steps: Steps, vault: SoftwareVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_of(vault)
    with pytest.raises(Refusal, match="Test and production keys meet"):
        read(steps, [replaced(lines[0], test_only=False)])
    monkeypatch.setattr(settings, "PRODUCTION", True)
    with pytest.raises(Refusal, match="Test and production keys meet"):
        read(steps, lines)
    assert not KeyRecord.objects.exists()


def test_the_register_holds_against_direct_sql(steps: Steps, vault: SoftwareVault) -> None:
    read(steps, lines_of(vault))
    for statement in (
        "UPDATE custody_keyrecord SET kcv = '000000'",
        "UPDATE custody_keyrecord SET version = 2",
        "UPDATE custody_keyrecord SET test_only = false",
        "DELETE FROM custody_keystatechange",
        "DELETE FROM custody_keyrecord",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
