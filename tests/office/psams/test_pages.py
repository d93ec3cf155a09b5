"""The pages of PSAMs: every page opens, each person is offered what she may do, acts go through."""

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from office.pages import of
from office.psams.world import CITY, KEEPER, OFFICER, World, serial
from shebaoka.office.audit.models import Row
from shebaoka.office.desk.acts.payloads import unnamed
from shebaoka.office.organizations.models import Staff, TwoPersonAct
from shebaoka.office.psams.choices import Status
from shebaoka.office.psams.models import (
    BlockList,
    Issue,
    KeeperContact,
    Order,
    Place,
    Psam,
)

HOME = "/desk/psams/"


def client(world: World, code: str, role: str, language: str = "en") -> Client:
    return of(Staff.objects.get(number=f"{code}-{role}-1"), language)


def text(answer: object) -> str:
    content: bytes = answer.content  # type: ignore[attr-defined]
    return content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_every_register_opens_in_every_language(world: World, language: str) -> None:
    world.active()
    web = client(world, CITY, KEEPER, language)
    order = Order.objects.get()
    for page in (
        "",
        "vendors",
        "orders",
        f"orders/{order.number}",
        "units",
        "recalls",
        "losses",
        "destructions",
        "counts",
        "lists",
        f"psam/{serial(1)}",
    ):
        answer = web.get(f"{HOME}{page}")
        assert answer.status_code == 200, page
        assert text(answer).count("<h1") == 1
    assert len(text(answer).encode()) < 40_000
    assert ("监控" in text(answer)) == (language == "zh-hans")


def test_the_register_is_searched_and_filtered(world: World) -> None:
    world.active()
    web = client(world, CITY, KEEPER)
    assert text(web.get(HOME)).count("/desk/psams/psam/") == 2
    assert text(web.get(HOME, {"text": "00002", "state": ""})).count("/desk/psams/psam/") == 1
    assert text(web.get(HOME, {"text": "", "state": "active"})).count("/desk/psams/psam/") == 1
    assert text(web.get(HOME, {"state": "nonsense"})).count("/desk/psams/psam/") == 2


def offered(web: Client, number: int) -> set[str]:
    page = text(web.get(f"{HOME}psam/{serial(number)}"))
    return set(re.findall(rf"/desk/psams/psam/{serial(number)}/([a-z-]+)", page))


def test_each_is_offered_what_she_may_do_now(world: World) -> None:
    world.active()
    unit = of(world.keepers[0])
    assert offered(unit, 1) == {"use", "hand-on", "freeze", "damage", "lose", "return"}
    assert offered(client(world, CITY, KEEPER), 2) == {"issue", "damage", "lose"}
    assert offered(client(world, CITY, OFFICER), 1) == {"inspect", "freeze", "lose"}
    assert offered(client(world, CITY, "auditor"), 1) == set()
    assert of(world.keepers[0]).get(f"{HOME}psam/{serial(2)}").status_code == 404
    far = client(world, "990100", KEEPER)
    assert far.get(f"{HOME}psam/{serial(1)}").status_code == 404
    assert far.get(f"{HOME}psam/{serial(1)}/lose").status_code == 404


def pages_of(number: int) -> Iterator[str]:
    for name in ("use", "freeze", "damage", "lose", "return", "hand-on"):
        yield f"{HOME}psam/{serial(number)}/{name}"


def test_every_form_opens_and_an_empty_one_says_what_is_missing(world: World) -> None:
    world.active()
    web = of(world.keepers[0])
    for page in pages_of(1):
        assert web.get(page).status_code == 200, page
    answer = web.post(f"{HOME}psam/{serial(1)}/lose", {})
    assert answer.status_code == 422
    assert "Missing since" in text(answer)
    keeper = client(world, CITY, KEEPER)
    for page in ("orders/apply", "units/place", "recalls/make", "destructions/propose", "lists/publish"):
        assert keeper.get(f"{HOME}{page}").status_code == 200, page
    assert keeper.get(f"{HOME}psam/{serial(2)}/issue").status_code == 200
    officer = client(world, CITY, OFFICER)
    for page in ("units/agreement", f"psam/{serial(1)}/inspect"):
        assert officer.get(f"{HOME}{page}").status_code == 200, page


