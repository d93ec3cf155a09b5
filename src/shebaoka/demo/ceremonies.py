"""The key ceremonies of the demonstration: every body holds its own, by a script, without people; each leaves
a transcript and its sheets as PDF, marked TEST."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

from shebaoka.journal.file import JournalFile
from shebaoka.paper.transcript import transcript_pdf
from shebaoka.personalization.sample_card import SimulatedSample
from shebaoka.personalization.workers import cores, in_workers
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.ceremony.answers import Unattended, read_answers
from shebaoka.vault.ceremony.engine import hold
from shebaoka.vault.ceremony.printing import paper_of
from shebaoka.vault.ceremony.prompts import drive
from shebaoka.vault.ceremony.script import Script, Source, read_script
from shebaoka.vault.ceremony.transcript import Transcript, read_transcript
from shebaoka.vault.model import Body, Vault

_SCRIPTS = Path(str(files("shebaoka.demo").joinpath("data", "ceremonies")))
_ANSWERS = _SCRIPTS / "answers.toml"


@dataclass(frozen=True)
class HeldCeremony:
    """A ceremony that was held. ``source``: file of its script; ``pdf``: where its sheets are printed;
    ``head``: the hash signed on paper; ``told``: what the transcript says, read from the file alone."""

    script: Script
    source: Path
    transcript: Path
    pdf: Path
    head: str
    told: Transcript

    @property
    def body(self) -> Body:
        """Whose keys were made."""
        return self.script.body

    @property
    def keys(self) -> int:
        """How many keys were made."""
        return len(self._keys())

    @property
    def of_components(self) -> tuple[str, ...]:
        """The names of those made from the custodians' components."""
        names = (str(key["name"]) for key in self._keys() if key["source"] == Source.COMPONENTS)
        return tuple(dict.fromkeys(names))

    def names(self, suite: Algorithm, version: int = 1) -> tuple[str, ...]:
        """The names of the keys made for one cipher in one version."""
        return tuple(
            str(key["name"])
            for key in self._keys()
            if (key["algorithm"], key["version"]) == (suite.label, version)
        )

    def _keys(self) -> list[dict[str, object]]:
        return next(list(step.data["keys"]) for step in self.told.steps if step.data["name"] == "generation")


def file_name(body: Body) -> str:
    """How the files of a body are named: by its code."""
    return body.code or "ministry"


def hold_ceremony(vault: Vault, folder: Path) -> HeldCeremony:
    """The ceremony of the vault's body; the keys are in the vault when it returns, the transcript in
    ``folder``. Raises CeremonyError, VaultError, JournalError."""
    folder.mkdir(exist_ok=True)
    name = file_name(vault.owner)
    source = _SCRIPTS / f"{name}.toml"
    script = read_script(source)
    transcript, pdf = folder / f"{name}.jsonl", folder / f"{name}.pdf"
    room = Unattended(read_answers(_ANSWERS))
    with JournalFile.create(transcript, script.number) as journal:
        held = drive(
            hold(script, vault, journal, clock=_now, sample=SimulatedSample()),
            room,
        )
    told = read_transcript(transcript, held.head)
    return HeldCeremony(script, source, transcript, pdf, held.head, told)


def print_sheets(ceremonies: Sequence[HeldCeremony]) -> None:
    """The sheets to be signed, on all cores: most of the time goes into their Chinese fonts."""
    workers = min(cores(), len(ceremonies))

    def work(worker: int) -> Iterator[None]:
        for ceremony in ceremonies[worker::workers]:
            ceremony.pdf.write_bytes(transcript_pdf(paper_of(ceremony.told)))
            yield

    in_workers(workers, work, lambda: None)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
