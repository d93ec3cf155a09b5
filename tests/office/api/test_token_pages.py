"""The pages of tokens: proposed, checked in words, made and shown once, withdrawn."""

import re

from django.test import Client

from office.api.world import ADMINISTRATOR, LEADER, ask
from office.cards.world import AGENCY, CITY, World
from office.pages import signed_in
from shebaoka.office.interfaces.models import Token
from shebaoka.office.organizations.models import TwoPersonAct

HOME = "/desk/interfaces/"
ANSWERS = {
    "organization": AGENCY,
    "scopes": ["downloads", "cards.verify"],
    "name": "医保结算",
    "until": "2026-06-30",
    "per_minute": "60",
    "employer": "",
    "reason": "上线",
    "_answered": ["whose", "scopes", "token", "reason"],
    "_act": "confirm",
}


def text(answer: object) -> str:
    content: bytes = answer.content  # type: ignore[attr-defined]
    return content.decode()


def registered(city: World) -> tuple[Client, Client, Token]:
    administrator, leader = (signed_in(city.country, CITY, role) for role in (ADMINISTRATOR, LEADER))
    assert administrator.post(f"{HOME}add", ANSWERS).status_code == 302
    waiting = TwoPersonAct.objects.get(act="interfaces.token.add")
    page = text(leader.get(f"/desk/acts/{waiting.pk}"))
    assert "Download blacklists and parameters (signed card blacklists" in page
    assert "示例甲市经办机构" in page
    leader.post(f"/desk/acts/{waiting.pk}", {"digest": waiting.digest, "decision": "yes"})
    return administrator, leader, Token.objects.get()


def test_a_token_from_the_first_question_to_its_end(city: World) -> None:
    administrator, leader, made = registered(city)
    assert "Not made yet" in text(administrator.get(HOME))
    page = text(administrator.post(f"{HOME}{made.pk}/token"))
    found = re.search(r"sbk_[\w-]{43}", page)
    assert found is not None
    ask(found[0], "v1/blacklists")
    listed = text(administrator.get(HOME))
    assert "In use" in listed
    assert found[0] not in listed
    assert leader.get(f"{HOME}{made.pk}/token").status_code == 403
    assert leader.post(f"{HOME}{made.pk}/withdraw", {"why": "停用"}).status_code == 302
    ask(found[0], "v1/blacklists", status=401)
    assert "Withdrawn" in text(administrator.get(HOME))


def test_who_has_no_part_in_it_sees_nothing(city: World) -> None:
    clerk = signed_in(city.country, CITY, "organizations.issuing-clerk")
    assert clerk.get(HOME).status_code == 403
    far = signed_in(city.country, "990100", ADMINISTRATOR)
    *_, made = registered(city)
    assert made.name not in text(far.get(HOME))
    assert far.post(f"{HOME}{made.pk}/token").status_code == 404
    made.refresh_from_db()
    assert made.token == ""


TITLES = {"zh-hans": "接口令牌", "en": "Interface tokens", "es": "Tokens de la interfaz"}


def test_every_page_in_three_languages(city: World) -> None:
    *_, made = registered(city)
    for language, title in TITLES.items():
        client = signed_in(city.country, CITY, ADMINISTRATOR, language=language)
        assert f"<h1>{title}</h1>" in text(client.get(HOME))
        for page in ("add", f"{made.pk}", f"{made.pk}/token", f"{made.pk}/withdraw"):
            assert client.get(f"{HOME}{page}").status_code == 200
