"""Account load (帐户划入, Part 7 §11): money from the person's account at the host onto the card."""

from typing import Protocol

from shebaoka.codec.apdu import Command
from shebaoka.reader.base import Reader
from shebaoka.spec import sw
from shebaoka.terminal import medical
from shebaoka.terminal.errors import NoCardError, PaymentRefusedError, StatusWordError
from shebaoka.terminal.preprocess import identify
from shebaoka.terminal.session import Session, send
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.transactions import (
    InDoubtError,
    LoadApproval,
    LoadReceipt,
    LoadRequest,
    PendingLoad,
    check_amount,
)

_KEY_INDEX = 0x01
_INIT_REFUSALS = {
    sw.COUNTER_MAX: "counter-at-maximum",
    sw.KEY_INDEX: "key-index-unknown",
    sw.CONDITIONS: "load-conditions",
}


class LoadAuthority(Protocol):
    """The host of the load: :class:`shebaoka.terminal.host.LoadHost`, or a connection to one."""

    def authorize(self, request: LoadRequest) -> LoadApproval:
        """Check MAC1, debit the account, make MAC2. Raises HostRefusedError; then nothing was debited."""
        ...

    def confirm(self, reference: str, tac: bytes) -> None:
        """The card has credited."""
        ...

    def reverse(self, reference: str, reason: str) -> None:
        """The card has not credited: give the money back."""
        ...


def load(
    session: Session,
    amount: int,
    host: LoadAuthority,
    *,
    code: str | None = None,
    check_mode: bool = True,
) -> LoadReceipt:
    """Load ``amount`` fen. Raises PaymentRefusedError, HostRefusedError, PinError: nothing was changed, and
    what the host had debited is reversed; InDoubtError: the card did not answer CREDIT, recover it."""
    check_amount(amount)
    medical.enter(session, code, check_mode=check_mode)
    request = _initialize(session, amount)
    approval = host.authorize(request)
    pending = PendingLoad(session.identity, request.counter, amount, approval)
    credit = Command(0xB0, 0x2A, 0x00, 0x00, bytes.fromhex(approval.time) + approval.mac2, 4)
    try:
        answer = send(session, credit, "CREDIT FOR LOAD", accept=(sw.OK, sw.MAC_INVALID))
    except NoCardError as error:
        raise InDoubtError(pending) from error
    except StatusWordError as error:
        return _after_refusal(session, pending, host, error)
    if answer.sw == sw.MAC_INVALID:
        host.reverse(approval.reference, "the card answered 9302: MAC2 invalid")
        raise PaymentRefusedError("load-mac2-refused")
    host.confirm(approval.reference, answer.data)
    return LoadReceipt(pending, answer.data)


def recover(
    reader: Reader, settings: Settings, pending: PendingLoad, host: LoadAuthority
) -> LoadReceipt | None:
    """After re-insertion: the receipt when the card did credit; None when nothing happened (9406), and the
    host has reversed its debit. Raises CardChangedError, NoCardError; ``pending`` then stays open."""
    session = identify(reader, None, settings, expected=pending.identity)
    proof = medical.proof(session, medical.LOAD, pending.counter)
    if proof is None:
        host.reverse(pending.approval.reference, "the card shows no such load (9406)")
        return None
    host.confirm(pending.approval.reference, proof[4:])
    return LoadReceipt(pending, proof[4:])


def _after_refusal(
    session: Session, pending: PendingLoad, host: LoadAuthority, error: StatusWordError
) -> LoadReceipt:
    """An unexpected status word leaves open whether the card credited: the proof decides. Raises ``error``
    after the reversal, InDoubtError when the card no longer answers."""
    try:
        proof = medical.proof(session, medical.LOAD, pending.counter)
    except NoCardError:
        raise InDoubtError(pending) from error
    except StatusWordError:
        proof = None
    if proof is None:
        host.reverse(pending.approval.reference, f"the card answered {error.sw:04X}")
        raise error
    host.confirm(pending.approval.reference, proof[4:])
    return LoadReceipt(pending, proof[4:])


def _initialize(session: Session, amount: int) -> LoadRequest:
    terminal = session.keys.terminal_number() if session.keys else "0" * 12
    data = bytes((_KEY_INDEX,)) + amount.to_bytes(4) + bytes.fromhex(terminal)
    command = Command(0xB0, 0x28, 0x00, 0x01, data, 16)
    answer = send(session, command, "INITIALIZE FOR LOAD", accept=(sw.OK, *_INIT_REFUSALS))
    if answer.sw != sw.OK:
        raise PaymentRefusedError(_INIT_REFUSALS[answer.sw])
    raw = answer.data
    if len(raw) != 16:
        raise PaymentRefusedError("answer-length", command="INITIALIZE FOR LOAD", length=len(raw))
    return LoadRequest(
        identity=session.identity,
        factors=session.factors,
        amount=amount,
        kind=medical.type_byte(session, medical.LOAD),
        terminal=terminal,
        balance=int.from_bytes(raw[:4]),
        counter=int.from_bytes(raw[4:6]),
        key_version=raw[6],
        random=raw[8:12],
        mac1=raw[12:16],
    )
