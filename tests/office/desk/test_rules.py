"""The pages of rules, plans and drills: from the shipped text to a document in force."""

from django.test import Client

from office.country import Country
from office.pages import signed_in
from office.ready import rules_in_force
from office.rules.test_yearly import audited, restored
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check
from shebaoka.office.rules.models import Acknowledgment, Document, Drill

CITY = "980100"


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, url
    return answer.content.decode()


def test_a_document_goes_from_the_shipped_text_into_force(country: Country) -> None:
    officer = signed_in(country, CITY, "organizations.security-officer")
    draft = f"/desk/rules/{CITY}/draft/key-rules"
    assert "出库最长8小时" in page(officer, draft)
    assert officer.post(draft, {"title": "", "text": "# 总则"}).status_code == 422
    made = officer.post(draft, {"title": "密钥制度", "text": "# 总则\r\n第一条"})
    document = Document.objects.get()
    assert made.headers["Location"] == f"/desk/rules/documents/{document.pk}"
    base = f"/desk/rules/documents/{document.pk}"
    assert officer.post(f"{base}/edit", {"title": "密钥制度", "text": "# 总则\n第二条"}).status_code == 302
    assert "<h3>总则</h3><p>第二条</p>" in page(officer, base)
    answers = {"in_force_from": "2026-03-02", "reason": "首次制定", "_answered": "day", "_act": "confirm"}
    assert officer.post(f"{base}/approve", answers).headers["Location"].startswith("/desk/acts/")
    waiting = TwoPersonAct.objects.get()
    leader = signed_in(country, CITY, "organizations.leader")
    shown = page(leader, f"/desk/acts/{waiting.pk}")
    assert "密钥制度 V1" in shown
    check(country.actor(CITY, "organizations.leader"), waiting.pk)
    custodian = signed_in(country, CITY, "organizations.key-custodian")
    assert "Acknowledge rules" in page(custodian, "/desk/")
    document.refresh_from_db()
    sign = f"{base}/acknowledge"
    assert custodian.post(sign, {"digest": document.digest}).status_code == 422
    assert custodian.post(sign, {"digest": "0" * 64, "read": "on"}).status_code == 409
    assert not Acknowledgment.objects.exists()
    assert custodian.post(sign, {"digest": document.digest, "read": "on"}).status_code == 302
    assert "Acknowledge rules" not in page(custodian, "/desk/")
    assert "Outstanding" in page(officer, base)
    assert officer.get(f"{base}.pdf").content.startswith(b"%PDF")


def test_the_list_shows_who_lacks_what_in_three_languages(country: Country) -> None:
    rules_in_force(country, CITY)
    for language, words in (
        ("en", ("No version in force", "May receive carriers", "Version 1")),
        ("zh-hans", ("没有现行版本", "可否接收载体", "第1版")),
        ("es", ("Sin versión vigente", "Puede recibir portadores", "Versión 1")),
    ):
        auditor = signed_in(country, "980000", "organizations.auditor", 1, language)
        shown = page(auditor, "/desk/rules/")
        for word in (*words, "示例甲省", "示例甲市"):
            assert word in shown, word
        assert "示例甲市" in page(auditor, "/desk/rules/?lacking=1").split("<main")[1]
        assert "示例乙市" not in shown
    audited(country)
    assert "示例甲市" in page(auditor, "/desk/rules/?lacking=1").split("<main")[1]
    restored(country)
    assert "示例甲市" not in page(auditor, "/desk/rules/?lacking=1").split("<main")[1]


def test_a_drill_is_recorded_and_printed(country: Country) -> None:
    rules_in_force(country, CITY)
    officer = signed_in(country, CITY, "organizations.security-officer")
    answers = {"held_on": "2026-03-01", "scenario": "PSAM卡遗失", "participants": "示例甲"}
    refused = officer.post(f"/desk/rules/{CITY}/drill", {**answers, "result": "failed"})
    assert refused.status_code == 422
    assert "did not simply pass" in refused.content.decode()
    assert officer.post(f"/desk/rules/{CITY}/drill", {**answers, "result": "passed"}).status_code == 302
    assert "PSAM卡遗失" in page(officer, f"/desk/rules/{CITY}")
    drill = Drill.objects.get(scenario="PSAM卡遗失")
    assert officer.get(f"/desk/rules/drills/{drill.pk}.pdf").content.startswith(b"%PDF")


def test_a_version_is_withdrawn_or_a_draft_discarded(country: Country) -> None:
    rules_in_force(country, CITY)
    officer = signed_in(country, CITY, "organizations.security-officer")
    held = Document.objects.get(kind="psam-rules")
    answers = {"withdrawn_on": "2026-03-02", "because": "有误", "_answered": "day", "_act": "confirm"}
    assert officer.post(f"/desk/rules/documents/{held.pk}/withdraw", answers).status_code == 302
    assert TwoPersonAct.objects.filter(act="rules.document.withdraw").exists()
    officer.post(f"/desk/rules/{CITY}/draft/psam-rules", {"title": "新版", "text": "第一条"})
    draft = Document.objects.get(version=2)
    assert officer.post(f"/desk/rules/documents/{draft.pk}/discard", {}).status_code == 302
    draft.refresh_from_db()
    assert draft.state == "discarded"


def test_a_stranger_and_a_wrong_kind_get_nothing(country: Country) -> None:
    rules_in_force(country, CITY)
    stranger = signed_in(country, "990100", "organizations.security-officer")
    held = Document.objects.get(kind="key-rules")
    drill = Drill.objects.get()
    for url in (f"{CITY}", f"documents/{held.pk}", f"documents/{held.pk}.pdf", f"drills/{drill.pk}.pdf"):
        page(stranger, f"/desk/rules/{url}", 404)
    page(stranger, "/desk/rules/990100/draft/other", 404)
    clerk = signed_in(country, CITY, "organizations.policy-clerk")
    page(clerk, f"/desk/rules/{CITY}/draft/key-rules", 403)
