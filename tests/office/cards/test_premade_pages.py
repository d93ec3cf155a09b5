"""Pages of pre-made cards: a batch is formed, the stock is counted, written off and handed back."""

import pytest

from office.cards.test_pages import HOME, client, text
from office.cards.test_premade import accounts, stocked
from office.cards.world import AGENCY, BANK, CITY, LEADER, World, card_of
from shebaoka.office.cards.models import Batch, StockTake
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check

PAGES = ("premade", "premade/form", "premade/count", "premade/spoil", "premade/move")


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_every_page_opens_in_every_language(world: World, language: str) -> None:
    web = client(CITY, "issuing-clerk", language)
    for page in PAGES:
        answer = web.get(f"{HOME}{page}")
        assert answer.status_code == 200, page
        assert text(answer).count("<h1") == 1, page


def test_a_batch_is_formed_with_the_accounts_of_the_bank(world: World) -> None:
    web, given = client(CITY, "issuing-clerk"), accounts(2)
    asked = {"organization": CITY, "product": "SSC-2", "bank": BANK, "outlet": AGENCY, "site": "01"}
    wrong = web.post(f"{HOME}premade/form", {**asked, "quantity": 3, "bank_cards": "\n".join(given)})
    assert wrong.status_code == 422
    assert not Batch.objects.exists()
    done = web.post(f"{HOME}premade/form", {**asked, "quantity": 2, "bank_cards": "\r\n".join(given)})
    assert done.status_code == 302
    batch = Batch.objects.get()
    assert (batch.premade, batch.size, batch.bank_cards) == (True, 2, given)
    assert web.get(f"{HOME}batches/{batch.number}").status_code == 200


def test_the_stock_is_counted_and_handed_back_by_two(world: World) -> None:
    first, second = stocked(world, 2)
    web, leader = client(CITY, "issuing-clerk"), world.by(CITY, LEADER)
    asked = {"outlet": AGENCY, "organization": CITY, "product": "SSC-2", "counted": 2}
    assert web.post(f"{HOME}premade/count", asked).status_code == 302
    check(leader, TwoPersonAct.objects.get(act="cards.premade.count").pk)
    assert StockTake.objects.get().counted == 2
    back = {"outlet": AGENCY, "to": CITY, "cards": f" {first.code}\n\n", "document": "退卡单1"}
    assert web.post(f"{HOME}premade/move", back).status_code == 302
    check(leader, TwoPersonAct.objects.get(act="cards.premade.move").pk)
    spoiled = {"outlet": AGENCY, "cards": second.code, "why": "划伤"}
    assert web.post(f"{HOME}premade/spoil", spoiled).status_code == 302
    check(leader, TwoPersonAct.objects.get(act="cards.premade.spoil").pk)
    assert (card_of(first.pk).outlet.code, card_of(second.pk).plastic) == (CITY, "spoiled")
    assert "二代卡" in text(web.get(f"{HOME}premade"))
