"""The yearly audit and the restore test: who records them, what they must say, and when they are overdue."""

import json
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.db import Error, connection, transaction

from office.country import Country
from office.pages import signed_in
from shebaoka.office.audit.models import Row
from shebaoka.office.base import files
from shebaoka.office.base.errors import Refusal
from shebaoka.office.rules import services
from shebaoka.office.rules.choices import DrillResult, Restored, Yearly
from shebaoka.office.rules.models import KeyAudit, RestoreTest
from shebaoka.office.rules.yearly import dues

CITY, TODAY = "980100", date(2026, 3, 2)
OFFICER = "organizations.security-officer"
REHEARSED = {
    "made_at": "2026-03-01T03:00:00Z",
    "mode": "test",
    "files": 12,
    "chains": {"980100": 40, "000000": 2},
}


def audited(country: Country, **changes: Any) -> KeyAudit:
    values: dict[str, Any] = {
        "organization": country.organizations[CITY],
        "held_on": TODAY,
        "auditor": "示例审计员",
        "unit": "示例市审计局",
        "scope": "台账、载体、PSAM 抽查",
        "result": DrillResult.PASSED,
        **changes,
    }
    return services.audit_record(country.actor(CITY, OFFICER), **values)


def restored(country: Country, **changes: Any) -> RestoreTest:
    values: dict[str, Any] = {
        "organization": country.organizations[CITY],
        "held_on": TODAY,
        "what": Restored.BOTH,
        "media": "甲、乙两地分量信封",
        "place": "备用机房",
        "done_by": f"{CITY}-key-administrator-1",
        "witness": f"{CITY}-security-officer-1",
        "result": DrillResult.PASSED,
        **changes,
    }
    return services.restore_record(country.actor(CITY, OFFICER), **values)


def overdue(country: Country, day: date) -> list[Yearly]:
    body = country.organizations[CITY]
    return [each.what for each in dues([body], day)[body.pk] if each.overdue]


def test_both_are_due_again_after_the_months_set(country: Country) -> None:
    assert overdue(country, TODAY) == [Yearly.AUDIT, Yearly.RESTORE]
    audited(country)
    restored(country, held_on=date(2026, 2, 1))
    assert overdue(country, date(2027, 1, 31)) == []
    assert overdue(country, date(2027, 2, 1)) == [Yearly.RESTORE]
    assert overdue(country, date(2027, 3, 2)) == [Yearly.AUDIT, Yearly.RESTORE]


def test_a_test_that_failed_does_not_count(country: Country) -> None:
    restored(country, result=DrillResult.FAILED, findings="介质不可读", measures="更换介质")
    assert Yearly.RESTORE in overdue(country, TODAY)


def test_who_keeps_keys_does_not_audit_them(country: Country) -> None:
    for role in ("key-custodian", "psam-keeper", "key-administrator"):
        with pytest.raises(Refusal) as refusal:
            audited(country, member=f"{CITY}-{role}-1")
        assert refusal.value.code == "rules.not-independent"
    found = audited(country, member="980000-auditor-1", report=("审计报告.pdf", b"%PDF-1.4 report"))
    assert found.member is not None
    assert files.read(found.report_file) == b"%PDF-1.4 report"
    assert found.report_file in Row.objects.get(act="rules.audit.record").line
    assert KeyAudit.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"held_on": date(2026, 3, 3)}, "rules.drill-ahead"),
        ({"witness": f"{CITY}-key-administrator-1"}, "rules.two-persons"),
        ({"witness": "990100-security-officer-1"}, "base.not-found"),
        ({"result": DrillResult.FINDINGS}, "rules.findings"),
        ({"media": " "}, "rules.unfit-line"),
        ({"minutes": ("x.json", b"{}")}, "rules.no-rehearsal"),
        ({"minutes": ("x.json", b'{"made_at":"2027-01-01T00:00:00Z"}')}, "rules.no-rehearsal"),
        ({"minutes": ("x.exe", b"x")}, "base.file-unfit"),
    ],
)
def test_what_a_restore_test_must_say(country: Country, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        restored(country, **changes)
    assert refusal.value.code == code
    assert not RestoreTest.objects.exists()


def test_a_rehearsal_of_the_office_is_read(country: Country) -> None:
    found = restored(country, minutes=("rehearsal.json", json.dumps(REHEARSED).encode()))
    assert (found.records, found.backup_of is not None) == (42, True)


def test_records_stay(country: Country) -> None:
    audited(country)
    restored(country)
    for statement in ("UPDATE rules_keyaudit SET auditor = 'x'", "DELETE FROM rules_restoretest"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_on_pages(country: Country) -> None:
    officer = signed_in(country, CITY, OFFICER)
    assert "Yearly audit" in officer.get("/desk/").content.decode()
    wrong = officer.post(f"/desk/rules/{CITY}/audit", {"held_on": "2026-03-02"})
    assert wrong.status_code == 422
    answers = {
        "held_on": "2026-03-02",
        "auditor": "示例甲",
        "unit": "审计局",
        "scope": "全部",
        "result": "passed",
    }
    assert officer.post(f"/desk/rules/{CITY}/audit", answers).status_code == 302
    file = BytesIO(json.dumps(REHEARSED).encode())
    file.name = "rehearsal.json"
    answers = {
        "held_on": "2026-03-02",
        "what": "office",
        "source": "磁带1",
        "place": "机房",
        "done_by": f"{CITY}-key-administrator-1",
        "witness": f"{CITY}-security-officer-1",
        "result": "findings",
    }
    assert officer.post(f"/desk/rules/{CITY}/restore", answers).status_code == 409
    answers |= {"findings": "耗时过长", "measures": "换设备"}
    assert officer.post(f"/desk/rules/{CITY}/restore", {**answers, "minutes": file}).status_code == 302
    for language, word in (("en", "Yearly audits"), ("zh-hans", "恢复演练"), ("es", "Auditorías anuales")):
        shown = signed_in(country, CITY, OFFICER, language=language).get(f"/desk/rules/{CITY}")
        assert word in shown.content.decode()
    assert "Yearly audit" not in officer.get("/desk/").content.decode()
    audit, test = KeyAudit.objects.get(), RestoreTest.objects.get()
    assert officer.get(f"/desk/rules/audits/{audit.pk}.pdf").content.startswith(b"%PDF")
    assert officer.get(f"/desk/rules/restore-tests/{test.pk}.pdf").content.startswith(b"%PDF")
    assert json.loads(officer.get(f"/desk/rules/files/{test.pk}").content) == REHEARSED
    assert officer.get(f"/desk/rules/files/{audit.pk}").status_code == 404
    other = signed_in(country, "990100", OFFICER)
    for url in (f"audits/{audit.pk}.pdf", f"restore-tests/{test.pk}.pdf", f"files/{test.pk}"):
        assert other.get(f"/desk/rules/{url}").status_code == 404
    custodian = signed_in(country, CITY, "organizations.key-custodian")
    assert custodian.get(f"/desk/rules/{CITY}/audit").status_code == 403
