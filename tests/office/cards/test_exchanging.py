"""Files to banks and card makers and back, lists of employers: what fits is taken, nothing else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.cards.world import AGENCY, World
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.choices import Applicant
from shebaoka.office.cards.formats import p1, p2, p3
from shebaoka.office.cards.formats.records import Answer, Batch, FormatError, Outgoing
from shebaoka.office.cards.models import Application, ApplicationList
from shebaoka.office.cards.models import Batch as BatchRow
from shebaoka.office.cards.services import Approval, Format
from shebaoka.office.cards.services.exchanging import about, outgoing

ABOUT = Batch("98010001202603020001", "SSC-2", ("980100-B01", "示例银行"), ("01", "示例卡厂"), "示例甲市")
RECORD = Outgoing(2, "1", "c", "测试", "1", "01", "980101199001010013", "19900101", phone="13900000000")
PANS = ("6221234567890129", "6221234567890210", "6221234567890301")


def answers(good: bool = True) -> list[Answer]:
    return [
        Answer(n, "测试", f"98010119900101{n:04d}", good, "" if good else "证件过期", "", "") for n in (2, 3)
    ]


def test_p2_declares_its_own_length_and_counts_bytes_not_characters() -> None:
    assert p2.length(p2.SENT) == 589
    data = p2.written(ABOUT, [RECORD])
    head, line, end = data.split(b"\n")
    assert (head, end) == (b"SH0000000100000589FFFFFFFFFF", b"")
    assert len(line) == 589
    assert line[44:48] == "测试".encode("gbk")
    p2.written(ABOUT, [replace(RECORD, name="测" * 15)])
    with pytest.raises(FormatError, match=r"record 2, name: 32 bytes in GBK, 30 fit"):
        p2.written(ABOUT, [replace(RECORD, name="测" * 16)])
    with pytest.raises(FormatError, match="U\\+20000"):
        p2.written(ABOUT, [replace(RECORD, name="\U00020000")])


def test_p1_has_its_heads_and_refuses_bars() -> None:
    lines = p1.written(ABOUT, [RECORD]).decode("gbk").splitlines()
    assert lines[0].startswith("task_id|card_type|bank_id|recordcount|")
    assert lines[2] == "----------"
    assert lines[3].split("|")[3] == "1"
    assert lines[4].startswith("2|98010001202603020001|c||测试|1|01|")
    with pytest.raises(FormatError, match="bar"):
        p1.written(ABOUT, [replace(RECORD, name="a|b")])


@pytest.mark.parametrize(
    ("write", "read"),
    [(p1.reviewed, p1.read_reviewed), (p2.answered, p2.read_answered), (p3.answered, p3.read_answered)],
)
def test_a_return_is_read_as_it_was_written_and_not_when_anything_is_off(write, read) -> None:  # type: ignore[no-untyped-def]
    mixed = [replace(answers()[0], bank_card=PANS[0]), answers(good=False)[1]]
    data = write(ABOUT, mixed)
    assert read(data, ABOUT, 2) == mixed
    for wrong, expected, other in (
        (data, 3, ABOUT),
        (data, 2, replace(ABOUT, number="98010001202603020002")),
        (data[: len(data) // 2], 2, ABOUT),
        (write(ABOUT, [mixed[0], mixed[0]]), 2, ABOUT),
        (b"", 2, ABOUT),
    ):
        with pytest.raises(FormatError):
            read(wrong, other, expected)


@given(st.binary(max_size=400))
def test_no_file_from_outside_breaks_a_reader(data: bytes) -> None:
    for read in (p1.read_made, p1.read_reviewed, p2.read_answered, p3.read_answered):
        with pytest.raises(FormatError):
            read(data, ABOUT, 1)


@pytest.mark.parametrize("layout", [Format.P1, Format.P2, Format.P3])
def test_accounts_are_opened_before_cards_are_made(world: World, layout: Format) -> None:
    batch = world.formed(3, bank=True)
    with pytest.raises(Refusal) as refusal:
        world.two("cards.batch.approve", Approval(batch.pk, True))
    assert refusal.value.code == "cards.bank-first"
    name, content = services.bank_export(world.issuing, batch=batch.pk, format=layout)
    assert batch.number in name
    assert content
    people = outgoing(batch)
    told = [
        Answer(each.sequence, each.name, each.document, each is not people[1], "证件过期", bank_card=pan)
        for each, pan in zip(people, PANS, strict=True)
    ]
    write = {Format.P1: p1.reviewed, Format.P2: p2.answered, Format.P3: p3.answered}[layout]
    with pytest.raises(Refusal) as refusal:
        services.bank_import(
            world.issuing, batch=batch.pk, format=layout, content=write(about(batch), told[:2])
        )
    assert refusal.value.code == "cards.return-unfit"
    assert BatchRow.objects.get().status == "bank-out"
    told = [replace(each, bank_card="" if not each.good else each.bank_card) for each in told]
    found = services.bank_import(
        world.issuing, batch=batch.pk, format=layout, content=write(about(batch), told)
    )
    assert (found.status, found.size) == ("bank-back", 2)
    failed = Application.objects.get(status="failed")
    assert failed.why == "证件过期"
    world.blanks()
    card = world.make(world.prepare(found))[0]
    assert (card.bank, card.bank_card, card.bank_body) == ("opened", PANS[0], world.bank)
    services.application_retry(world.issuing, application=failed.pk)


def test_a_card_maker_says_which_cards_it_made(world: World) -> None:
    world.blanks()
    world.rule("cards.site-encryption", False)
    batch = world.prepared(2)
    name, content = services.site_export(world.issuing, batch=batch.pk, format=Format.P1)
    assert name.endswith("_s.txt")
    people = outgoing(batch)
    assert all(each.card_number.encode() in content for each in people)
    told = [
        Answer(each.sequence, each.name, each.document, n == 0, "", each.card_number)
        for n, each in enumerate(people)
    ]
    swapped = [
        replace(told[0], card_number=told[1].card_number),
        replace(told[1], card_number=told[0].card_number),
    ]
    for wrong in (told[:1], swapped):
        with pytest.raises(Refusal):
            services.site_import(
                world.issuing, batch=batch.pk, format=Format.P1, content=p1.made(about(batch), wrong)
            )
    services.site_import(world.issuing, batch=batch.pk, format=Format.P1, content=p1.made(about(batch), told))
    assert sorted(batch.cards.values_list("plastic", "social")) == [("made", "0"), ("spoiled", "6")]
    assert Application.objects.filter(status="failed").count() == 1


def test_a_list_takes_the_good_rows_and_says_what_is_wrong_with_the_others(world: World) -> None:
    people = [world.person() for _ in range(3)]
    world.applied(people[2])
    rows = [
        "姓名,社会保障号码",
        f"{people[0].name},{people[0].number}",
        f"别人,{people[1].number}",
        "无名,980101199001019999",
        f"{people[2].name},{people[2].number}",
        f"{people[0].name},{people[0].number}",
    ]
    content = "\n".join(rows).encode("gbk")
    found = services.list_take(
        world.clerk,
        agency=AGENCY,
        applicant=Applicant.SCHOOL,
        sender="示例学校",
        name="名单.csv",
        content=content,
        new=world.wanted(),
    )
    assert (found.rows, found.taken) == (5, 1)
    assert list(found.lines.order_by("row").values_list("row", "result", "problem")) == [
        (2, "taken", ""),
        (3, "refused", "cards.row-name"),
        (4, "refused", "cards.row-number"),
        (5, "refused", "cards.applied"),
        (6, "refused", "cards.applied"),
    ]
    with pytest.raises(Refusal):
        services.list_take(
            world.clerk,
            agency=AGENCY,
            applicant=Applicant.SCHOOL,
            sender="示例学校",
            name="again.csv",
            content=content,
            new=world.wanted(),
        )
    assert ApplicationList.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a,b\n1,2\n", b'"', "姓名\n测试".encode()])
def test_what_is_no_list_is_refused_whole(world: World, content: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        services.list_take(
            world.clerk,
            agency=AGENCY,
            applicant=Applicant.EMPLOYER,
            sender="x",
            name="x.csv",
            content=content,
            new=world.wanted(),
        )
    assert refusal.value.code == "cards.list-unfit"
    assert not ApplicationList.objects.exists()
