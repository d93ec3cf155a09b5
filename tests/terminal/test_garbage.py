"""A card or PSAM that answers nonsense: every flow succeeds or ends in a TerminalError, nothing else."""

import random
from collections.abc import Callable
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from shebaoka.reader.base import Reader, ReaderError
from shebaoka.reader.in_process import InProcessReader
from shebaoka.terminal import medical, pin
from shebaoka.terminal.applications import applications
from shebaoka.terminal.blocking import block_application, block_card
from shebaoka.terminal.check import check_card
from shebaoka.terminal.errors import TerminalError
from shebaoka.terminal.host import LoadHost, MemoryAccounts
from shebaoka.terminal.load import load
from shebaoka.terminal.psam_keys import PsamKeys
from shebaoka.terminal.purchase import consume
from shebaoka.terminal.reading import all_files, read_files
from shebaoka.terminal.rights import Route
from shebaoka.terminal.session import Session
from shebaoka.terminal.settings import Settings
from shebaoka.terminal.terminal import Terminal
from shebaoka.terminal.transactions import Amounts, InDoubtError, PendingLoad
from shebaoka.terminal.updating import Change, update
from terminal.support import IDENTITY, NOW, OFFLINE, PIN, chip, merged, psam, vault_keys

CARD = merged(dict(OFFLINE), {"medical": {"balance": 5_000}})
WORDS = ("9000", "6100", "6C05", "63C0", "6983", "6982", "6A82", "6A83", "6A88", "9302", "9303", "6F00", "")


class Nonsense:
    """Answers wrongly now and then: other words, cut or longer data, silence."""

    def __init__(self, inner: Reader, source: random.Random, rate: float) -> None:
        self._inner, self._source, self._rate = inner, source, rate

    def reset(self) -> bytes:
        return self._wrong(self._inner.reset())

    def transmit(self, apdu: bytes) -> bytes:
        return self._wrong(self._inner.transmit(apdu))

    def close(self) -> None:
        self._inner.close()

    def _wrong(self, answer: bytes) -> bytes:
        pick = self._source
        if pick.random() > self._rate:
            return answer
        match pick.randrange(5):
            case 0:
                raise ReaderError("silence")
            case 1:
                return answer[: pick.randrange(len(answer) + 1)]
            case 2:
                return answer[:-2] + bytes.fromhex(pick.choice(WORDS))
            case 3:
                return pick.randbytes(pick.randrange(40)) + b"\x90\x00"
            case _:
                damaged = bytearray(answer or b"\x00")
                damaged[pick.randrange(len(damaged))] ^= pick.randrange(1, 256)
                return bytes(damaged)


@given(st.integers(0, 2**32), st.sampled_from([0.02, 0.1, 0.5]), st.booleans())
@settings(max_examples=40, deadline=None)
def test_nonsense_never_becomes_an_unexpected_error(seed: int, rate: float, through_psam: bool) -> None:
    source = random.Random(seed)
    user, module = chip("card-2.0-3des", CARD), psam("3des", "nation")
    card: Reader = InProcessReader(user)
    sam: Reader = InProcessReader(module)
    if through_psam:
        sam = Nonsense(sam, source, rate)
    else:
        card = Nonsense(card, source, rate)
    terminal = Terminal(card, PsamKeys(sam), Settings(clock=lambda: NOW))
    host = LoadHost(vault_keys(), MemoryAccounts({IDENTITY: 10_000}), lambda: NOW)
    flows: list[Callable[[Session], object]] = [
        lambda s: read_files(s, all_files(s), code=PIN, route=Route.KEY),
        lambda s: update(s, [Change("DF01", 0xEF07, 0x29, "1"), Change("SSSE", 0xEF06, 0x0A, "2")]),
        lambda s: load(s, 100, host, code=PIN),
        lambda s: consume(s, Amounts(10, 5, 5), code=PIN),
        lambda s: medical.log(s, code=PIN),
        lambda s: medical.totals(s, code=PIN),
        lambda s: pin.reload(s, PIN, PIN),
        applications,
        lambda s: block_application(s, "DF04"),
        block_card,
    ]
    told: list[TerminalError] = []
    for flow in flows:
        try:
            flow(terminal.open())
        except InDoubtError as error:
            with suppress(TerminalError):
                if isinstance(error.pending, PendingLoad):
                    terminal.recover_load(error.pending, host)
                else:
                    terminal.recover_purchase(error.pending)
        except TerminalError as error:
            told.append(error)
    with suppress(TerminalError):
        check_card(card, Settings(clock=lambda: NOW), keys=PsamKeys(sam))
    assert all(str(error) and error.line("zh") and error.line("es") for error in told)