def test_a_loss_is_reported_on_the_page_and_hosts_get_the_list(world: World) -> None:
    world.active()
    web = of(world.keepers[0])
    told = {"missing_since": "2026-03-02T08:00", "circumstances": "换班时未找到", "theft": "on"}
    answer = web.post(f"{HOME}psam/{serial(1)}/lose", told, follow=True)
    assert "hosts refuse the PSAM" in text(answer)
    assert world.psam().status == Status.LOST
    keeper = client(world, CITY, KEEPER)
    listed = BlockList.objects.get()
    file = keeper.get(reverse("desk:psams:list", args=[listed.pk]))
    assert file["Content-Disposition"].startswith("attachment")
    assert serial(1).encode() in file.content
    again = web.post(f"{HOME}psam/{serial(1)}/lose", told)
    assert again.status_code == 409
    assert "does not follow" in text(again)


def test_the_keeper_reads_the_conditions_and_signs(world: World) -> None:
    world.stocked(1)
    world.place()
    world.issue()
    web = of(world.keepers[0])
    home = text(web.get("/desk/"))
    assert f"Sign for PSAM {serial(1)}" in home
    page = f"{HOME}psam/{serial(1)}/accept"
    assert "It is used at its registered place only" in text(web.get(page))
    assert web.post(page, {}).status_code == 422
    # the first time she also says how she is reached
    assert "Your telephone" in text(web.post(page, {"confirmed": "on"}))
    answers = {"confirmed": "on", "phone": "0981-5550100", "document": "98010019900101001x"}
    web.post(page, answers)
    assert Issue.objects.get().accepted_by == world.keepers[0]
    assert KeeperContact.objects.get().document == "98010019900101001X"
    shown = text(client(world, CITY, KEEPER).get(f"{HOME}psam/{serial(1)}"))
    assert "0981-5550100" in shown
    assert "9801**********001X" in shown
    assert "98010019900101001X" not in shown
    assert not Row.objects.filter(line__contains="5550100").exists()
    assert not Row.objects.filter(line__contains="990010100").exists()


def test_an_issue_is_proposed_by_steps_and_shown_in_words(world: World) -> None:
    world.stocked(1)
    world.place()
    web = client(world, CITY, KEEPER)
    answers = {
        "_answered": ["unit", "to", "reason"],
        "unit": world.hospital.code,
        "place": "W1",
        "keeper": world.keepers[0].number,
        "purpose": "purchase",
        "replaces": "",
        "reason": "",
        "_act": "confirm",
    }
    answer = web.post(f"{HOME}psam/{serial(1)}/issue", answers, follow=True)
    assert answer.status_code == 200
    made = TwoPersonAct.objects.get(act="psams.psam.issue")
    shown = text(client(world, CITY, OFFICER).get(f"/desk/acts/{made.pk}"))
    assert "Medical purchase" in shown
    assert "示例医院" in shown
    assert world.psam().status == Status.IN_STOCK


def test_a_place_is_recorded_on_the_page(world: World) -> None:
    web = client(world, CITY, KEEPER)
    place = {
        "unit": world.hospital.code,
        "code": "W7",
        "kind": "hospital",
        "name": "七号窗口",
        "address": "示例路1号",
        "network": "none",
        "terminals": "2",
    }
    assert web.post(f"{HOME}units/place", place).status_code == 302
    assert (Place.objects.get().name, Place.objects.get().attended) == ("七号窗口", False)


def test_a_count_is_declared_on_the_page(world: World) -> None:
    world.active()
    web = of(world.keepers[0])
    page = f"{HOME}counts/declare/{CITY}"
    assert web.post(page, {}).status_code == 422
    answers = {f"f{serial(1)}": "there", f"e{serial(1)}": ""}
    assert web.post(page, answers).status_code == 302
    assert "To be checked on site" in text(web.get(f"{HOME}counts"))


def test_the_forms_are_on_paper_with_an_empty_place_for_the_official_number(world: World) -> None:
    world.received(2)
    order = Order.objects.get()
    web = client(world, CITY, KEEPER)
    for form, said in (("F7", "社会保障PSAM卡申领表"), ("F8", serial(2))):
        answer = web.get(f"{HOME}orders/{order.number}/{form}.pdf")
        assert answer["Content-Type"] == "application/pdf"
        pages = PdfReader(BytesIO(answer.content)).pages
        words = "".join(page.extract_text() for page in pages).replace("\0", "").replace("\n", "")
        assert said in words
        assert "官方附件编号" in words
    assert Psam.objects.count() == 2


def test_every_field_of_an_act_has_a_name() -> None:
    assert [each for each in unnamed() if each.startswith("psams.")] == []
