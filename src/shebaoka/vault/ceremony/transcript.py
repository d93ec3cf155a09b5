"""What a transcript says, from the file alone: how far the ceremony came and how it ended."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from shebaoka.journal.file import JournalFile
from shebaoka.journal.record import Record
from shebaoka.journal.verify import verify_file
from shebaoka.vault.ceremony.engine import ABORTED, COMPLETED, OPENED, STEP, STORING
from shebaoka.vault.ceremony.problems import problem
from shebaoka.vault.ceremony.script import CeremonyError
from shebaoka.vault.model import KeyHandle


class End(StrEnum):
    """How a ceremony ended: done, not done, or the record stops without saying."""

    COMPLETED = "completed"
    ABORTED = "aborted"
    OPEN = "open"


@dataclass(frozen=True)
class Transcript:
    """A verified transcript."""

    records: tuple[Record, ...]
    head: str

    @property
    def end(self) -> End:
        """How it ended; OPEN when the program was killed, or the last records were cut off."""
        last = self.records[-1].act
        return End(last) if last in (ABORTED, COMPLETED) else End.OPEN

    @property
    def held(self) -> bool:
        """Whether the keys were stored."""
        return self.end is End.COMPLETED

    @property
    def steps(self) -> tuple[Record, ...]:
        """The steps that were finished."""
        return tuple(record for record in self.records if record.act == STEP)

    @property
    def storing(self) -> bool:
        """Whether the keys were about to be stored when the record stops."""
        return self.records[-1].act == STORING

    @property
    def next_step(self) -> tuple[int, str]:
        """The step at which it stopped: number and name; after the last step, of the last."""
        names = self.records[0].data["steps"]
        number = min(len(self.steps) + 1, len(names))
        return number, str(names[number - 1])


def read_transcript(path: Path, head: str | None = None) -> Transcript:
    """A transcript, verified. Raises TamperedError or JournalError as the verifier does, CeremonyError for a
    chain that is no ceremony's or goes on after its end."""
    verified = verify_file(path, head)
    _check_order(path, verified.records)
    return Transcript(verified.records, verified.head)


def close_interrupted(path: Path, handles: Sequence[KeyHandle], clock: Callable[[], datetime]) -> Transcript:
    """Ends a transcript that stops in the middle because the program was killed: completed when the vault
    (``handles``) holds every key the transcript was about to store, aborted otherwise.

    Raises CeremonyError for a transcript that has its end."""
    transcript = read_transcript_to_close(path)
    with JournalFile.open(path) as journal:
        first = transcript.records[0]
        persons = dict(first.persons)
        number, name = transcript.next_step
        wanted = (
            {(key["id"], key["kcv"]) for key in transcript.records[-1].data["keys"]}
            if transcript.storing
            else set()
        )
        present = {(handle.id, handle.kcv) for handle in handles}
        if wanted and wanted <= present:
            data: dict[str, object] = {"keys": len(wanted), "after": "interruption"}
            journal.append(COMPLETED, time=clock(), persons=persons, data=data)
        elif wanted & present:
            raise CeremonyError(f"{path}: the vault holds only a part of the keys; it is not the vault of it")
        else:
            said = problem("interrupted")
            data = {"step": number, "name": name, "at": "", "reason": said.en, "reason_zh": said.zh}
            journal.append(ABORTED, time=clock(), persons=persons, data=data)
    return read_transcript(path)


def read_transcript_to_close(path: Path) -> Transcript:
    """The finished records of a transcript without its end. Raises CeremonyError when it has one."""
    with JournalFile.open(path) as journal:
        records = journal.records
        _check_order(path, records)
        transcript = Transcript(records, records[-1].hash)
    if transcript.end is not End.OPEN:
        raise CeremonyError(f"{path}: the ceremony has its end: {transcript.end}")
    return transcript


def _check_order(path: Path, records: Sequence[Record]) -> None:
    acts = [record.act for record in records]
    ends = [place for place, act in enumerate(acts) if act in (COMPLETED, ABORTED)]
    if acts[0] != OPENED or not isinstance(records[0].data.get("steps"), list):
        raise CeremonyError(f"{path}: the chain {records[0].chain} is not the transcript of a ceremony")
    if ends and ends[0] != len(acts) - 1:
        raise CeremonyError(
            f"{path}: records were added after the end of the ceremony (record {ends[0] + 1})"
        )
    names = records[0].data["steps"]
    done = [record.data.get("name") for record in records if record.act == STEP]
    whole = done == names
    if done != names[: len(done)] or ((STORING in acts or COMPLETED in acts) and not whole):
        raise CeremonyError(f"{path}: the steps are not those the ceremony was opened with")
