"""The register of HSMs feeds the gate of the vaults: what is not in order there opens nothing (R-26)."""

import stat
from datetime import date
from pathlib import Path

import msgspec
import pytest
from django.db import Error, connection, transaction

from office.custody.steps import CUSTODIAN, LEADER, OFFICER, OPERATOR, Steps, number
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody import hooks
from shebaoka.office.custody.gate import write_authorizations
from shebaoka.office.custody.models import Hsm
from shebaoka.office.custody.selectors.hsms import authorization, expiring
from shebaoka.office.custody.services import Conformity, HsmKeeping, NewCertificate
from shebaoka.vault.gate import DeviceIdentity, GateError, VaultFacts, admit, read_authorization
from shebaoka.vault.model import Body, Level

PROVINCE = Body(Level.PROVINCE, "98", "示例甲省")
TODAY = date(2026, 3, 2)


def facts(serial: str = "HSM-980000") -> VaultFacts:
    return VaultFacts("province", "sdf", PROVINCE, DeviceIdentity("示例厂", "SJJ-9", serial))


def device() -> Hsm:
    return Hsm.objects.get()


def test_the_gate_opens_with_what_the_register_says(steps: Steps, tmp_path: Path) -> None:
    steps.place("980000", "S1")
    steps.hsm("980000", serial='H"1\\/省', vaults=("province",))
    (path,) = write_authorizations(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = read_authorization(path)
    assert msgspec.structs.replace(read, digest="") == authorization(device())
    assert admit("production", read, facts('H"1\\/省'), TODAY).production
    with pytest.raises(GateError, match="for serial"):
        admit("production", read, facts("other"), TODAY)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"expires": date(2026, 3, 1)}, "expired on 2026-03-01"),
        ({"issued": date(2026, 3, 3)}, "is valid from 2026-03-03 only"),
        ({"conformity": "", "conformity_on": None}, "no proof of conformity"),
    ],
)
def test_the_gate_stays_shut_for_a_device_that_is_not_in_order(
    steps: Steps, tmp_path: Path, changes: dict[str, object], reason: str
) -> None:
    steps.place("980000", "S1")
    steps.hsm("980000", **changes)
    (path,) = write_authorizations(tmp_path)
    with pytest.raises(GateError, match=reason):
        admit("production", read_authorization(path), facts(), TODAY)


def test_a_renewed_certificate_opens_it_again(steps: Steps, tmp_path: Path) -> None:
    steps.place("980000", "S1")
    steps.hsm("980000", expires=date(2026, 3, 1))
    new = NewCertificate("980000", "HSM-980000", "GM-2026-7", "product", date(2026, 2, 20), date(2031, 2, 19))
    steps.agree("custody.hsm.certify", new, steps.actor("980000", OPERATOR), steps.actor("980000", LEADER))
    (path,) = write_authorizations(tmp_path)
    read = read_authorization(path)
    assert read.certificate.number == "GM-2026-7"
    assert admit("production", read, facts(), TODAY).production
    conform = Conformity("980000", "HSM-980000", "部信函9号", date(2026, 3, 1))
    steps.agree(
        "custody.hsm.conform", conform, steps.actor("980000", OPERATOR), steps.actor("980000", LEADER)
    )
    assert device().conformity == "部信函9号"


def test_a_simulator_and_a_retired_device_have_no_authorization(steps: Steps, tmp_path: Path) -> None:
    steps.place("980000", "S1")
    steps.hsm("980000")
    assert len(write_authorizations(tmp_path)) == 1
    keep(steps, "out-of-service")
    assert write_authorizations(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
    steps.hsm("980000", serial="SIM", simulator=True)
    assert write_authorizations(tmp_path) == []


def keep(steps: Steps, status: str, reason: str = "", **changes: str) -> None:
    to = HsmKeeping(
        "980000",
        "HSM-980000",
        "S1",
        number("980000", CUSTODIAN),
        number("980000", CUSTODIAN, 2),
        status,
        reason=reason,
    )
    to = msgspec.structs.replace(to, **changes)
    steps.agree("custody.hsm.keep", to, steps.actor("980000", OPERATOR), steps.actor("980000", OFFICER))


def test_ninety_days_before_it_is_warned(steps: Steps) -> None:
    steps.place("980000", "S1")
    steps.hsm("980000", expires=date(2026, 5, 31))
    leader = steps.actor("980000", LEADER)
    assert expiring(leader, date(2026, 3, 2)) == []
    ((_device, last, left),) = expiring(leader, date(2026, 3, 3))
    assert (last, left) == (date(2026, 5, 31), 89)
    ((_device, last, left),) = expiring(leader, date(2026, 6, 2))
    assert left == -2
    assert expiring(steps.actor("990000", LEADER), date(2026, 6, 2)) == []


def test_unfit_entries_are_refused(steps: Steps) -> None:
    steps.place("980000", "S1")
    for changes in (
        {"deputy": number("980000", CUSTODIAN)},
        {"custodian": number("980000", OPERATOR)},
        {"place": "S9"},
        {"issued": date(2029, 1, 1)},
        {"conformity": ""},
        {"maker": " "},
    ):
        with pytest.raises(Refusal):
            steps.hsm("980000", **changes)
    assert not Hsm.objects.exists()
    steps.hsm("980000")
    with pytest.raises(Refusal, match="registered already"):
        steps.hsm("980000")


def test_a_lost_device_is_an_incident(steps: Steps, incidents: list[hooks.Report]) -> None:
    steps.place("980000", "S1")
    steps.hsm("980000")
    with pytest.raises(Refusal, match="A text is missing"):
        keep(steps, "lost")
    keep(steps, "lost", reason="机房搬迁中遗失")
    assert [report.kind for report in incidents] == ["hsm-lost"]
    with pytest.raises(Refusal):
        keep(steps, "destroyed")


def test_the_register_holds_against_direct_sql(steps: Steps) -> None:
    steps.place("980000", "S1")
    steps.hsm("980000")
    for statement in (
        "UPDATE custody_hsm SET serial = 'x'",
        "UPDATE custody_hsm SET simulator = true",
        "UPDATE custody_hsm SET deputy_id = custodian_id",
        "UPDATE custody_hsm SET status = 'destroyed'",
        "UPDATE custody_hsmcertificate SET expires = '2099-01-01'",
        "DELETE FROM custody_hsmcertificate",
        "DELETE FROM custody_storageplace",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
