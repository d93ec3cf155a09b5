"""Pages of approval: a city's whole way by forms, who sees and does what, files as they were handed in."""

import re

import pypdfium2  # type: ignore[import-untyped]
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection, transaction
from django.test import Client

from office.approval.region import (
    CLERK,
    LEADER,
    PLAN,
    REVIEWER,
    equipped,
    filled,
    issuing,
    region_of,
    report,
    state,
    submit,
)
from office.country import Country
from office.pages import signed_in
from shebaoka.office.approval.models import Attachment, CardReport, Case, TestResult
from shebaoka.office.approval.plan import from_data, items_of
from shebaoka.office.approval.readiness import case_digest
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check

HOME = "/desk/approval"
FORM = {
    "_answered": ["card", "people", "body"],
    "_act": "confirm",
    "face": PLAN.face,
    "structure": PLAN.structure,
    "chip": PLAN.chip,
    "chip_certificate": PLAN.chip_certificate,
    "cos": PLAN.cos,
    "supplier": PLAN.supplier,
    "product": PLAN.product,
    "layout": PLAN.layout,
    "medium": PLAN.medium,
    "fees": PLAN.fees,
    "acceptance": PLAN.acceptance,
    "population": "职工\n城乡居民\n",
    "quantities": "2026 1000\n2027 500",
    "banks": "",
    "leader": PLAN.leader,
    "contact": PLAN.contact,
    "site": PLAN.site,
    "hsm": PLAN.hsm,
    "start": "2026-06-01",
}


def checked(country: Country, body: str) -> None:
    """The leader's yes to what waits."""
    check(country.actor(body, LEADER), TwoPersonAct.objects.get(decision="waiting").pk)


def post(client: Client, url: str, **answers: object) -> int:
    return int(client.post(url, answers).status_code)


def test_a_city_registers_by_forms_and_is_approved(country: Country) -> None:
    clerk = signed_in(country, "980100", CLERK)
    assert post(clerk, f"{HOME}/980100/open") == 302
    case = Case.objects.get()
    url = f"{HOME}/case/{case.pk}"
    assert "Still missing" in clerk.get(url).content.decode()
    assert clerk.post(f"{url}/plan", {**FORM, "quantities": "many"}).status_code == 422
    assert clerk.post(f"{url}/plan", FORM).status_code == 302
    case.refresh_from_db()
    assert from_data(case.plan) == PLAN
    for key, item in items_of("registration").items():
        if item.needed:
            file = SimpleUploadedFile(f"{key}.pdf", f"TEST_ONLY {key}".encode())
            assert post(clerk, f"{url}/item/{key}", file=file) == 302
    assert "Still missing" not in clerk.get(url).content.decode()
    assert post(clerk, f"{url}/submit", reason="", _answered="reason", _act="confirm") == 302
    assert state() == "draft"
    checked(country, "980100")
    assert state() == "city_submitted"

    province = signed_in(country, "980000", REVIEWER)
    assert "示例甲市" in province.get("/desk/").content.decode()
    assert post(province, f"{url}/begin") == 302
    answers = {"opinion": "同意", "document": "", "reason": "", "_answered": ["decision", "reason"]}
    assert post(province, f"{url}/review", passed="yes", _act="confirm", **answers) == 302
    checked(country, "980000")

    ministry = signed_in(country, "000000", REVIEWER)
    answer = ministry.post(f"{url}/review", {**answers, "passed": "yes", "_act": "confirm"})
    assert answer.status_code == 400
    assert "document number" in answer.content.decode().lower()
    answers["document"] = "人社函1号"
    assert post(ministry, f"{url}/review", passed="yes", _act="confirm", **answers) == 302
    checked(country, "000000")
    assert region_of().issuer_number == "9156000002980100"
    assert "9156000002980100" in clerk.get(f"{HOME}/980100").content.decode()


