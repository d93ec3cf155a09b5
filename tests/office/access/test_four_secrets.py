"""The four secrets stay apart: enquiry password, card PIN, bank password, electronic card password. No table,
counter or reset of one is that of another; each pair is proven."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import Model

from office.access.holders import GOOD, OTHER
from office.cards.world import World, card_of, made, workshop
from office.conftest import NOW
from office.country import Country
from office.people.invented import both
from shebaoka.chip.store import load_image
from shebaoka.domain.card_secrets import secrets
from shebaoka.office.access import models as enquiry
from shebaoka.office.access import services as access
from shebaoka.office.access.choices import Proof as SecondProof
from shebaoka.office.access.services.resetting import Reset
from shebaoka.office.base.errors import Refusal
from shebaoka.office.base.records import writing
from shebaoka.office.cards import services
from shebaoka.office.cards.chip.pins import serve_pin
from shebaoka.office.cards.choices import Proof
from shebaoka.office.cards.models import Card, ElectronicCard, Event
from shebaoka.office.cards.production.listing import directory_of
from shebaoka.office.cards.services import PinService
from shebaoka.office.organizations.roles import acts
from shebaoka.office.people.models import Person

ID = Proof.IDENTITY
WRONG = "55081294"
HOMES: dict[str, tuple[type[Model], ...]] = {
    "enquiry": (
        enquiry.Account,
        enquiry.EarlierPassword,
        enquiry.Tally,
        enquiry.LetterCode,
        enquiry.ActivationCode,
        enquiry.SignInBegun,
        enquiry.PortalSession,
        enquiry.Passkey,
    ),
    "electronic": (ElectronicCard,),
    "pin": (),  # in the chip alone
    "bank": (),  # at the bank alone
}
"""Where a secret, what counts its failures and what resets it are kept."""
_SECRET = re.compile(r"(^|_)(password|passphrase|pin|hash|off|failures|tries|wait\w*)(_|$)")


@pytest.fixture
def holder(country: Country, tmp_path: Path) -> Iterator["Holder"]:
    with workshop(tmp_path):
        yield _holder(made(country, NOW, NOW.replace(hour=9)))


class Holder:
    """A person with a card that has both applications, an electronic card, and an enquiry password."""

    def __init__(self, world: World, card: Card) -> None:
        self.world = world
        self.card = card
        assert card.person is not None
        self.person: Person = card.person
        assert card.batch is not None
        self.image = directory_of(card.batch) / "cards" / f"{card.serial:08d}.card"

    def choose(self, password: str) -> None:
        """Her enquiry password, by the counter's code."""
        code = access.activation_code_make(self.world.clerk, person=self.person.pk)
        begun = access.recovery_begin(number=self.person.number)
        access.proof_give(begun.pk, proof=SecondProof.COUNTER, answer=code.code)
        access.password_choose(begun.pk, new=password, told=True)

    def pin(self, service: PinService, new: str = "", old: str = "") -> None:
        reader = self.world.reader(self.card)
        serve_pin(self.world.clerk, self.card, service, reader, proof=ID, old=old, new=new, again=new)

    def states(self) -> dict[str, bytes]:
        """Everything that is kept of each secret."""
        card = Card.objects.filter(pk=self.card.pk)
        at_bank = card.values_list("bank", "bank_before", "bank_body", "bank_card").get()
        return {
            "enquiry": _rows("enquiry"),
            "electronic": _rows("electronic"),
            "pin": repr(sorted(load_image(self.image).state.items())).encode(),
            "bank": repr(at_bank).encode(),
        }


def test_no_act_on_one_touches_another(holder: Holder) -> None:
    """Failing, changing, resetting each leaves what is kept of the three others as it was, byte for byte."""
    proven = set()
    for secret, steps in acts_on(holder).items():
        before = first = holder.states()
        for step in steps:
            step()
            after = holder.states()
            touched = {other for other in after if other != secret and after[other] != before[other]}
            assert touched == set(), (secret, step)
            before = after
        assert before[secret] != first[secret], f"{secret} was not acted on"
        proven |= {frozenset((secret, other)) for other in before if other != secret}
    assert proven == {frozenset(pair) for pair in combinations(secrets().secrets, 2)}
    assert len(proven) == 6


