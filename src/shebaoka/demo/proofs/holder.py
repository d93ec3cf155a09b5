"""What the holder does with the card: PIN, account load, purchase, and pulling the card out too early."""

from shebaoka.demo.proofs.act import ABROAD, HOME, ProofFailedError, check, refused_by
from shebaoka.demo.proofs.pulled import PulledOut
from shebaoka.demo.stage import Stage
from shebaoka.terminal import load, medical, pin, purchase
from shebaoka.terminal.errors import WrongPinError
from shebaoka.terminal.host import LoadHost, MemoryAccounts
from shebaoka.terminal.transactions import Amounts, InDoubtError, PendingPurchase
from shebaoka.terminal.vault_keys import VaultKeys

_INS_DEBIT_FOR_PURCHASE = 0x2C


def change_pin(stage: Stage) -> str:
    """CHANGE PIN; the old one no longer counts."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, stage.psam_keys(HOME)).open()
    old, new = card.pin, f"{(int(card.pin) + 1) % 1_000_000:06d}"
    pin.change(session, old, new, new)
    stage.pins[card.person.number] = new
    refusal = refused_by(WrongPinError, lambda: pin.verify(session, old))
    pin.verify(session, new)
    tries = getattr(refusal, "tries_left", None)
    return f"changed; the old PIN is refused ({tries} tries left), the new one is taken"


def card_without_pin(stage: Stage) -> str:
    """Whether a card needs a PIN, asked with an empty VERIFY."""
    needs, adult = stage.card(HOME, "2.0"), stage.card(ABROAD, "2.0")
    children = [card for card in stage.cards if not card.pin]
    free = children[0] if children else adult
    if not children:
        pin.remove(stage.terminal(ABROAD, adult, stage.psam_keys(ABROAD)).open(), stage.pin(adult))
    home = free.batch.region.data.code
    check(not stage.terminal(home, free, stage.psam_keys(home)).open().pin.set, "this card asks for no PIN")
    states = [stage.terminal(HOME, needs, stage.psam_keys(HOME)).open().pin for _ in range(2)]
    check(all(state.set for state in states), "this card asks for a PIN")
    check(states[0].tries == states[1].tries, "asking costs no try")
    whose = "a child's" if children else "one whose holder removed it"
    return f"{whose}: no; an adult's: yes, {states[0].tries} tries left, none spent by asking"


def load_and_spend(stage: Stage) -> str:
    """Account load at the host, then a consumption at a pharmacy."""
    card, keys = stage.card(HOME, "2.0"), stage.psam_keys(HOME)
    session = stage.terminal(HOME, card, keys).open()
    before = medical.balance(session, code=stage.pin(card))
    accounts = MemoryAccounts({session.identity: 50_000})
    host = LoadHost(VaultKeys(stage.region(HOME).city), accounts)
    load.load(session, 20_000, host)
    receipt = purchase.consume(session, Amounts(account=3_580, self_pay=1_200, pooled=6_400))
    check(receipt.verified is True, "the PSAM accepts the card's MAC2")
    after = medical.balance(session)
    check(after == before + 20_000 - 3_580, "balance = before + loaded - spent")
    check(accounts.balances[session.identity] == 30_000, "the host was debited once")
    entries = medical.log(session)
    check([entry.kind for entry in entries[:2]] == ["2", "1"], "the log has both, newest first")
    return (
        f"{_yuan(before)} + 200.00 - 35.80 = {_yuan(after)} yuan; both in the card's log, TACs for the host"
    )


def torn_purchase(stage: Stage) -> str:
    """The card is pulled out while it debits: once just before it writes, once just after."""
    seen = []
    for phase in ("before", "after"):
        card, keys = stage.card(ABROAD, "3.0"), stage.psam_keys(ABROAD)
        reader = PulledOut(stage.insert(card), _INS_DEBIT_FOR_PURCHASE, phase)
        terminal = stage.terminal(ABROAD, card, keys, reader)
        session = terminal.open()
        before = medical.balance(session, code=stage.pin(card))
        try:
            purchase.consume(session, Amounts(account=2_000))
        except InDoubtError as doubt:
            pending = doubt.pending
        else:
            raise ProofFailedError("the card was to be pulled out during DEBIT FOR PURCHASE")
        assert isinstance(pending, PendingPurchase)  # noqa: S101 - a load is never pending here
        receipt = terminal.recover_purchase(pending)
        after = medical.balance(terminal.open(session.identity), code=stage.pin(card))
        spent = before - after
        check(spent == (2_000 if phase == "after" else 0), "debited entirely or not at all")
        check((receipt is not None) == (spent > 0), "the proof of the card agrees with its balance")
        seen.append(
            f"pulled {phase} the write: {'debited once, TAC recovered' if receipt else 'nothing happened'}"
        )
    return "; ".join(seen)


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
