"""Every page of keys and carriers opens for who may see it, and its forms do what the services do."""

from datetime import date

from django.urls import reverse

from office.custody.steps import CUSTODIAN, LEADER, MOTHER, OFFICER, OPERATOR, TRANSMISSION, Steps, replaced
from office.custody.test_destruction import destroy
from office.custody.test_handovers import FOUR, NUMBER, factory, prepare
from office.custody.test_stock import ALL
from office.pages import signed_in
from shebaoka.office.custody.models import (
    Carrier,
    HandOver,
    KeyRecord,
    MovementStep,
    StockTake,
    StoragePlace,
)
from shebaoka.office.custody.services import Explained
from shebaoka.office.desk.acts.payloads import unnamed
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check

LISTS = (
    *("home", "places", "hsms", "keys", "carriers", "movements", "orders", "dispatches", "stock-takes"),
    *("destructions", "hand-overs", "ceremonies"),
)


def page(name: str, *arguments: str) -> str:
    return reverse(f"desk:custody:{name}", args=arguments)


def test_all_fields_of_acts_have_names() -> None:
    assert [name for name in unnamed() if name.startswith("custody.")] == []


def test_registers_and_files_open(steps: Steps) -> None:
    steps.received()
    factory(steps)
    prepare(steps)
    for part in FOUR:
        part(steps)
    steps.take_out(steps.taking())
    pages = [page(name) for name in LISTS]
    pages += [
        page("carrier", MOTHER),
        page("hsm", "980000", "HSM-980000"),
        page("dispatch", "000000-2026-0001"),
        page("hand-over", NUMBER),
        page("hand-over-pdf", NUMBER),
        page("agreement-pdf", NUMBER),
        page("memorandum-pdf", "000000-2026-0001"),
    ]
    for language in ("zh-hans", "es", "en"):
        client = signed_in(steps.country, "980000", OPERATOR, language=language)
        for url in pages if language == "en" else pages[:16]:
            assert client.get(url).status_code == 200, url
    assert MOTHER in client.get(page("carriers")).content.decode()


def test_other_bodies_see_nothing(steps: Steps) -> None:
    steps.received()
    client = signed_in(steps.country, "990000", OPERATOR)
    assert client.get(page("carrier", MOTHER)).status_code == 404
    assert client.get(page("dispatch", "000000-2026-0001")).status_code == 404
    assert MOTHER not in client.get(page("carriers")).content.decode()


def test_who_may_not_propose_is_refused(steps: Steps) -> None:
    steps.received()
    client = signed_in(steps.country, "980000", LEADER)
    for name, arguments in (("place-add", ()), ("take-out", (MOTHER,)), ("count", ()), ("send", ())):
        assert client.get(page(name, *arguments)).status_code == 403
    assert not TwoPersonAct.objects.exists()


def test_every_proposal_opens(steps: Steps) -> None:
    steps.received()
    operator, custodian = (signed_in(steps.country, "980000", role) for role in (OPERATOR, CUSTODIAN))
    for client, name, arguments in (
        (operator, "place-add", ()),
        (operator, "place-close", ("S1",)),
        (operator, "hsm-add", ()),
        (operator, "hsm-certify", ("HSM-980000",)),
        (operator, "hsm-conform", ("HSM-980000",)),
        (operator, "hsm-keep", ("HSM-980000",)),
        (operator, "pair", ()),
        (operator, "take-out", (MOTHER,)),
        (operator, "destroy", ()),
        (operator, "order", ()),
        (operator, "ceremony-plan", ()),
        (operator, "keys-read", ()),
        (operator, "hand-over-prepare", ()),
        (custodian, "store", (MOTHER,)),
        (custodian, "find", (MOTHER,)),
        (custodian, "bring-back", (MOTHER,)),
        (custodian, "send", ()),
        (custodian, "count", ()),
        (custodian, "lose", (MOTHER,)),
        (custodian, "damage", (MOTHER,)),
    ):
        assert client.get(page(name, *arguments)).status_code == 200, name


def test_a_place_is_proposed_and_checked(steps: Steps) -> None:
    client = signed_in(steps.country, "980000", OPERATOR)
    answers = {"code": "S9", "name": "九号柜", "kind": "safe", "address": "示例路9号"}
    asked = client.post(page("place-add"), {"_step": "place", **answers})
    assert "九号柜" in asked.content.decode()
    assert not TwoPersonAct.objects.exists()
    sent = client.post(page("place-add"), {"_answered": "place", "_act": "confirm", **answers})
    assert sent.status_code == 302
    check(steps.actor("980000", OFFICER), TwoPersonAct.objects.get().pk)
    assert StoragePlace.objects.get().code == "S9"


def test_a_stock_take_on_the_page(steps: Steps) -> None:
    steps.received()
    client = signed_in(steps.country, "980000", CUSTODIAN)
    seals = {f"s{carrier.serial}": carrier.seal for carrier in Carrier.objects.all()}
    reasons = {f"e{carrier.serial}": "" for carrier in Carrier.objects.all()}
    answers = {"_answered": "count", "_act": "confirm", "others": "", **seals, **reasons}
    missing = client.post(page("count"), answers | {f"s{MOTHER}": ""})
    assert missing.status_code == 409
    assert f"Differences without an explanation: {MOTHER}" in missing.content.decode()
    assert client.post(page("count"), answers).status_code == 302
    waiting = TwoPersonAct.objects.get()
    assert len(waiting.payload["found"]) == 3


