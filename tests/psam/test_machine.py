"""The PSAM under random commands, resets and cuts of power."""

import os

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chip.build import FACTORS, PSAM_AID, SECOND, SSSE, VARIANTS, Algorithm, apdu, build_psam, root
from chip.commands import anything, near_misses
from chip.disk import FakeDisk
from chip.watch import Watch, journalled, tear
from shebaoka.chip.chip import PHASES
from shebaoka.chip.values import CONTENT
from shebaoka.crypto.loading import loading_command
from shebaoka.psam.psam import PSAM, open_psam

_BUILT = {(algorithm, levels): build_psam(algorithm, levels) for algorithm in VARIANTS for levels in (1, 3)}
LONG = os.environ.get("SHEBAOKA_LONG") == "1"
_TEAR = st.sampled_from([None, None, None, *PHASES])


class PsamMachine(RuleBasedStateMachine):
    """Model: the highest sequence number seen."""

    @initialize(algorithm=st.sampled_from(VARIANTS), levels=st.sampled_from([1, 3]))
    def insert(self, algorithm: Algorithm, levels: int) -> None:
        disk = FakeDisk()
        self.psam = Watch(open_psam(journalled(_BUILT[algorithm, levels], disk)), algorithm, disk)
        self.psam.master = root("ADF-MK", algorithm)
        self.levels = levels
        self.last = 4
        tree = self.psam.chip.tree
        adf = next(found for found in tree.directories.values() if found.name == PSAM_AID)
        self.sequence = (CONTENT, adf.number, 0x0019, 0)
        self.open()

    def open(self) -> None:
        self.psam.send(apdu(0, 0xA4, 4, 0, SSSE))
        self.psam.send(apdu(0, 0xA4, 4, 0, PSAM_AID))

    @rule(name=st.sampled_from([SSSE, SECOND, PSAM_AID]))
    def select(self, name: bytes) -> None:
        self.psam.send(apdu(0, 0xA4, 4, 0, name))

    @rule()
    def reset(self) -> None:
        self.psam.chip.reset()
        self.open()

    @rule(command=near_misses(PSAM.commands), phase=_TEAR)
    def near_miss(self, command: bytes, phase: str | None) -> None:
        tear(self.psam.chip, phase)
        before = self.stored()
        self.psam.send(command)
        if command[:2] == b"\x80\x70":
            self.last = self.stored()
        assert self.stored() in (before, before + 1)

    @rule(command=anything())
    def nonsense(self, command: bytes) -> None:
        self.psam.send(command)

    @rule(number=st.sampled_from([1, 2, 3]), right=st.booleans())
    def authenticate(self, number: int, right: bool) -> None:
        name = f"KID-0{number}" if right else "BK"
        if self.psam.sw("0084000008") == 0x9000:
            self.psam.authenticate(number, root(name, self.psam.algorithm))

    @rule(identifier=st.integers(0x40, 0x43), file=st.sampled_from([0x11, 0x12, 0x13]), phase=_TEAR)
    def create_key(self, identifier: int, file: int, phase: str | None) -> None:
        challenge, word = self.psam.send("0084000004")
        if word != 0x9000:
            return
        allowed = file - 0x10 in self.psam.chip.session.rights
        value = bytes(range(identifier, identifier + 16))
        record = bytes((0x28, identifier, 0, self.psam.algorithm.psam)) + bytes(4) + value
        tear(self.psam.chip, phase)
        command = loading_command(self.psam.master, challenge, bytes((0x84, 0xD4, 0, file)), record)
        _, word = self.psam.send(command)
        assert word != 0x9000 or allowed
        self.psam.windows.add(value[:6])

    @rule(identifier=st.sampled_from([0x42, 0x40]), mode=st.sampled_from([0, 2, 5, 7]))
    def serve(self, identifier: int, mode: int) -> None:
        factors = b"".join(reversed(FACTORS[3 - self.levels :]))
        block = self.psam.algorithm.block_size
        self.psam.send(apdu(0xBF, 0xDE, self.levels << 5 | 8, identifier, factors + bytes(block)))
        self.psam.send(apdu(0x80, 0xFA, mode, 0, bytes(2 * block)))

    @rule(phase=_TEAR)
    def purchase(self, phase: str | None) -> None:
        tail = bytes((1, self.psam.algorithm.fci or 0)) + b"".join(reversed(FACTORS[3 - self.levels :]))
        tear(self.psam.chip, phase)
        answer, word = self.psam.send(apdu(0x80, 0x70, 1, 0, bytes(19) + bytes(7) + tail))
        if word == 0x9000:
            assert int.from_bytes(answer[:4]) == self.last + 1 == self.stored()
        self.last = self.stored()

    @invariant()
    def the_sequence_never_goes_back(self) -> None:
        if hasattr(self, "psam"):
            assert self.stored() >= self.last

    def stored(self) -> int:
        return int.from_bytes(self.psam.chip.octets(self.sequence))


TestPsam = PsamMachine.TestCase
TestPsam.settings = settings(max_examples=3000 if LONG else 120, stateful_step_count=40, deadline=None)