def test_test_cards_by_forms(country: Country) -> None:
    equipped(country)
    clerk = signed_in(country, "980100", CLERK)
    url = f"{HOME}/980100/tests"
    assert post(clerk, f"{url}/add", cards=9, site="x", made_on="2026-03-02") == 400
    assert post(clerk, f"{url}/add", cards=10, site="x", made_on="2026-03-02") == 302
    (made,) = Case.objects.get().batches.all()
    wrong = SimpleUploadedFile("card.json", b"{}")
    assert post(clerk, f"{HOME}/batch/{made.pk}/attach", file=wrong) == 400
    good = SimpleUploadedFile("card.json", report())
    assert post(clerk, f"{HOME}/batch/{made.pk}/attach", file=good) == 302
    ministry = signed_in(country, "000000", REVIEWER)
    answers = {
        "test": "conformity",
        "passed": "yes",
        "report": "1号",
        "reported_on": "2026-03-02",
        "remark": "",
        "reason": "",
        "_answered": ["result", "reason"],
        "_act": "confirm",
    }
    assert ministry.post(f"{HOME}/batch/{made.pk}/result", answers).status_code == 302
    waiting = TwoPersonAct.objects.get(act="approval.test.result", decision="waiting")
    page = signed_in(country, "000000", LEADER).get(f"/desk/acts/{waiting.pk}").content.decode()
    assert "Conformity to the standard" in page
    checked(country, "000000")
    assert TestResult.objects.get().passed
    assert "1号" in clerk.get(url).content.decode()
    found = clerk.get(f"{HOME}/report/{CardReport.objects.get().pk}")
    assert found.content == report()


def test_files_are_downloads_and_only_of_the_area(country: Country) -> None:
    filled(country)
    attachment = Attachment.objects.first()
    assert attachment is not None
    url = f"{HOME}/file/{attachment.pk}"
    answer = signed_in(country, "980000", REVIEWER).get(url)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"TEST_ONLY")
    for path in (
        url,
        f"{HOME}/case/{attachment.case_id}",
        f"{HOME}/case/{attachment.case_id}.pdf",
        f"{HOME}/980100",
    ):
        assert signed_in(country, "990000", REVIEWER).get(path).status_code == 404


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_pages_in_three_languages(country: Country, language: str) -> None:
    issuing(country)
    client = signed_in(country, "980100", CLERK, language=language)
    case = Case.objects.get()
    for url in (HOME + "/", f"{HOME}/980100", f"{HOME}/case/{case.pk}", f"{HOME}/980100/tests"):
        answer = client.get(url)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert page.count("<h1") == 1
        if language != "en":
            assert not re.search(r"Issuing approval|Checklist|Test cards", page)


def words(content: bytes) -> str:
    """What a PDF says."""
    document = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s", "", text)