def test_steps_and_loss_on_the_page(steps: Steps) -> None:
    steps.received()
    steps.take_out(steps.taking())
    client = signed_in(steps.country, "980000", OPERATOR)
    assert client.post(page("step", MOTHER), {"remark": ""}).status_code == 302
    assert MovementStep.objects.get().name == "seal"
    custodian = signed_in(steps.country, "980000", CUSTODIAN)
    assert custodian.post(page("lose", TRANSMISSION), {"what": ""}).status_code == 422
    assert custodian.post(page("lose", TRANSMISSION), {"what": "清点时不在"}).status_code == 302
    assert Carrier.objects.get(serial=TRANSMISSION).status == "lost"


def test_a_hand_over_prepared_on_the_page(steps: Steps) -> None:
    steps.received()
    factory(steps)
    client = signed_in(steps.country, "980000", OPERATOR)
    answers = {
        "third_party": "980000-F01",
        "purpose": "委托制卡",
        "due_on": "2026-04-30",
        "carriers": f"{MOTHER} F01-1\n{TRANSMISSION} F01-2",
    }
    assert client.post(page("hand-over-prepare"), answers).status_code == 302
    assert HandOver.objects.get().lines.count() == 2


def test_a_list_of_a_vault_on_the_page(steps: Steps) -> None:
    from io import BytesIO

    client = signed_in(steps.country, "980000", OPERATOR)
    key = (
        '{"keys": [{"id": "98:BK:1:SM4", "name": "BK", "usage": "BK", "version": 1, "algorithm": "SM4",'
        ' "level": "province", "parent": "", "kcv": "0A0B0C", "exportable": true, "test_only": true}]}'
    )
    for content in (b"", b"[1]", b'{"keys": [{"id": 1}]}', b"\xff"):
        file = BytesIO(content)
        file.name = "keys.json"
        assert client.post(page("keys-read"), {"file": file, "hsm": ""}).status_code in (409, 422)
    file = BytesIO(key.encode())
    file.name = "keys.json"
    assert client.post(page("keys-read"), {"file": file, "hsm": ""}).status_code == 302
    assert KeyRecord.objects.get().kcv == "0A0B0C"
    assert client.get(page("key", "98:BK:1:SM4")).status_code == 200


def test_records_of_destruction_are_listed(steps: Steps) -> None:
    steps.received()
    destroy(steps)
    client = signed_in(steps.country, "980000", OPERATOR)
    assert "销证2026-3" in client.get(page("destructions")).content.decode()
    assert client.get(page("destruction-pdf", "980000-2026-0002-D")).status_code == 200


def test_what_waits_stands_on_the_start_page(steps: Steps) -> None:
    steps.sent()
    client = signed_in(steps.country, "980000", CUSTODIAN)
    assert "Count what arrives: 000000-2026-0001" in client.get("/desk/").content.decode()


def test_a_certificate_that_expires_is_told_to_its_body_alone(steps: Steps) -> None:
    steps.place("980000", "S1")
    steps.hsm("980000", expires=date(2026, 5, 1))
    told = signed_in(steps.country, "980000", LEADER).get("/desk/").content.decode()
    assert "Certificate of an HSM" in told
    assert "60 days left" in told
    assert "/desk/custody/hsms/980000/HSM-980000" in told
    above = signed_in(steps.country, "000000", LEADER)
    assert "Certificate of an HSM" not in above.get("/desk/").content.decode()
    assert "expires on 1 May 2026, in 60 days" in above.get("/desk/custody/").content.decode()
    steps.hsm("980000", serial="OLD", expires=date(2026, 3, 1))
    assert "OLD" in signed_in(steps.country, "980000", LEADER).get("/desk/").content.decode()


def test_files_of_a_hand_over_open_from_its_page(steps: Steps) -> None:
    steps.received()
    factory(steps)
    prepare(steps)
    for part in FOUR:
        part(steps)
    client = signed_in(steps.country, "980000", OPERATOR)
    shown = client.get(page("hand-over", NUMBER)).content.decode()
    for which in ("agreement", "plan"):
        assert page("hand-over-file", NUMBER, which) in shown
        assert client.get(page("hand-over-file", NUMBER, which)).status_code == 200
    assert client.get(page("hand-over-file", NUMBER, "record")).status_code == 404
    other = signed_in(steps.country, "990000", OPERATOR)
    assert other.get(page("hand-over-file", NUMBER, "plan")).status_code == 404


def test_a_count_shows_why_it_differs(steps: Steps) -> None:
    steps.received()
    explained = (Explained(MOTHER, "送修未登记"),)
    steps.custodians(
        "980000", "custody.stock-take.record", replaced(ALL, found=ALL.found[1:], explanations=explained)
    )
    client = signed_in(steps.country, "980000", CUSTODIAN)
    made = StockTake.objects.get()
    shown = client.get(page("stock-take", str(made.pk))).content.decode()
    assert "送修未登记" in shown
    assert "Not there" in shown
    assert (
        signed_in(steps.country, "990000", CUSTODIAN).get(page("stock-take", str(made.pk))).status_code == 404
    )
