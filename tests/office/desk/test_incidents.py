"""The pages of incidents: reporting one, its clocks, its course to the end, and who sees nothing."""

from django.test import Client

from office.conftest import NOW
from office.country import Country
from office.incidents.opened import opened
from office.pages import signed_in
from shebaoka.office.audit.models import Row
from shebaoka.office.base.records import writing
from shebaoka.office.desk.incidents.affected import FEW
from shebaoka.office.incidents.choices import AffectedKind, DutyKind, IncidentKind, Secrecy
from shebaoka.office.incidents.models import Affected, Incident
from shebaoka.office.incidents.services import affected_add
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check

CITY = "980100"


def officer(country: Country, language: str = "en") -> Client:
    return signed_in(country, CITY, "organizations.security-officer", 1, language)


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def test_anybody_reports_in_three_steps_and_learns_what_to_do_at_once(country: Country) -> None:
    clerk = signed_in(country, CITY, "organizations.issuing-clerk")
    answers = {"kind": "carrier-lost", "_answered": ["kind", "what", "secrecy"]}
    answers |= {"discovered_at": "2026-03-02T08:40", "summary": "保险柜空", "secrecy": "0"}
    page = clerk.post("/desk/incidents/report", answers).content.decode()
    assert "Check your answers" in page
    assert "Key carrier lost or stolen" in page
    assert not Incident.objects.exists()
    sent = clerk.post("/desk/incidents/report", {**answers, "_act": "confirm"})
    done = clerk.get(sent.headers["Location"]).content.decode()
    incident = Incident.objects.get()
    assert incident.number in done
    assert "Stop using the keys concerned" in done
    assert (incident.reporter, incident.duties.count()) == ("980100-issuing-clerk-1", 5)


def test_a_leak_of_nothing_secret_is_an_error_of_the_form(country: Country) -> None:
    answers = {"kind": "other", "_answered": ["kind", "what"], "_step": "secrecy", "leaked": "on"}
    answers |= {"discovered_at": "2026-03-02T08:40", "summary": "异常", "secrecy": "0"}
    answer = officer(country).post("/desk/incidents/report", answers)
    assert answer.status_code == 422
    assert "Choose the secrecy level" in answer.content.decode()


def test_the_page_shows_clocks_and_what_is_missing_in_three_languages(country: Country) -> None:
    incident = opened(country)
    for language, words in (
        ("en", ("60 minutes left", "Report to the superior department", "Before it can be closed")),
        ("zh-hans", ("剩余60分钟", "报告上级主管部门", "结案前须完成", "密钥载体丢失或被盗")),
        ("es", ("Quedan 60 minutos", "Informe al departamento superior", "Antes de poder cerrarlo")),
    ):
        page = text(officer(country, language), f"/desk/incidents/{incident.number}")
        for word in (*words, incident.number):
            assert word in page, word


def test_reports_are_recorded_and_received_on_the_pages(country: Country) -> None:
    incident = opened(country)
    client = officer(country)
    assert "Report to the superior department" in text(client, "/desk/")
    duty = incident.duties.get(kind=DutyKind.SUPERIOR)
    page = f"/desk/incidents/reports/{duty.pk}"
    assert client.post(page, {"means": "phone", "told": "", "done_at": "2026-03-02T09:00"}).status_code == 422
    answer = client.post(page, {"means": "phone", "told": "值班员", "done_at": "2026-03-02T09:00"})
    assert answer.headers["Location"] == f"/desk/incidents/{incident.number}"
    superior = signed_in(country, "980000", "organizations.leader")
    assert "Confirm the receipt of a report" in text(superior, "/desk/")
    assert superior.post(f"{page}/received", {}).status_code == 302
    duty.refresh_from_db()
    assert duty.received_at is not None
    assert client.get(f"{page}/letter.pdf").headers["Content-Type"] == "application/pdf"
    assert client.get(f"/desk/incidents/{incident.number}/form.pdf").content.startswith(b"%PDF")


