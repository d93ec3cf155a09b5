"""The auditor's pages: rows of her area by day, person, act, object; chains, verification, file, bypasses."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from office.conftest import NOW
from office.country import Country
from office.pages import signed_in
from shebaoka.journal.classify import Tampering
from shebaoka.journal.export import verify_export
from shebaoka.office.audit.bypasses import bypass_enter
from shebaoka.office.audit.checkpoints import checkpoint_take
from shebaoka.office.audit.jobs import verify
from shebaoka.office.audit.models import Row
from shebaoka.office.audit.signing import public_key, signed_by
from shebaoka.office.base import clock
from shebaoka.office.incidents.choices import IncidentKind
from shebaoka.office.incidents.models import Incident
from shebaoka.office.incidents.services import incident_open
from shebaoka.office.organizations.models import Organization
from shebaoka.office.organizations.services import NewOrganization
from shebaoka.office.organizations.two_persons import check, propose

AUDITOR, OFFICER = "organizations.auditor", "organizations.security-officer"
HOME = "/desk/audit/"


@pytest.fixture
def told(country: Country) -> Country:
    """An organization added by two, an incident a day later, another in the other province."""
    city = country.organizations["980100"]
    new = NewOrganization("980100", "980100-H01", "980100", "hospital", "示例医院")
    maker = country.actor("980100", "organizations.administrator")
    made = propose(maker, "organizations.organization.add", city, new)
    check(country.actor("980100", "organizations.leader"), made.pk)
    for code, later in (("980100", 1), ("990100", 0)):
        officer = country.actor(code, OFFICER)
        with clock.at(NOW + timedelta(days=later)):
            incident_open(
                officer, organization=officer.organization, kind=IncidentKind.OTHER, summary="门禁异常"
            )
    return country


def past_the_triggers(statement: str) -> None:
    """What a superuser of the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def rows(client: Client, **chosen: str) -> list[str]:
    """The places of the rows a page shows."""
    page = client.get(HOME, chosen).content.decode()
    return [each.partition('"')[0] for each in page.split('href="/desk/audit/row/')[1:]]


def test_she_sees_the_rows_of_her_area_and_of_no_other(told: Country) -> None:
    assert rows(signed_in(told, "980100", AUDITOR)) == ["980100/3", "980100/2", "980100/1"]
    assert rows(signed_in(told, "990000", AUDITOR)) == ["990100/1"]
    assert len(rows(signed_in(told, "000000", AUDITOR))) == 4
    far = signed_in(told, "990000", AUDITOR)
    assert far.get(f"{HOME}row/980100/1").status_code == 404
    assert far.get(HOME, {"organization": "980100"}).status_code == 404


def test_rows_are_filtered_by_day_person_act_and_object(told: Country) -> None:
    client = signed_in(told, "000000", AUDITOR)
    incident = Incident.objects.get(organization__code="980100")
    assert rows(client, since="2026-03-03") == ["980100/3"]
    assert rows(client, until="2026-03-02", organization="980100") == ["980100/2", "980100/1"]
    assert rows(client, by="980100-leader-1") == ["980100/2"]
    assert rows(client, act="organizations.organization.add") == ["980100/2", "980100/1"]
    assert rows(client, text=f"incidents.incident:{incident.pk}") == ["980100/3"]
    assert rows(client, text=incident.number) == ["980100/3"]
    assert rows(client, text=incident.number, until="2026-06-30") == []
    wrong = client.get(HOME, {"since": "yesterday", "act": "x"})
    assert wrong.status_code == 422
    assert "There is a problem" in wrong.content.decode()


def test_many_rows_are_turned_page_by_page(told: Country) -> None:
    officer = told.actor("980100", OFFICER)
    for _ in range(60):
        incident_open(officer, organization=officer.organization, kind=IncidentKind.OTHER, summary="x")
    client = signed_in(told, "980100", AUDITOR)
    first, second = rows(client), rows(client, page="2")
    assert (len(first), len(second)) == (50, 13)
    assert not set(first) & set(second)
    assert 'rel="prev"' in client.get(HOME, {"page": "2"}).content.decode()
    for odd in ("0", "-1", "x", "9" * 30):
        assert client.get(HOME, {"page": odd}).status_code == 200


def test_a_row_says_everything_and_whether_it_holds(told: Country) -> None:
    client = signed_in(told, "980100", AUDITOR)
    page = client.get(f"{HOME}row/980100/2").content.decode()
    row = Row.objects.get(chain="980100", sequence=2)
    record = json.loads(row.line)
    for said in ("980100-administrator-1", "980100-leader-1", record["hash"], record["previous"]):
        assert said in page
    assert "matches its hash" in page
    past_the_triggers("UPDATE audit_row SET actor = 'nobody' WHERE chain_id = '980100' AND sequence = 2")
    assert "say something else" in client.get(f"{HOME}row/980100/2").content.decode()
    past_the_triggers("UPDATE audit_row SET line = replace(line, 'leader-1', 'leader-2')")
    assert "does not hold" in client.get(f"{HOME}row/980100/2").content.decode()


