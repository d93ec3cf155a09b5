"""What the terminal proves with the cards just made. Each proof gives what was seen, or raises."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from shebaoka.demo.report import Group, Outcome, Table
from shebaoka.demo.stage import Stage, slot
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal import load, medical, pin, purchase
from shebaoka.terminal.content import FileReading
from shebaoka.terminal.errors import (
    StatusWordError,
    TerminalError,
    WrongPinError,
    WrongRegionError,
)
from shebaoka.terminal.host import LoadHost, MemoryAccounts
from shebaoka.terminal.reading import all_files, read_file, read_files
from shebaoka.terminal.rights import Route
from shebaoka.terminal.transactions import Amounts, InDoubtError, PendingPurchase
from shebaoka.terminal.updating import Change, update
from shebaoka.terminal.vault_keys import VaultKeys

HOME, ABROAD = "98", "99"
_INS_DEBIT_FOR_PURCHASE = 0x2C


class ProofFailedError(AssertionError):
    """Something that must hold does not; says what."""


@dataclass(frozen=True)
class Act:
    """A proof to be given: title, whether it must end in a refusal, and what to do."""

    title: str
    play: Callable[[Stage], str]
    outcome: Outcome = Outcome.OK


def check(holds: bool, what: str) -> None:
    """Raises ProofFailedError with ``what`` unless it holds."""
    if not holds:
        raise ProofFailedError(what)


def refused_by(error: type[TerminalError], act: Callable[[], object]) -> TerminalError:
    """The refusal that ``act`` ends in. Raises ProofFailedError when it succeeds."""
    try:
        act()
    except error as refusal:
        return refusal
    raise ProofFailedError(f"this must be refused ({error.__name__}) and was not")


def read_without_keys(stage: Stage) -> str:
    """Only what is free."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, None).open()
    found, failed = read_files(session, all_files(session))
    check(bool(found) and bool(failed), "some files are free, others are not")
    return f"{len(found)} of {len(found) + len(failed)} files are free to read; {len(failed)} stay closed"


def read_with_pin(stage: Stage) -> str:
    """With the holder's PIN at a terminal that has no keys at all."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, None).open()
    found, failed = read_files(session, all_files(session), code=card.pin)
    return f"{len(found)} files at a terminal without keys; still closed: {_names(failed)}"


def read_with_national_keys(stage: Stage) -> str:
    """With national keys (6x) of a PSAM, no PIN."""
    return _read_with_keys(stage, local=False)


def read_with_local_keys(stage: Stage) -> str:
    """With city keys (2x) of a PSAM, no PIN."""
    return _read_with_keys(stage, local=True)


def _read_with_keys(stage: Stage, *, local: bool) -> str:
    card = stage.card(HOME, "2.0")
    keys = stage.psam_keys(HOME, local=local)
    session = stage.terminal(HOME, card, keys).open()
    found, failed = read_files(session, all_files(session), route=Route.KEY)
    origin = keys.origin(session.key("RK1DF01"), session.factors)
    return f"{len(found)} files without a PIN, keys from {origin}; still closed: {_names(failed)}"


def read_with_vault(stage: Stage) -> str:
    """With the ministry's vault behind the terminal: three diversifications away from the card."""
    card = stage.card(HOME, "3.0")
    session = stage.terminal(HOME, card, VaultKeys(stage.the_world().ministry)).open()
    found, failed = read_files(session, all_files(session), route=Route.KEY)
    return f"{len(found)} files of an SM4 card, keys of the ministry; still closed: {_names(failed)}"


