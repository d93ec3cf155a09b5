"""The pages of cards: each opens in three languages, tasks go through from application to replacement."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from office.cards.world import AGENCY, BANK, CITY, World, card_of
from office.pages import of
from shebaoka.office.audit.models import Row
from shebaoka.office.cards.choices import Making
from shebaoka.office.cards.models import Application, Batch, Card, Stock
from shebaoka.office.cards.production import run
from shebaoka.office.desk.acts.payloads import unnamed
from shebaoka.office.organizations.models import Staff, TwoPersonAct
from shebaoka.office.organizations.two_persons import check

HOME = "/desk/cards/"
PROOF = {"proof": "identity"}
CHECKED = {"_answered": "answers", "_act": "confirm"}


def client(code: str, role: str, language: str = "en") -> Client:
    return of(Staff.objects.get(number=f"{code}-{role}-1"), language)


def text(answer: object) -> str:
    content: bytes = answer.content  # type: ignore[attr-defined]
    return content.decode()


def sent(web: Client, page: str, **answers: object) -> None:
    """A form that is done leads to another page."""
    answer = web.post(f"{HOME}{page}", answers | CHECKED)
    assert answer.status_code == 302, re.findall(r'class="error[^>]*>.*?</', text(answer), re.S)


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_every_page_opens_in_every_language(world: World, language: str) -> None:
    world.blanks()
    card = world.active()[0]
    application, batch, stock = Application.objects.get(), Batch.objects.get(), Stock.objects.get()
    clerk, issuing = client(AGENCY, "counter-clerk", language), client(CITY, "issuing-clerk", language)
    for web, pages in (
        (
            clerk,
            (
                *(
                    "",
                    "apply",
                    f"apply/{card.person_id}",
                    "applications",
                    f"applications/{application.number}",
                ),
                *("lists", "lists/take", f"card/{card.pk}", f"card/{card.pk}/loss-temporary"),
                *("dashboard", "register", "products", "destruction", f"person/{card.person_id}"),
                *(f"card/{card.pk}/done", f"card/{card.pk}/electronic", f"card/{card.pk}/electronic-open"),
                *("electronic/verify", f"card/{card.pk}/block"),
                *(f"card/{card.pk}/compare", f"card/{card.pk}/pin", f"card/{card.pk}/cancel"),
            ),
        ),
        (
            issuing,
            (
                *("batches", f"batches/{batch.number}", "batches/form", "stock", "stock/receive"),
                *("blacklist", "products/record", f"destruction/{CITY}/propose", f"stock/{stock.pk}"),
            ),
        ),
    ):
        for page in pages:
            answer = web.get(f"{HOME}{page}")
            assert answer.status_code == 200, page
            assert text(answer).count("<h1") == 1, page
            assert len(text(answer).encode()) < 60_000


def test_a_clerk_is_offered_only_what_follows(world: World) -> None:
    world.blanks()
    card = world.made()[0]
    web = client(AGENCY, "counter-clerk")

    def offered() -> set[str]:
        page = text(web.get(f"{HOME}card/{card.pk}"))
        return set(re.findall(rf"/desk/cards/card/{card.pk}/([a-z-]+)\"", page))

    assert offered() == {"hand-out", "cancel"}
    sent(web, f"card/{card.pk}/hand-out", **PROOF)
    assert {"activate", "loss-temporary", "compare"} <= offered()
    sent(web, f"card/{card.pk}/activate", **PROOF)
    sent(web, f"card/{card.pk}/loss-formal", why="遗失", **PROOF)
    assert "activate" not in offered()
    answer = web.post(f"{HOME}card/{card.pk}/activate", PROOF | CHECKED)
    assert answer.status_code == 409
    assert "formally lost" in text(answer)


def test_from_an_application_to_a_replacement_at_the_desk(world: World) -> None:
    world.blanks()
    person = world.person()
    clerk, issuing = client(AGENCY, "counter-clerk"), client(CITY, "issuing-clerk")
    found = clerk.post(f"{HOME}apply", {"person": person.number})
    wanted = {
        "kind": "new",
        "why": "none",
        "product": "SSC-2",
        "population": "职工",
        "outlet": AGENCY,
        "making": "factory",
        "delivery": "outlet",
        **PROOF,
        **CHECKED,
    }
    assert clerk.post(found["location"], wanted).status_code == 302
    sent(issuing, "batches/form", organization=CITY, product="SSC-2", outlet=AGENCY, site="01", bank="")
    batch = Batch.objects.get()
    sent(issuing, f"batches/{batch.number}/approve", confirmed="on")
    waiting = TwoPersonAct.objects.get(act="cards.batch.approve")
    leader = client(CITY, "leader")
    page = text(leader.get(f"/desk/acts/{waiting.pk}"))
    assert batch.number in page
    check(world.by(CITY, "organizations.leader"), waiting.pk)
    run.prepare(batch.pk)
    sent(issuing, f"batches/{batch.number}/start", confirmed="on")
    run.make(batch.pk)
    sent(issuing, f"batches/{batch.number}/deliver", document="装箱单1")
    card = Card.objects.get()
    sent(clerk, f"card/{card.pk}/hand-out", **PROOF)
    sent(clerk, f"card/{card.pk}/activate", **PROOF)
    sent(clerk, f"card/{card.pk}/pin", new="135790", again="135790")
    sent(clerk, f"card/{card.pk}/loss-formal", why="遗失", **PROOF)
    new = wanted | {"kind": "reissue", "why": "lost", "making": "instant"}
    answer = clerk.post(found["location"], new)
    assert answer.status_code == 302
    made = clerk.post(f"{answer['location']}/instant", {"confirmed": "on"})
    assert made.status_code == 302, text(made)
    second = Card.objects.exclude(pk=card.pk).get()
    sent(clerk, f"card/{second.pk}/hand-out", **PROOF)
    assert card_of(card.pk).social == "9"
    assert card_of(second.pk).plastic == "held"


def test_a_receipt_says_when_and_hides_most_of_the_number(world: World) -> None:
    world.blanks()
    card = world.active()[0]
    web = client(AGENCY, "counter-clerk")
    sent(web, f"card/{card.pk}/loss-temporary", proof="telephone", why="")
    step = card_of(card.pk).step
    paper = web.get(f"{HOME}card/{card.pk}/receipt/{step}.pdf")
    pages = PdfReader(BytesIO(paper.content)).pages
    words = "".join(page.extract_text() for page in pages).replace("\0", "")
    assert "临时挂失" in words
    assert "2026-03-02" in words
    assert card.person is not None
    assert card.person.number not in words


def test_another_city_sees_nothing(world: World) -> None:
    world.blanks()
    card = world.active()[0]
    far = client("990100", "counter-clerk")
    assert far.get(f"{HOME}card/{card.pk}").status_code == 404
    assert card.number not in text(far.get(HOME))
    assert far.post(f"{HOME}card/{card.pk}/loss-temporary", {"proof": "telephone"}).status_code == 404
    assert card_of(card.pk).social == "1"


def test_only_the_bank_activates_its_application(world: World) -> None:
    world.blanks()
    card = world.active()[0]
    assert (
        client(AGENCY, "counter-clerk")
        .post(f"{HOME}card/{card.pk}/bank-activate", PROOF | CHECKED)
        .status_code
        == 403
    )
    assert client(BANK, "counter-clerk").get(f"{HOME}card/{card.pk}").status_code == 404


def test_files_are_downloaded_and_bad_returns_refused(world: World) -> None:
    batch = world.formed(2, bank=True)
    web = client(CITY, "issuing-clerk")
    answer = web.post(f"{HOME}batches/{batch.number}/export-bank", {"layout": "P2"})
    assert answer["content-disposition"].startswith("attachment")
    assert answer.content.startswith(b"SH00000002")
    wrong = web.post(
        f"{HOME}batches/{batch.number}/import-bank",
        {"layout": "P2", "file": SimpleUploadedFile("x", b"nonsense")},
    )
    assert wrong.status_code == 422
    assert world.applied(making=Making.INSTANT).status == "accepted"


def test_every_field_of_a_proposal_has_its_name() -> None:
    assert [each for each in unnamed() if each.startswith("cards.")] == []


def test_who_is_before_the_clerk_is_found_by_card_number_name_and_pinyin(world: World) -> None:
    world.blanks()
    card = world.active()[0]
    person = card.person
    assert person is not None
    web = client(AGENCY, "counter-clerk")
    holder = f"{HOME}person/{person.pk}"
    assert web.post(HOME, {"text": card.number})["location"] == f"{HOME}card/{card.pk}"
    assert web.post(HOME, {"text": person.number})["location"] == holder
    for written in (person.name, person.name[:2], person.pinyin, person.pinyin[:4].upper()):
        assert holder in text(web.post(HOME, {"text": written})), written
    page = text(web.get(holder))
    assert f"{HOME}card/{card.pk}/loss-formal" in page
    assert f"{HOME}apply/{person.pk}" in page
    assert person.number not in page
    last = Row.objects.latest("id")
    assert last.act == "organizations.read"
    assert str(person.pk) in last.subject
    elsewhere = client("990100", "counter-clerk")
    assert holder not in text(elsewhere.post(HOME, {"text": person.name}))
    assert elsewhere.get(holder).status_code == 404


def test_answers_are_checked_before_the_act_and_the_receipt_follows(world: World) -> None:
    world.blanks()
    card = world.active()[0]
    web = client(AGENCY, "counter-clerk")
    place = f"{HOME}card/{card.pk}/loss-formal"
    shown = web.post(place, {**PROOF, "why": "公交车上遗失", "_step": "answers"})
    assert "公交车上遗失" in text(shown)
    assert card_of(card.pk).social == "1"
    done = web.post(place, {**PROOF, "why": "公交车上遗失", **CHECKED})
    assert done["location"] == f"{HOME}card/{card.pk}/done"
    assert card_of(card.pk).social == "2"
    receipt = re.search(r'href="([^"]+receipt/[0-9]+.pdf)"', text(web.get(done["location"])))
    assert receipt is not None
    assert web.get(receipt[1]).content.startswith(b"%PDF")
    paper = web.get(f"{HOME}applications/{Application.objects.get().number}/receipt.pdf")
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
    assert "受理回执" in words.replace("\0", "")
