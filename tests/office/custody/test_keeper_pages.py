"""The pages of custodians, envelopes, key rooms and destroyed carriers."""

from io import BytesIO

from django.test import Client
from django.urls import reverse

from office.custody.steps import CUSTODIAN, LEADER, MOTHER, OFFICER, OPERATOR, Steps, number
from office.custody.test_destruction import destroy
from office.custody.test_envelopes import BODY, NUMBER, deposit, open_it
from office.custody.test_keepers import appoint
from office.pages import signed_in
from shebaoka.office.custody.models import (
    DestructionFile,
    Envelope,
    Keeper,
    KeeperChange,
    RoomVisit,
    Training,
)
from shebaoka.office.custody.services import NewPlace
from shebaoka.office.organizations.choices import Decision
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check


def page(name: str, *arguments: object) -> str:
    return reverse(f"desk:custody:{name}", args=arguments)


def proposed(
    client: Client, name: str, steps: tuple[str, ...], answers: dict[str, object], *about: str
) -> TwoPersonAct:
    """Sends the answers of all questions at once and confirms."""
    sent = client.post(page(name, *about), {"_answered": list(steps), "_act": "confirm", **answers})
    assert sent.status_code == 302, sent.content.decode()
    return TwoPersonAct.objects.get(decision=Decision.WAITING)


def test_a_custodian_is_appointed_and_trained_on_pages(steps: Steps) -> None:
    officer = signed_in(steps.country, BODY, OFFICER)
    assert "Custodians not in the register" in officer.get("/desk/").content.decode()
    answers: dict[str, object] = {
        "person": number(BODY, CUSTODIAN),
        "document": "人社任1",
        "appointed_on": "2026-02-01",
        "duties": "母卡",
        "deputy": number(BODY, CUSTODIAN, 2),
        "identity_kind": "resident",
        "identity_end": "123X",
        "phone": "010-55500001",
        "phone_off": "199-5550-0001",
        "clearance": "none",
        "undertaking": "密诺1",
        "undertaking_on": "2026-02-01",
    }
    waiting = proposed(officer, "keeper-appoint", ("appointment", "person"), answers)
    leader = signed_in(steps.country, BODY, LEADER)
    assert "199-5550-0001" in leader.get(f"/desk/acts/{waiting.pk}").content.decode()
    check(steps.actor(BODY, LEADER), waiting.pk)
    keeper = Keeper.objects.get()
    own = page("keeper", keeper.person.number)
    assert "199-5550-0001" in officer.get(own).content.decode()
    above = signed_in(steps.country, "000000", OFFICER).get(own).content.decode()
    assert "人社任1" in above
    assert "199-5550-0001" not in above
    answers = {"held_on": "2026-02-20", "subject": "制度", "hours": "8", "certificate": "训1"}
    assert officer.post(page("keeper-train", keeper.person.number), answers).status_code == 302
    assert Training.objects.get().subject == "制度"
    shown = officer.get(page("keeper-update", keeper.person.number)).content.decode()
    assert 'value="199-5550-0001"' in shown


def test_a_custodian_hands_over_on_pages(steps: Steps) -> None:
    steps.received()
    appoint(steps, 1)
    appoint(steps, 2)
    leaving = signed_in(steps.country, BODY, CUSTODIAN)
    change = {
        "successor": number(BODY, CUSTODIAN, 2),
        "reason": "调离",
        "renewed": "S1柜密码",
        "secrecy_after": "密诺9",
    }
    shown = leaving.post(page("keeper-change"), {"_step": "change", **change}).content.decode()
    assert f'name="seal-{MOTHER}"' in shown
    assert 'name="seen-HSM-980000"' in shown
    counted = {
        f"seal-{MOTHER}": "F1",
        "seal-9800000000000003": "F3",
        "seen-HSM-980000": "on",
        "counted": "on",
    }
    sent = {"_answered": ["change", "inventory"], "_act": "confirm", **change, **counted}
    both = leaving.post(page("keeper-change"), sent)
    assert both.status_code == 409  # her successor keeps the other half
    wrong = leaving.post(page("keeper-change"), {**sent, f"seal-{MOTHER}": "F9"})
    assert "is not the one in the register" in wrong.content.decode()
    assert not TwoPersonAct.objects.filter(act="custody.keeper.change").exists()
    assert not KeeperChange.objects.exists()