def read_everything(stage: Stage) -> str:
    """PIN and keys together: all files, as a table."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, stage.psam_keys(HOME)).open()
    found, failed = read_files(session, all_files(session), code=stage.pin(card))
    check(not failed, f"every file can be read; these could not: {_names(failed)}")
    stage.content = content_table(found.values(), f"Content of card {card.card_number}")
    items = sum(1 for reading in found.values() for item in reading.items() if item.shown())
    broken = [item for reading in found.values() for item in reading.items() if item.problem]
    check(not broken, "every item decodes")
    name = found["SSSE", 0xEF06].value(0x09)
    check(name == card.person.name, "the name on the card is the name of the list")
    return f"all {len(found)} files, {items} items with a value, each decoded"


def change_pin(stage: Stage) -> str:
    """CHANGE PIN; the old one no longer counts."""
    card = stage.card(HOME, "2.0")
    session = stage.terminal(HOME, card, stage.psam_keys(HOME)).open()
    old, new = card.pin, f"{(int(card.pin) + 1) % 1_000_000:06d}"
    pin.change(session, old, new, new)
    stage.pins[card.card_number] = new
    refusal = refused_by(WrongPinError, lambda: pin.verify(session, old))
    pin.verify(session, new)
    tries = getattr(refusal, "tries_left", None)
    return f"changed; the old PIN is refused ({tries} tries left), the new one is taken"


def card_without_pin(stage: Stage) -> str:
    """Whether a card needs a PIN, asked with an empty VERIFY."""
    cards = [card for card in stage.cards if not card.pin]
    check(bool(cards), "the list has children, whose cards have no PIN")
    card = cards[0]
    home = card.batch.region.data.code
    session = stage.terminal(home, card, stage.psam_keys(home)).open()
    check(not session.pin.set, "a child's card asks for no PIN")
    other = stage.card(HOME, "2.0")
    state = stage.terminal(HOME, other, stage.psam_keys(HOME)).open().pin
    return f"a child's card: no; an adult's: yes, {state.tries} tries left, none spent by asking"


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
        reader = PulledOut(slot(card), _INS_DEBIT_FOR_PURCHASE, phase)
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


def read_abroad(stage: Stage) -> str:
    """A card of one province in a terminal of the other."""
    card, keys = stage.card(HOME, "2.0"), stage.psam_keys(ABROAD)
    session = stage.terminal(ABROAD, card, keys).open()
    found, _ = read_files(session, all_files(session), route=Route.KEY)
    check(("DF03", 0xEF07) in found, "the pension file can be read everywhere")
    home = stage.region(HOME).data.name
    origin = keys.origin(session.key("RK1DF03"), session.factors)
    return f"a card of {home}: genuine, {len(found)} files read with national keys ({origin})"


def write_abroad(stage: Stage) -> str:
    """The other province's own key: the terminal refuses, and were it not to, the card would."""
    card = stage.card(HOME, "2.0", 2)
    change = [Change("DF01", 0xEF09, 0x2E, "某某公司")]
    guarded = stage.terminal(ABROAD, card, stage.psam_keys(ABROAD)).open()
    refusal = refused_by(TerminalError, lambda: update(guarded, change))
    blind = stage.terminal(ABROAD, card, stage.psam_keys(ABROAD, guard=False)).open()
    by_card = refused_by(TerminalError, lambda: update(blind, change))
    check(isinstance(by_card, StatusWordError), "without the guard the card itself refuses")
    assert isinstance(by_card, StatusWordError)  # noqa: S101 - for the type checker
    return f"{_reason(refusal)} Were the terminal to try, the card would answer {by_card.sw:04X}."


def local_psam_abroad(stage: Stage) -> str:
    """A PSAM with city keys only cannot even ask the card whether it is genuine."""
    card = stage.card(HOME, "3.0")
    terminal = stage.terminal(ABROAD, card, stage.psam_keys(ABROAD, local=True))
    refusal = refused_by(TerminalError, terminal.open)
    check(isinstance(refusal, WrongRegionError), "the refusal names the region")
    return refusal.text()