def test_who_may_not_read_is_refused_and_sees_no_entry(told: Country) -> None:
    for role in ("organizations.leader", "organizations.administrator", "organizations.key-custodian"):
        client = signed_in(told, "980100", role)
        for page in ("", "row/980100/1", "chains", "chains/verify", "bypasses", "export"):
            assert client.get(f"{HOME}{page}").status_code == 403, page
        assert HOME not in client.get("/desk/").content.decode()
    assert not Row.objects.filter(act__startswith="organizations.audit").exists()
    officer = signed_in(told, "980100", OFFICER)
    assert officer.get(HOME).status_code == 200
    assert officer.get(f"{HOME}export").status_code == 403
    assert HOME in officer.get("/desk/").content.decode()


def test_verifying_her_area_names_what_was_changed_removed_or_inserted(told: Country) -> None:
    checkpoint_take()
    client = signed_in(told, "980000", AUDITOR)
    page = client.post(f"{HOME}chains/verify", follow=True).content.decode()
    assert "Everything holds: 3 rows, 1 checkpoints." in page
    assert "Holds" in page
    far = signed_in(told, "990000", AUDITOR)
    damages = {
        "UPDATE audit_row SET line = replace(line, 'leader-1', 'leader-2')": "record 2: changed",
        "DELETE FROM audit_row WHERE chain_id = '980100' AND sequence = 2": "record 2: removed",
        "INSERT INTO audit_row (id, chain_id, sequence, at, act, actor, subject, line)"
        " SELECT gen_random_uuid(), chain_id, 4, at, act, actor, subject, line FROM audit_row"
        " WHERE chain_id = '980100' AND sequence = 2;"
        " UPDATE audit_chain SET sequence = 4 WHERE code = '980100'": "record 4: inserted",
    }
    for damage, named in damages.items():
        with transaction.atomic():
            past_the_triggers(damage)
            page = client.post(f"{HOME}chains/verify", follow=True).content.decode()
            assert "The record does not hold" in page
            assert f"980100, {named}" in page
            # another province is not told of it, and her own holds
            assert "Everything holds" in far.post(f"{HOME}chains/verify", follow=True).content.decode()
            transaction.set_rollback(True)


def test_a_long_file_is_sent_piece_by_piece(told: Country, monkeypatch: pytest.MonkeyPatch) -> None:
    short = signed_in(told, "980100", AUDITOR).get(f"{HOME}export").content
    monkeypatch.setattr("shebaoka.office.desk.audit.files._AT_ONCE", 1)
    answer = signed_in(told, "980100", AUDITOR).get(f"{HOME}export")
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-980100-')
    assert answer.getvalue().count(b"\n") == short.count(b"\n") + 2  # this download, and its checkpoint


def test_her_file_is_verified_without_the_office(told: Country, tmp_path: Path) -> None:
    client = signed_in(told, "980000", AUDITOR)
    answer = client.get(f"{HOME}export")
    assert answer["Content-Disposition"].startswith('attachment; filename="audit-980000-')
    path = tmp_path / "audit.jsonl"
    path.write_bytes(answer.content)
    key = signed_by(public_key(settings.CONFIGURATION))
    report = verify_export(path, key)
    assert report.good, report.findings
    assert {chain: head.sequence for chain, head in report.chains.items()} == {"980000": 1, "980100": 3}
    assert report.part == ("980000", "980100", "980100-H01")
    assert report.open_rows == 0
    assert Row.objects.get(act="organizations.audit.export").chain_id == "980000"
    # a chain that the heading names and that was signed cannot be left out
    lines = path.read_bytes().splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith(b'{"chain":"980100"'))
    path.write_bytes(b"".join(lines[:start]).replace(b'"chains":2', b'"chains":1', 1))
    findings = verify_export(path, key).findings
    assert [(each.where, each.kind) for each in findings] == [("980100", Tampering.REMOVED)]


def test_writes_past_the_services_are_shown_to_the_ministry(told: Country) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organizations_organization SET name = '改名' WHERE code = '980100'")
    bypass_enter()
    verify()
    page = signed_in(told, "000000", AUDITOR).get(f"{HOME}bypasses").content.decode()
    city = Organization.objects.get(code="980100")
    assert "organizations_organization" in page
    assert "改名" not in page
    assert str(city.pk) in page
    province = signed_in(told, "980000", AUDITOR)
    assert "organizations_organization" not in province.get(f"{HOME}bypasses").content.decode()
    assert "Nightly verification" in province.get(f"{HOME}chains").content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "es"])
def test_the_pages_are_in_her_language(told: Country, language: str) -> None:
    checkpoint_take()
    verify()
    client = signed_in(told, "000000", AUDITOR, language=language)
    for page in ("", "row/980100/2", "chains", "chains/verify", "bypasses"):
        answer = client.get(f"{HOME}{page}")
        assert answer.status_code == 200
        text = answer.content.decode()
        assert text.count("<h1") == 1
        assert ("审计记录" in text) == (language == "zh-hans"), page
        assert len(text.encode()) < 60_000
        for english in ("Audit record", "Organization<", "Verification", "Done by", "proposed"):
            assert english not in text, page