def acts_on(holder: Holder) -> dict[str, list[Callable[[], object]]]:
    """What can happen to each secret."""
    world, card, person = holder.world, holder.card, holder.person

    def failed(act: Callable[[], object]) -> Callable[[], None]:
        def step() -> None:
            with pytest.raises(Refusal):
                act()

        return step

    number = person.number
    return {
        "enquiry": [
            failed(lambda: access.sign_in(number=number, password=WRONG)),
            lambda: access.sign_in(number=number, password=GOOD),
            lambda: holder.choose(OTHER),
            lambda: both(world.country, "access.reset", Reset(person.pk, "980100-2026-V00001")),
        ],
        "pin": [
            lambda: holder.pin(PinService.CHANGE, "135790"),
            failed(lambda: holder.pin(PinService.CHANGE, "246802", "000000")),
            lambda: holder.pin(PinService.UNBLOCK),
            lambda: holder.pin(PinService.RESET, "246802"),
        ],
        "bank": [
            lambda: services.bank_activate(world.banker, card=card.pk, proof=ID),
            lambda: services.bank_lose(world.banker, card=card.pk, formal=False),
            lambda: services.bank_release(world.banker, card=card.pk),
        ],
        "electronic": [
            failed(lambda: services.electronic_qr(world.job(), person=person.pk, password="111222")),
            lambda: services.electronic_reset(world.clerk, person=person.pk, password="640193", proof=ID),
            lambda: services.electronic_close(world.clerk, person=person.pk, proof=ID),
        ],
    }


def test_one_secret_opens_no_other(holder: Holder) -> None:
    """The right value of one is a wrong one everywhere else."""
    holder.pin(PinService.CHANGE, "835207")  # as the electronic card's
    person = holder.person
    with pytest.raises(Refusal):
        access.sign_in(number=person.number, password="835207")
    with pytest.raises(Refusal):
        services.electronic_qr(holder.world.job(), person=person.pk, password=GOOD)
    with pytest.raises(Refusal):
        holder.pin(PinService.CHANGE, "246802", GOOD[:6])
    services.electronic_reset(holder.world.clerk, person=person.pk, password="640193", proof=ID)
    holder.pin(PinService.CHANGE, "246802", "835207")


def test_a_secret_is_kept_in_one_table_of_its_own() -> None:
    """A new column of a secret, a counter or a wait in people, cards or access is to be placed here."""
    home = {model: secret for secret, models in HOMES.items() for model in models}
    found = {
        (model, column)
        for model in apps.get_models()
        if model._meta.app_label in ("people", "cards", "access")
        for column in (field.name for field in model._meta.get_fields())
        if _SECRET.search(column)
    }
    elsewhere = {f"{model._meta.label}.{column}" for model, column in found if model not in home}
    assert elsewhere == {"people.Change.tries", "cards.Update.tries"}  # of sending and of writing to a chip
    assert {home[model] for model, _ in found if model in home} == {"enquiry", "electronic"}


def test_their_tables_do_not_know_each_other() -> None:
    for one, other in combinations(HOMES, 2):
        assert set(HOMES[one]).isdisjoint(HOMES[other])
        for model in (*HOMES[one], *HOMES[other]):
            known = {field.related_model for field in model._meta.get_fields()}
            strangers = HOMES[other] if model in HOMES[one] else HOMES[one]
            assert known.isdisjoint(strangers), model


def test_no_act_is_on_the_password_of_the_bank() -> None:
    """The bank keeps it; the office neither sets, checks nor resets it."""
    named = {name for name in acts() if "password" in name or "reset" in name or "pin" in name.split(".")}
    assert named
    assert {name for name in named if "bank" in name} == set()


def _holder(world: World) -> Holder:
    world.rule("enquiry.reset-to-initial", True)
    world.blanks()
    card = card_of(world.active()[0].pk)
    with writing("tests.bank"):
        Card.objects.filter(pk=card.pk).update(bank="opened", bank_body=world.bank, step=99)
        Event.objects.create(
            card=card, step=99, act="open", social="1", bank="opened", plastic="held", at=NOW, body=world.bank
        )
    holder = Holder(world, card_of(card.pk))
    services.electronic_open(world.clerk, person=holder.person.pk, password="835207", proof=ID)
    holder.choose(GOOD)
    return holder


def _rows(secret: str) -> bytes:
    return repr(
        [list(model._default_manager.order_by("pk").values_list()) for model in HOMES[secret]]
    ).encode()