def test_the_course_of_an_incident_on_the_pages(country: Country) -> None:
    incident = opened(country)
    client, base = officer(country), f"/desk/incidents/{incident.number}"
    early = client.post(f"{base}/close", {})
    assert early.status_code == 409
    assert "lacks" in early.content.decode()
    for kind in (DutyKind.SUPERIOR, DutyKind.MINISTRY, DutyKind.FIRST_REPORT):
        duty = incident.duties.get(kind=kind)
        done = {"means": "letter", "told": "值班员", "done_at": "2026-03-02T09:00"}
        assert client.post(f"/desk/incidents/reports/{duty.pk}", done).status_code == 302
    for page, answers in (
        ("cause", {"cause": "保险柜未锁"}),
        ("log", {"kind": "containment", "at": "2026-03-02T09:00", "text": "封存"}),
        ("log", {"kind": "lesson", "at": "2026-03-02T09:00", "text": "双锁"}),
        ("affected", {"kind": "carrier", "reference": "M-1", "name": "密钥母卡"}),
        ("compute", {}),
        ("level", {"level": "2", "because": "省级密钥"}),
        ("secrecy", {"secrecy": "1", "because": "涉密"}),
        ("readers", {"number": "980100-key-custodian-1", "because": "调查"}),
        ("readers/980100-key-custodian-1/remove", {}),
    ):
        assert client.post(f"{base}/{page}", answers).status_code == 302, page
    page = text(client, base)
    for word in ("保险柜未锁", "双锁", "密钥母卡", "Level II", "Secret (秘密)"):
        assert word in page, word
    assert client.post(f"{base}/close", {}).headers["Location"].startswith("/desk/acts/")
    waiting = TwoPersonAct.objects.get()
    leader = signed_in(country, CITY, "organizations.leader")
    assert incident.number in text(leader, f"/desk/acts/{waiting.pk}")
    check(country.actor(CITY, "organizations.leader"), waiting.pk)
    assert "Case closed" in text(client, base)


def test_a_potential_incident_is_confirmed_or_dismissed(country: Country) -> None:
    client = officer(country)
    first = opened(country, kind=IncidentKind.OVERDUE_RETURN, potential=True)
    assert client.post(f"/desk/incidents/{first.number}/confirm", {"finding": "未还"}).status_code == 302
    first.refresh_from_db()
    assert first.state == "open"
    second = opened(country, kind=IncidentKind.OVERDUE_RETURN, potential=True)
    assert client.post(f"/desk/incidents/{second.number}/dismiss", {}).status_code == 409


def test_a_secret_incident_is_hidden_and_every_look_is_recorded(country: Country) -> None:
    incident = opened(country, secrecy=Secrecy.SECRET)
    page = f"/desk/incidents/{incident.number}"
    custodian = signed_in(country, CITY, "organizations.key-custodian")
    assert incident.number not in text(custodian, "/desk/incidents/")
    text(custodian, page, 404)
    text(custodian, f"{page}/form.pdf", 404)
    assert "保险柜" in text(officer(country), page)
    assert Row.objects.filter(act="incidents.secret.read").count() == 1
    lower = officer(country).post(f"{page}/secrecy/lower", {"secrecy": "0"})
    assert lower.headers["Location"].startswith("/desk/acts/")


def test_a_stranger_gets_nothing(country: Country) -> None:
    incident = opened(country)
    stranger = signed_in(country, "990100", "organizations.security-officer")
    for page in ("", "/form.pdf", "/log", "/close"):
        text(stranger, f"/desk/incidents/{incident.number}{page}", 404)
    duty = incident.duties.get(kind=DutyKind.MINISTRY)
    text(stranger, f"/desk/incidents/reports/{duty.pk}/letter.pdf", 404)
    clerk = signed_in(country, CITY, "organizations.policy-clerk")
    text(clerk, f"/desk/incidents/{incident.number}/cause", 403)


def test_much_that_is_affected_is_a_sum_with_a_list_of_its_own(country: Country) -> None:
    found = opened(country)
    page = f"/desk/incidents/{found.number}"
    for number in range(FEW):
        affected_add(
            country.actor(CITY, "organizations.security-officer"),
            incident=found.pk,
            kind=AffectedKind.KEY,
            reference=f"K-{number:03}",
            name="城市密钥",
        )
    assert "K-011" in text(officer(country), page)
    with writing("test"):
        for number in range(FEW, 150):
            Affected.objects.create(
                incident=found,
                kind="psam" if number % 2 else "key",
                reference=f"K-{number:03}",
                name="城市密钥",
                added_at=NOW,
            )
    shown = text(officer(country), page)
    assert "K-011" not in shown
    assert f"{page}/affects?kind=psam" in shown
    everything = text(officer(country), f"{page}/affects")
    assert "Key: 81" in everything
    assert "PSAM: 69" in everything
    assert everything.count("城市密钥") == 100
    assert text(officer(country), f"{page}/affects?page=2").count("城市密钥") == 50
    assert text(officer(country), f"{page}/affects?kind=psam").count("城市密钥") == 69
    assert signed_in(country, "990100", "organizations.leader").get(f"{page}/affects").status_code == 404