def test_the_statement_of_preparation_is_written_sealed_and_on_paper(country: Country) -> None:
    clerk = signed_in(country, "980100", CLERK)
    case = filled(country)
    url = f"{HOME}/case/{case.pk}"
    item = f"{url}/item/readiness.staff"
    assert "Write the statement" in clerk.get(item).content.decode()
    assert post(clerk, f"{item}/statement", text="技术人员6人，\n设备齐备。") == 302
    assert "设备齐备" in clerk.get(item).content.decode()
    assert post(clerk, f"{item}/statement", text="长" * 4001) == 422
    assert post(clerk, f"{url}/item/material.card-face/statement", text="x") == 400
    said = words(clerk.get(f"{url}/preparation.pdf").content)
    for text in ("社会保障卡发行筹备情况说明", "官方附件编号", "技术人员6人", "见附件", "草稿"):
        assert text in said, text
    before = case_digest(case)
    submit(country, case)
    case.refresh_from_db()
    assert case.digest == before
    assert post(clerk, f"{item}/statement", text="后来的话") == 409
    for statement in ("UPDATE approval_statement SET text = 'x'", "DELETE FROM approval_statement"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert case.digest[:8] in words(clerk.get(f"{url}/preparation.pdf").content)
    other = signed_in(country, "980000", REVIEWER)
    assert post(other, f"{item}/statement", text="x") == 403
    assert "设备齐备" in other.get(item).content.decode()


def test_the_test_is_applied_for_reported_and_listed_on_paper(country: Country) -> None:
    equipped(country)
    clerk = signed_in(country, "980100", CLERK)
    url = f"{HOME}/980100/tests"
    post(clerk, f"{url}/add", cards=12, site="示例制卡中心", made_on="2026-03-02", key_versions="SM4 1")
    (made,) = Case.objects.get().batches.all()
    post(clerk, f"{HOME}/batch/{made.pk}/attach", file=SimpleUploadedFile("card.json", report()))
    page = clerk.get(url).content.decode()
    for form, title, inside in (
        ("F9", "社会保障卡通用测试申请书", ("SM41", "12张", PLAN.product, PLAN.contact.replace(" ", ""))),
        ("F10", "社会保障卡通用测试报告", ("测试中", "card.json", "符合性")),
        ("F11", "社会保障卡通用测试样卡清单", ("12张", "复位信息")),
    ):
        assert f"{made.pk}/{form}.pdf" in page
        said = words(clerk.get(f"{HOME}/batch/{made.pk}/{form}.pdf").content)
        for text in (title, "官方附件编号", "示例甲市", region_of().issuer_number, *inside):
            assert text in said, (form, text)
    assert clerk.get(f"{HOME}/batch/{made.pk}/F12.pdf").status_code == 404
    assert signed_in(country, "990100", CLERK).get(f"{HOME}/batch/{made.pk}/F9.pdf").status_code == 404


def test_the_form_on_paper(country: Country) -> None:
    case = filled(country)
    submit(country, case)
    case.refresh_from_db()
    answer = signed_in(country, "980100", CLERK).get(f"{HOME}/case/{case.pk}.pdf")
    with pypdfium2.PdfDocument(answer.content) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    for expected in ("社会保障卡发行注册申请表", "官方附件编号", PLAN.supplier, "2026年1000张", case.digest):
        assert expected in text


def test_a_change_says_which_workflow_it_takes(country: Country) -> None:
    issuing(country)
    clerk = signed_in(country, "980100", CLERK)
    assert post(clerk, f"{HOME}/980100/change") == 302
    case = Case.objects.latest("number")
    url = f"{HOME}/case/{case.pk}"
    why = {"reason": "示例", "effect": "无", "effective_on": "2026-03-02"}
    answered = [*FORM["_answered"], "change"]
    form = {**FORM, **why, "supplier": "另一卡厂", "_answered": answered}
    assert clerk.post(f"{url}/plan", form).status_code == 302
    page = clerk.post(f"{url}/submit", {"reason": "", "_answered": "reason"}).content.decode()
    assert "It is filed." in page
    assert post(clerk, f"{url}/submit", reason="", _answered="reason", _act="confirm") == 302
    checked(country, "980100")
    assert state() == "change_pending"


def test_start_suspend_and_resume_by_forms(country: Country) -> None:
    issuing(country)
    ministry = signed_in(country, "000000", REVIEWER)
    answers = {"why": "示例原因", "reason": "", "_answered": ["why", "reason"], "_act": "confirm"}
    for page, after in (("suspend", "suspended"), ("resume", "issuing")):
        assert ministry.post(f"{HOME}/980100/{page}", answers).status_code == 302
        checked(country, "000000")
        assert state() == after


def test_who_may_not_act_is_refused_and_nothing_changes(country: Country) -> None:
    case = filled(country)
    custodian = signed_in(country, "980100", "organizations.key-custodian")
    url = f"{HOME}/case/{case.pk}"
    assert custodian.get(url).status_code == 200
    for page in ("plan", "submit", "review", "begin", "withdraw"):
        assert custodian.get(f"{url}/{page}").status_code == 403
    attachment = case.attachments.first()
    assert attachment is not None
    assert post(custodian, f"{url}/item/{attachment.item}", remove=str(attachment.pk)) == 403
    assert post(signed_in(country, "980100", CLERK), f"{url}/item/{attachment.item}", remove="x") == 404
    assert (
        post(signed_in(country, "980000", CLERK), f"{url}/item/{attachment.item}", remove=str(attachment.pk))
        == 403
    )
    assert case.attachments.filter(pk=attachment.pk).exists()
    assert not TwoPersonAct.objects.exists()
