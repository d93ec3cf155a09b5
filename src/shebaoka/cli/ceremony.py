"""``shebaoka keys ceremony | plan | verify | close``: key ceremonies and their transcripts."""

import contextlib
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from shebaoka.cli.blanks import TransportVersionOption
from shebaoka.cli.ceremony_sample import (
    NoSampleOption,
    SampleSm4Option,
    SampleTdesOption,
    chosen_sample,
)
from shebaoka.cli.deployment import refuse_simulated
from shebaoka.cli.output import JsonOption, LanguageOption, print_json, print_table

if TYPE_CHECKING:
    from shebaoka.vault.ceremony.transcript import Transcript

ScriptArgument = Annotated[Path, typer.Argument(help="The script (TOML), see examples/ceremonies.")]
TranscriptArgument = Annotated[Path, typer.Argument(help="The transcript file.")]
VaultOption = Annotated[
    Path,
    typer.Option(
        "--vault", help="The vault of the body whose keys are made: a file or a name of shebaoka.toml."
    ),
]
PdfOption = Annotated[Path | None, typer.Option("--pdf", help="Print the transcript to this PDF.")]


def ceremony(
    script: ScriptArgument,
    vault: VaultOption,
    transcript: Annotated[Path, typer.Option("--transcript", help="Where the transcript is written.")],
    pdf: PdfOption = None,
    letters: Annotated[
        Path | None, typer.Option("--letters", help="Folder for the component letters (PDF).")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option("--answers", help="Play it without people, on a test vault (TOML).")
    ] = None,
    sample_3des: SampleTdesOption = None,
    sample_sm4: SampleSm4Option = None,
    no_sample: NoSampleOption = None,
    transport_version: TransportVersionOption = None,
    language: LanguageOption = "en",
) -> None:
    """Hold a key ceremony: the keys are in the vault when every step is confirmed, and none before. They are
    proved to sample cards: blank cards in readers, which obey the transport key that `keys blanks card` put
    in the vault, or, outside production, simulated ones when no reader is named."""
    from shebaoka.cli.ceremony_room import LetterFiles, Terminal, show
    from shebaoka.cli.errors import UsageProblem
    from shebaoka.cli.vaults import open_named
    from shebaoka.journal.file import JournalFile
    from shebaoka.vault.ceremony.answers import Unattended, read_answers
    from shebaoka.vault.ceremony.engine import hold
    from shebaoka.vault.ceremony.prompts import Interaction, drive
    from shebaoka.vault.ceremony.script import read_script

    planned = read_script(script)
    if pdf is not None and pdf.exists():
        raise UsageProblem(f"{pdf}: exists already; choose another name")
    room: Interaction
    if answers is None:
        room = Terminal(language)
    else:
        refuse_simulated("--answers (a ceremony without people)")
        room = Unattended(read_answers(answers), lambda prompt: show(prompt, language))
    sample = chosen_sample(sample_3des, sample_sm4, no_sample, transport_version)
    opened = open_named(vault)
    files = LetterFiles(letters) if letters is not None else None
    with _stopping_cleanly(), JournalFile.create(transcript, planned.number) as journal:
        talk = hold(planned, opened, journal, clock=_now, sample=sample, letters=files)
        try:
            held = drive(talk, room)
        except BaseException:
            if journal.head is None:
                transcript.unlink()
            elif pdf is not None:
                with contextlib.suppress(ValueError, OSError):  # what stopped the ceremony is said, not this
                    _print(transcript, pdf, language)
            raise
    print(f"{vault}: {len(held.keys)} new keys; transcript {transcript}, head {held.head}")
    if pdf is not None:
        _print(transcript, pdf, language)


def plan(script: ScriptArgument) -> None:
    """Check a script and list who takes part and which keys it makes."""
    from shebaoka.vault.ceremony.script import read_script
    from shebaoka.vault.ceremony.selection import planned_keys
    from shebaoka.vault.ceremony.words import role_name

    read = read_script(script)
    people = [(role_name(role).en, p.name, p.number, p.unit) for role, p in read.persons.items()]
    print_table(f"{read.title} ({read.number})", ("role", "name", "number", "unit"), people)
    rows = [
        (key.name, str(key.version), key.algorithm.label, str(source), key.usage)
        for key, source in planned_keys(read)
    ]
    print_table(f"{len(rows)} keys of {read.body}", ("key", "version", "cipher", "source", "usage"), rows)


def verify(
    transcript: TranscriptArgument,
    head: Annotated[str | None, typer.Option("--head", help="The head hash signed on paper.")] = None,
    pdf: PdfOption = None,
    language: LanguageOption = "en",
    as_json: JsonOption = False,
) -> None:
    """Prove a transcript from its file alone, or name the first record that was tampered with. With the head
    hash from paper nothing can have been cut off or made anew either."""
    from shebaoka.vault.ceremony.transcript import read_transcript

    read = read_transcript(transcript, head)
    if pdf is not None:
        _print(transcript, pdf, language)
    if as_json:
        stopped = None if read.held else read.next_step[1]
        print_json(
            {"chain": read.records[0].chain, "records": len(read.records), "head": read.head}
            | {"end": read.end, "steps": len(read.steps), "stopped_at": stopped}
        )
        return
    print(f"{transcript}: {len(read.records)} records, none changed, removed, inserted or reordered")
    print(f"{read.records[0].data['title']} ({read.records[0].chain}): {_ending(read)}")
    print(f"head {read.head}{' is the one signed' if head else ': compare it with the signed paper'}")


def close(
    transcript: TranscriptArgument,
    vault: VaultOption,
    letters: Annotated[
        Path | None, typer.Option("--letters", help="Remove the letters here if no key was stored.")
    ] = None,
) -> None:
    """End a transcript that stops because the program was killed: the vault says whether the keys were
    stored."""
    from shebaoka.cli.ceremony_room import remove_letters
    from shebaoka.cli.vaults import open_named
    from shebaoka.vault.ceremony.transcript import close_interrupted

    handles = open_named(vault).handles()
    read = close_interrupted(transcript, handles, _now)
    if letters is not None and not read.held:
        remove_letters(letters)
    print(f"{transcript}: {_ending(read)}; head {read.head}")


def _ending(read: "Transcript") -> str:
    from shebaoka.vault.ceremony.transcript import End

    last = read.records[-1].data
    match read.end:
        case End.COMPLETED:
            return f"completed, {last['keys']} keys stored"
        case End.ABORTED:
            return f"aborted at step {last['step']} ({last['name']}): {last['reason']}; no key stored"
    number, name = read.next_step
    return (
        f"stops at step {number} ({name}) without an end: the program was killed or records were cut off; "
        "`shebaoka keys close` ends it"
    )


def _print(transcript: Path, pdf: Path, language: str) -> None:
    from shebaoka.paper.transcript import transcript_pdf
    from shebaoka.vault.ceremony.printing import paper_of
    from shebaoka.vault.ceremony.transcript import read_transcript

    content = transcript_pdf(paper_of(read_transcript(transcript), "zh" if language == "zh" else "en"))
    with pdf.open("xb") as file:
        file.write(content)


_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextlib.contextmanager
def _stopping_cleanly() -> Iterator[None]:
    """A closed window and a shutdown abort like Ctrl-C, so that letters are removed and the end recorded."""

    def stop(number: int, frame: object) -> NoReturn:
        raise KeyboardInterrupt

    before = {name: signal.signal(name, stop) for name in _ENDS}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