def own_file(stage: Stage) -> str:
    """The city's own application on the card: written with the city's key, read with the PIN."""
    card, keys = stage.card(ABROAD, "3.0"), stage.psam_keys(ABROAD)
    session = stage.terminal(ABROAD, card, keys).open()
    reader = [
        Change("DF0A", 0xEF0C, 0x01, "990100003218"),
        Change("DF0A", 0xEF0C, 0x02, "2"),
        Change("DF0A", 0xEF0C, 0x03, "20301231"),
        Change("DF0A", 0xEF0C, 0x04, 10_000),
    ]
    update(session, reader)
    again = stage.terminal(ABROAD, card, keys).open()
    reading = read_file(again, "DF0A", 0xEF0C, code=stage.pin(card), route=Route.PIN)
    check(reading.value(0x01) == "990100003218", "what was written is read")
    origin = keys.origin(session.key("UK1DF0A"), session.factors)
    shown = ", ".join(f"{item.item.name.zh} {item.shown('zh')}" for item in reading.items())
    return f"{reading.file.name.zh} written with UK1DF0A ({origin}), read with the PIN: {shown}"


def own_file_elsewhere(stage: Stage) -> str:
    """Another city's PSAM does not hold the key of that file."""
    card = stage.card(ABROAD, "3.0")
    home = stage.terminal(ABROAD, card, stage.psam_keys(HOME)).open()
    change = [Change("DF0A", 0xEF0C, 0x01, "980100000001")]
    return _reason(refused_by(TerminalError, lambda: update(home, change)))


ACTS = (
    Act("Read a card without any key", read_without_keys),
    Act("Read it with the holder's PIN", read_with_pin),
    Act("Read it with a PSAM's national keys", read_with_national_keys),
    Act("Read it with a PSAM's city keys", read_with_local_keys),
    Act("Read an SM4 card with the ministry's vault", read_with_vault),
    Act("Change the PIN", change_pin),
    Act("Ask whether a card needs a PIN", card_without_pin),
    Act("Load the medical account and spend from it", load_and_spend),
    Act("Pull the card out during a purchase and recover", torn_purchase),
    Act("Read all files with PIN and keys", read_everything),
    Act("Read a card of one province in the other", read_abroad),
    Act("Write to it with the other province's key", write_abroad, Outcome.REFUSED),
    Act("Open it with the other city's local PSAM", local_psam_abroad, Outcome.REFUSED),
    Act("Write and read the city's own file", own_file),
    Act("Write that file with another city's PSAM", own_file_elsewhere, Outcome.REFUSED),
)


class PulledOut:
    """A reader whose card loses power at the first write of the first command with instruction ``ins``:
    ``before`` or ``after`` it."""

    def __init__(self, reader: InProcessReader, ins: int, phase: str) -> None:
        self._reader, self._ins, self._phase = reader, ins, phase
        self._armed = True
        self.controls = reader.controls

    def reset(self) -> bytes:
        """Put the card back in."""
        return self._reader.reset()

    def transmit(self, apdu: bytes) -> bytes:
        """One command. Raises ReaderError when the power went."""
        if self._armed and len(apdu) > 1 and apdu[1] == self._ins:
            self._armed = False
            self._reader.controls.tear(1, self._phase)
        return self._reader.transmit(apdu)

    def close(self) -> None:
        """Power off."""
        self._reader.close()


def content_table(readings: Iterable[FileReading], caption: str) -> Table:
    """Decoded files: a group of rows for each, empty items left out."""
    groups = []
    for reading in readings:
        file = reading.file
        rows = []
        if reading.data:
            used = len(reading.data.rstrip(b"\x00"))
            rows.append(("", file.name.en, "", f"{used} of {len(reading.data)} bytes used"))
        for record in reading.records:
            for item in record.items:
                if shown := item.shown("en"):
                    tag = f"{item.item.tag:02X}" if item.item.tag else str(record.number)
                    rows.append((tag, item.item.name.en, item.item.name.zh, shown))
        title = f"{reading.directory} {file.id} {file.name.zh} {file.name.en} (read: {file.read})"
        groups.append(Group(title, tuple(rows) or (("", "nothing recorded", "", ""),)))
    return Table("What is on a card", ("Tag", "Item", "数据项", "Value"), tuple(groups), caption)


def _names(failed: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{directory} {fid:04X}" for directory, fid in failed) or "nothing"


def _reason(refusal: TerminalError) -> str:
    """Why a condition could not be fulfilled, without repeating the condition."""
    reasons = refusal.details.get("reasons")
    return str(reasons[0]) if isinstance(reasons, tuple) and reasons else refusal.text()


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
