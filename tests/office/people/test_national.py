"""The national base, played by a second instance over HTTP: asked before issuing, told at once, compared."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import msgspec
import pytest

from office.conftest import NOW
from office.country import Country
from office.people.invented import clerk, enroll, number, settle
from shebaoka.office.base import clock
from shebaoka.office.base.errors import Refusal
from shebaoka.office.people import hooks
from shebaoka.office.people.choices import Outcome
from shebaoka.office.people.models import Change, Difference, Duplicate, Person
from shebaoka.office.people.national.asking import Answer, ask_before_issuing
from shebaoka.office.people.national.base import BaseUnreachableError, Entry, NoBase
from shebaoka.office.people.national.client import HttpBase
from shebaoka.office.people.national.playing import Player
from shebaoka.office.people.national.reconciling import reconcile
from shebaoka.office.people.national.sending import send
from shebaoka.office.people.services import (
    Contact,
    Settlement,
    difference_settle,
    person_update_contact,
)

TOKEN = "TEST-ONLY-national"


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its base's name
        return


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def player() -> Iterator[tuple[Player, HttpBase]]:
    """The second instance, and the way to it."""
    playing = Player(TOKEN)
    with make_server("127.0.0.1", 0, playing, server_class=Server, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield playing, HttpBase(f"http://127.0.0.1:{server.server_port}/base", TOKEN)
        server.shutdown()


def test_what_changes_is_told_once(country: Country, player: tuple[Player, HttpBase]) -> None:
    playing, base = player
    person = enroll(country, "王𠮷")
    assert send(base) == 1
    assert playing.entries[person.number].name == "王𠮷"
    assert Person.objects.get().national_id == "N00000000001"
    assert send(base) == 0
    person_update_contact(clerk(country), person=person.pk, contact=Contact(phone="13900000001"))
    assert playing.entries[person.number].phone == ""
    assert send(base) == 1
    assert playing.entries[person.number].phone == "13900000001"
    address = Contact(phone="13900000001", address="另一处")
    person_update_contact(clerk(country), person=person.pk, contact=address)
    assert not Change.objects.filter(sent_at=None).exists()


def test_a_refused_act_leaves_nothing_to_be_told(country: Country) -> None:
    enroll(country)
    with pytest.raises(Exception, match="number"):
        enroll(country)
    assert Change.objects.count() == 1


def test_a_base_that_does_not_answer_is_tried_again(
    country: Country, player: tuple[Player, HttpBase]
) -> None:
    _, base = player
    enroll(country)
    assert send(NoBase()) == 0
    waiting = Change.objects.get()
    assert (waiting.tries, waiting.next_at) == (1, NOW + timedelta(minutes=1))
    assert send(base) == 0
    with clock.at(NOW + timedelta(minutes=2)):
        assert send(HttpBase("http://127.0.0.1:9/base", TOKEN)) == 0
        assert Change.objects.get().next_at == NOW + timedelta(minutes=4)
    with clock.at(NOW + timedelta(minutes=5)):
        assert send(base) == 1
    assert Change.objects.get().error == ""


def test_a_wrong_token_or_address(player: tuple[Player, HttpBase]) -> None:
    _, base = player
    wrong = HttpBase(f"http://127.0.0.1:{base._port}/base", "other")
    with pytest.raises(BaseUnreachableError, match="401"):
        wrong.find(number(), "张伟")
    with pytest.raises(ValueError, match="https"):
        HttpBase("http://example.org/base", TOKEN)
    assert TOKEN not in repr(base)


def entry(**values: str) -> Entry:
    known = Entry(
        number=number(),
        name="张伟",
        document_type="01",
        document_number=number(),
        sex="1",
        nation="",
        birth="19900307",
        nationality="CHN",
        phone="",
        region="980100",
    )
    return msgspec.structs.replace(known, **values)


@pytest.mark.parametrize(
    ("known", "answer"),
    [
        (None, Answer(True)),
        (entry(), Answer(True)),
        (entry(name="王伟"), Answer(True, other_name=True)),
        (entry(died_on="20250101"), Answer(True, dead=True)),
        (entry(card_state="1", region="980200"), Answer(True, live_card_in="980200")),
        (entry(card_state="9", region="980200"), Answer(True)),
    ],
)
def test_asked_before_issuing(
    country: Country, player: tuple[Player, HttpBase], known: Entry | None, answer: Answer
) -> None:
    playing, base = player
    if known:
        playing.put([known])
    person = enroll(country)
    assert ask_before_issuing(person, base) == answer
    assert ask_before_issuing(person, HttpBase("http://127.0.0.1:9/base", TOKEN)) == Answer(False)
    assert answer.in_same_province("980100") == (answer.live_card_in != "")
    assert not answer.in_same_province("990100")


def test_differences_are_explained_mended_or_shown(country: Country, player: tuple[Player, HttpBase]) -> None:
    playing, base = player
    city = country.organizations["980100"]
    same, other, lost, waits = (
        enroll(country, name, number=number(sequence=at * 40 + 1))
        for at, name in enumerate(("赵一", "钱二", "孙三", "李四"))
    )
    send(base)
    playing.entries[other.number] = msgspec.structs.replace(playing.entries[other.number], name="钱贰")
    del playing.entries[lost.number]
    playing.put([entry(number=number(sequence=777), name="周五")])
    person_update_contact(clerk(country), person=waits.pk, contact=Contact(phone="1"))
    assert reconcile(city, base) == {"missing_there": 1, "missing_here": 1, "differs": 2}
    told = {(each.number, each.kind): (each.fields, each.explanation) for each in Difference.objects.all()}
    assert told == {
        (other.number, "differs"): (["name"], "sent-again"),
        (lost.number, "missing-there"): ([], "sent-again"),
        (number(sequence=777), "missing-here"): ([], ""),
        (waits.number, "differs"): (["phone"], "waits"),
    }
    send(base)
    assert reconcile(city, base) == {"missing_there": 0, "missing_here": 1, "differs": 0}
    assert list(Difference.objects.filter(resolved_at=None).values_list("kind", flat=True)) == [
        "missing-here"
    ]
    assert playing.entries[same.number].name == "赵一"


def test_a_merged_entry_and_the_state_of_a_card_are_told(
    country: Country, player: tuple[Player, HttpBase]
) -> None:
    playing, base = player
    one = enroll(country)
    enroll(country, number=number(sequence=3))
    settle(country, Settlement(Duplicate.objects.get().pk, Outcome.MERGED, "同一人"))

    def states(people: object) -> dict[object, str]:
        return {one.pk: "1"}

    hooks.CARD_STATES.append(states)  # type: ignore[arg-type]
    try:
        send(base)
    finally:
        hooks.CARD_STATES.remove(states)  # type: ignore[arg-type]
    assert playing.entries[number(sequence=3)].merged_into == one.number
    assert playing.entries[one.number].card_state == "1"


def test_a_settled_difference_is_shown_again_only_when_it_is_another(
    country: Country, player: tuple[Player, HttpBase]
) -> None:
    playing, base = player
    city = country.organizations["980100"]
    playing.put([entry(number=number(sequence=777), name="周五")])
    reconcile(city, base)
    found = Difference.objects.get()
    supervisor = country.actor("980100", "people.counter-supervisor")
    with pytest.raises(Refusal):
        difference_settle(supervisor, difference=found.pk, why=" ")
    with pytest.raises(Refusal):
        difference_settle(country.actor("990100", "people.counter-supervisor"), difference=found.pk, why="x")
    assert Difference.objects.get().resolved_at is None
    settled = difference_settle(supervisor, difference=found.pk, why="国家库已通知删除")
    assert settled.explanation == "settled"
    reconcile(city, base)
    assert Difference.objects.count() == 1
    with pytest.raises(Refusal):
        difference_settle(supervisor, difference=found.pk, why="again")
