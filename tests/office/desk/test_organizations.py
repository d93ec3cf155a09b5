"""Organizations and staff on the desk: from the question to the act another person checks."""

import re

from office.country import Country
from office.pages import of, signed_in
from shebaoka.office.organizations.choices import Decision
from shebaoka.office.organizations.models import Organization, Staff, TwoPersonAct

ADD = "/desk/organizations/980100/add"
KIND = {"_step": "kind", "kind": "hospital"}
NODE = {"region": "980100", "code": "980100-H01", "name": "示例医院"}


def test_questions_then_a_check_then_a_second_person(country: Country) -> None:
    clerk = signed_in(country, "980100", "organizations.administrator")
    assert "What is it?" in clerk.get(ADD).content.decode()
    second = clerk.post(ADD, KIND).content.decode()
    assert '<input type="hidden" name="kind" value="hospital">' in second
    third = {**KIND, "_answered": ["kind"], "_step": "node", **NODE}
    assert "Reason" in clerk.post(ADD, third).content.decode()
    answers = {**third, "_answered": ["kind", "node"], "_step": "reason", "reason": "new contract"}
    check = clerk.post(ADD, answers).content.decode()
    assert "Check your answers" in check
    assert "Hospital or pharmacy" in check
    assert not TwoPersonAct.objects.exists()
    sent = {**answers, "_answered": ["kind", "node", "reason"], "_step": "", "_act": "confirm"}
    answer = clerk.post(ADD, sent)
    act = TwoPersonAct.objects.get()
    assert answer.headers["Location"] == f"/desk/acts/{act.pk}/proposed"
    assert not Organization.objects.filter(code="980100-H01").exists()

    own = clerk.get(f"/desk/acts/{act.pk}").content.decode()
    assert "Check it" not in own
    leader = signed_in(country, "980100", "organizations.leader")
    assert f"/desk/acts/{act.pk}" in leader.get("/desk/").content.decode()
    page = leader.get(f"/desk/acts/{act.pk}").content.decode()
    assert "示例甲市 (980100)" in page
    leader.post(f"/desk/acts/{act.pk}", {"decision": "yes", "digest": act.digest})
    assert Organization.objects.get(code="980100-H01").name == "示例医院"


def test_answers_are_changed_from_the_check(country: Country) -> None:
    clerk = signed_in(country, "980100", "organizations.administrator")
    answers = {**KIND, **NODE, "_answered": ["kind", "node", "reason"], "_step": ""}
    page = clerk.post(ADD, {**answers, "_change": "node"}).content.decode()
    assert 'value="980100-H01"' in page
    assert "Check your answers" not in page
    changed = clerk.post(ADD, {**answers, "_answered": ["kind", "reason"], "_step": "node", "name": ""})
    assert changed.status_code == 422
    assert "Fill in: Name" in changed.content.decode()


def test_what_the_service_refuses_stands_above_the_answers(country: Country) -> None:
    clerk = signed_in(country, "980100", "organizations.administrator")
    wrong = {**KIND, **NODE, "code": "990100-H01", "_answered": ["kind", "node", "reason"], "_act": "confirm"}
    answer = clerk.post(ADD, wrong)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "There is a problem" in page
    assert "Check your answers" in page
    assert not TwoPersonAct.objects.exists()


def test_no_other_role_proposes_and_no_other_area_is_seen(country: Country) -> None:
    keeper = signed_in(country, "980100", "organizations.psam-keeper")
    assert keeper.get(ADD).status_code == 403
    assert (
        keeper.post(
            ADD, {**KIND, **NODE, "_answered": ["kind", "node", "reason"], "_act": "confirm"}
        ).status_code
        == 403
    )
    elsewhere = signed_in(country, "990100", "organizations.administrator")
    for url in ("/desk/organizations/980100", ADD, "/desk/organizations/staff/980100-leader-1"):
        assert elsewhere.get(url).status_code == 404
    assert not TwoPersonAct.objects.exists()


def test_a_refusal_has_its_reason_and_changes_nothing(country: Country) -> None:
    clerk = signed_in(country, "980100", "organizations.administrator")
    answers = {**KIND, **NODE, "_answered": ["kind", "node", "reason"], "_act": "confirm"}
    clerk.post(ADD, answers)
    act = TwoPersonAct.objects.get()
    leader = signed_in(country, "980100", "organizations.leader")
    missing = leader.post(f"/desk/acts/{act.pk}", {"decision": "no", "digest": act.digest})
    assert missing.status_code == 422
    leader.post(f"/desk/acts/{act.pk}", {"decision": "no", "digest": act.digest, "remark": "no contract"})
    act.refresh_from_db()
    assert act.decision == Decision.REFUSED
    assert not Organization.objects.filter(code="980100-H01").exists()


def test_an_activation_code_is_two_parts_from_two_persons(country: Country) -> None:
    who = Staff.objects.get(number="980100-key-custodian-1")
    page = f"/desk/organizations/staff/{who.number}"
    clerk = signed_in(country, "980100", "organizations.administrator")
    leader = signed_in(country, "980100", "organizations.leader")
    parts = []
    for client, which in ((clerk, "first"), (leader, "second")):
        shown = client.post(f"{page}/code/{which}", {"csrf": ""}).content.decode()
        parts.append(re.findall(r"<code>([0-9A-Z-]+)</code>", shown)[0])
    new = "eleven blue umbrellas"
    answers = {"number": who.number, "first": parts[0], "second": parts[1], "password": new, "again": new}
    stranger = of(who)
    stranger.logout()
    answer = stranger.post("/desk/activate", answers)
    assert answer.headers["Location"] == "/desk/sign-in/set-up"
    assert "<svg" in stranger.get("/desk/sign-in/set-up").content.decode()
    assert stranger.get("/desk/").status_code == 302


def test_every_page_answers_in_three_languages(country: Country) -> None:
    for language, word in (
        ("zh-hans", "机构与人员"),
        ("en", "Organizations and staff"),
        ("es", "Entidades y personal"),
    ):
        client = signed_in(country, "000000", "organizations.administrator", language=language)
        for url in ("", "980100", "staff/980100-leader-1"):
            answer = client.get(f"/desk/organizations/{url}")
            assert (answer.status_code, answer.headers["Content-Language"]) == (200, language)
            assert word in answer.content.decode()