def test_envelopes_on_pages(steps: Steps) -> None:
    deposit(steps)
    deputy = signed_in(steps.country, BODY, CUSTODIAN, 3)
    answers: dict[str, object] = {"order": "令1", "reason": "两人住院"}
    waiting = proposed(deputy, "envelope-open", ("order",), answers, NUMBER)
    for role in (OFFICER, LEADER):
        check(steps.actor(BODY, role), waiting.pk)
    custodian = signed_in(steps.country, BODY, CUSTODIAN)
    assert "Seal the envelope again" in custodian.get("/desk/").content.decode()
    assert "Not yet" in custodian.get(page("envelope", NUMBER)).content.decode()
    waiting = proposed(custodian, "envelope-reseal", ("seal",), {"seal": "E2", "renewed": "新密码"}, NUMBER)
    check(steps.actor(BODY, OFFICER), waiting.pk)
    assert Envelope.objects.get().seal == "E2"
    assert "E1 → E2" in custodian.get(page("envelope", NUMBER)).content.decode()


def test_the_access_log_on_pages(steps: Steps) -> None:
    new = NewPlace(BODY, "R1", "密钥室", "room", "示例路1号")
    steps.agree("custody.place.add", new, steps.actor(BODY, OPERATOR), steps.actor(BODY, OFFICER))
    client = signed_in(steps.country, BODY, CUSTODIAN)
    answers: dict[str, object] = {"place": "R1", "persons": [number(BODY, CUSTODIAN)], "purpose": "导入密钥"}
    assert client.post(page("room-enter"), answers).status_code == 409
    answers["persons"] = [number(BODY, CUSTODIAN), number(BODY, OPERATOR)]
    assert client.post(page("room-enter"), answers).status_code == 302
    visit = RoomVisit.objects.get()
    assert "log that they left" in client.get(page("visits")).content.decode()
    assert client.post(page("room-leave", visit.pk), {"remark": ""}).status_code == 302
    visit.refresh_from_db()
    assert visit.left_at is not None


def test_photographs_on_pages(steps: Steps) -> None:
    steps.received()
    destroy(steps)
    found = "980000-2026-0002-D"
    client = signed_in(steps.country, BODY, OPERATOR)
    assert "no photograph or paper" in client.get(page("destruction", found)).content.decode()
    file = BytesIO(b"\xff\xd8photo")
    file.name = "1.jpg"
    assert client.post(page("photograph", found), {"file": file, "shows": "粉碎后"}).status_code == 302
    kept = DestructionFile.objects.get()
    answer = client.get(page("destruction-file", found, kept.pk))
    assert (answer.content, answer.headers["Content-Type"]) == (b"\xff\xd8photo", "image/jpeg")
    assert "粉碎后" in client.get(page("destruction", found)).content.decode()
    other = signed_in(steps.country, "990000", OPERATOR)
    assert other.get(page("destruction-file", found, kept.pk)).status_code == 404


def test_all_open_in_every_language(steps: Steps) -> None:
    appoint(steps)
    deposit(steps)
    open_it(steps)
    pages = [
        *(page(name) for name in ("keepers", "keeper-changes", "envelopes", "visits", "home")),
        page("keeper", number(BODY, CUSTODIAN)),
        page("envelope", NUMBER),
    ]
    for language in ("zh-hans", "es"):
        client = signed_in(steps.country, BODY, OFFICER, language=language)
        for url in pages:
            assert client.get(url).status_code == 200, url
    for role, name, about in (
        (OFFICER, "keeper-appoint", ()),
        (CUSTODIAN, "keeper-change", ()),
        (CUSTODIAN, "envelope-deposit", ()),
        (CUSTODIAN, "room-enter", ()),
    ):
        assert signed_in(steps.country, BODY, role).get(page(name, *about)).status_code == 200
        assert signed_in(steps.country, BODY, LEADER).get(page(name, *about)).status_code == 403
