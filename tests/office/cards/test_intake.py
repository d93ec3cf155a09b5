"""Cards of a replaced system come beside their holders, with their states; a wrong one holds nothing up."""

from pathlib import Path

from office.cards.world import World
from personalization.support import id_number
from shebaoka.domain.card_number import card_number
from shebaoka.office.base.ids import new_id
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.intake import states
from shebaoka.office.cards.models import Card
from shebaoka.office.cards.production.numbers import DatabaseNumbers
from shebaoka.office.people.choices import Source
from shebaoka.office.people.models import Person
from shebaoka.office.people.services import people_import

HEAD = "社会保障号码,姓名,性别,民族,卡号,卡识别码,复位信息,卡状态,发卡日期,卡有效期,银行卡号"


def line(n: int, state: str = "正常", code: str = "", number: str = "") -> str:
    code = code or f"980100D156000005{n:08d}FFFFFFFF"
    reset = f"3B6D000000810102031234980100{n:06d}"
    number = number or card_number(f"C{n:07d}")
    return (
        f"{id_number(n)},测试,{'男' if n % 2 else '女'},汉,{number},{code},{reset},{state},20200102,20300101,"
    )


def test_cards_in_use_come_with_their_states(world: World, tmp_path: Path) -> None:
    rows = [
        HEAD,
        line(11),
        line(12, "口头挂失"),
        line(13, "注销"),
        line(14, "奇怪"),
        line(15, code="00" * 16),
    ]
    rows += [line(16, number="C0000016?"), line(17, code="980100D15600000500000011FFFFFFFF")]
    path = tmp_path / "cards.csv"
    path.write_text("\n".join(rows), "utf-8")
    load = people_import(world.job(), agency=world.agency, path=path, source=Source.REPLACED)
    assert load.taken == 7
    assert Person.objects.count() == 7
    found = {card.serial: (card.social, card.plastic) for card in Card.objects.all()}
    assert found == {11: ("1", "held"), 12: ("4", "held"), 13: ("9", "gone")}
    lost = Card.objects.get(serial=12)
    services.loss_release(world.clerk, card=lost.pk, proof=Proof.IDENTITY)
    lost.refresh_from_db()
    assert lost.social == "1"
    assert DatabaseNumbers().reserve(str(new_id()), 0, "9801", 1) == range(14, 15)


def test_every_text_means_a_state() -> None:
    assert set(states().values()) == set("012349")
