"""Plays a ceremony: the steps in order, each recorded when it is over, the keys stored once at the end.

Until then nothing is in the vault's store. Whatever ends the ceremony early, a refusal, an error, an
interruption, the keys of this process are destroyed and letters withdrawn; a process that is killed leaves
them nowhere. The record ``storing`` stands before the one write that stores the keys, so that a transcript
cut off just there can be closed by looking into the vault (:func:`~.transcript.close_interrupted`)."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shebaoka.journal.canonical import JournalError
from shebaoka.journal.file import JournalFile
from shebaoka.spec.model import Text
from shebaoka.vault.ceremony.problems import problem
from shebaoka.vault.ceremony.prompts import Confirm, DeclinedError, Show, Talk
from shebaoka.vault.ceremony.samples import Sample, SampleKind
from shebaoka.vault.ceremony.script import OPERATOR, CeremonyError, Script, check_script
from shebaoka.vault.ceremony.selection import planned_keys
from shebaoka.vault.ceremony.steps import Letters, Stage, Step, steps_of
from shebaoka.vault.ceremony.words import STEPS, step_name, words
from shebaoka.vault.model import KeyHandle, Vault, VaultError

OPENED, STEP, STORING, COMPLETED, ABORTED = "opened", "step", "storing", "completed", "aborted"

_UNKNOWN = "interrupted while the keys were stored; `shebaoka keys close` looks into the vault and says which"

_OTHER_SAMPLE = (
    "name sample cards in readers (--sample-3des, --sample-sm4), or none with the reason (--no-sample)"
)


class AbortedError(CeremonyError):
    """The ceremony was aborted at step ``number``; the vault holds nothing of it."""

    def __init__(self, number: int, name: str, reason: Text) -> None:
        step = f"step {number} ({STEPS[name].en.lower()})" if number else "the beginning"
        super().__init__(f"aborted at {step}: {reason.en}; no key was stored")
        self.number = number
        self.said = reason


@dataclass(frozen=True)
class Held:
    """A ceremony that was held: the keys now in the vault, and the head hash to be signed on paper."""

    keys: tuple[KeyHandle, ...]
    head: str


def hold(
    script: Script,
    vault: Vault,
    transcript: JournalFile,
    *,
    clock: Callable[[], datetime],
    sample: Sample,
    letters: Letters | None = None,
) -> Talk[Held]:
    """A ceremony as a talk (see :func:`~.prompts.drive`). ``vault``: as it was saved. ``transcript``: a new
    chain; with a vault that was not opened for production it says that it is a test. ``sample``: in
    production never a simulated card (R-55).

    Raises CeremonyError or VaultError before anything is recorded when the script cannot be held with this
    vault; AbortedError when it was aborted. Closing the talk aborts it too."""
    stage = _prepare(script, vault, clock, sample, letters)
    persons = {role: str(person) for role, person in script.persons.items()}
    transcript.append(OPENED, time=clock(), persons=persons, data=_opening(script, stage))
    steps, number, step = steps_of(script), 0, None
    storing = False
    try:
        yield Show("opening", _welcome(script, len(stage.planned)))
        for number, step in enumerate(steps, 1):
            yield _beginning(step, number, len(steps))
            data = yield from step.play(stage)
            head = {"step": number, "name": step.name}
            transcript.append(STEP, time=clock(), persons=persons, data=head | data)
        keys = [{"id": key.id, "kcv": key.kcv} for key in stage.made]
        transcript.append(STORING, time=clock(), persons=persons, data={"keys": keys})
        storing = True
        vault.save()
    except BaseException as error:
        if storing and not isinstance(error, VaultError):  # it may have been stored, or not
            raise CeremonyError(f"{transcript.path}: {_UNKNOWN}") from error
        name = step.name if step else ""
        _abort(stage, transcript, persons, number, name, error)
        if isinstance(error, DeclinedError | ValueError | OSError):
            raise AbortedError(number, name, _reason(error)) from None
        raise
    end = transcript.append(COMPLETED, time=clock(), persons=persons, data={"keys": len(stage.made)})
    yield Show("done", words("done", head=end.hash))
    return Held(tuple(stage.made), end.hash)


def _prepare(
    script: Script, vault: Vault, clock: Callable[[], datetime], sample: Sample, letters: Letters | None
) -> Stage:
    check_script(script)
    body = vault.owner
    if (body.level, body.code) != (script.body.level, script.body.code):
        raise CeremonyError(problem("other-body", script=str(script.body), vault=str(body)))
    if script.letters and letters is None:
        raise CeremonyError(problem("letters-nowhere"))
    planned = planned_keys(script)
    held = {(key.name, key.version, key.algorithm.block_size) for key in vault.handles()}
    for definition, _ in planned:
        if (definition.name, definition.version, definition.algorithm.block_size) in held:
            key = f"{definition.name} v{definition.version} {definition.algorithm.label}"
            raise CeremonyError(problem("key-there", key=key, body=str(body)))
    if vault.production and sample.kind is SampleKind.SIMULATED:
        raise CeremonyError(problem("simulated", body=str(body), other=_OTHER_SAMPLE))
    try:
        sample.prepare(vault, planned)
    except VaultError as error:
        raise CeremonyError(problem("no-sample", problem=str(error), other=_OTHER_SAMPLE)) from None
    return Stage(script, vault, planned, clock, sample, letters)


def _opening(script: Script, stage: Stage) -> dict[str, object]:
    body = script.body
    return {
        "number": script.number,
        "title": script.title,
        "purpose": script.purpose,
        "place": script.place,
        "body": {"level": body.level, "code": body.code, "name": body.name},
        "script": script.digest,
        "keys": len(stage.planned),
        "steps": [step.name for step in steps_of(script)],
        "test": not stage.vault.production,
    }


def _welcome(script: Script, keys: int) -> Text:
    return words("opening", title=script.title, number=script.number, place=script.place, keys=keys)


def _beginning(step: Step, number: int, count: int) -> Confirm:
    text = words("begin", step=number, steps=count, title=step_name(step.name))
    return Confirm(f"{step.name}.begin", OPERATOR, text)


def _abort(
    stage: Stage,
    transcript: JournalFile,
    persons: dict[str, str],
    number: int,
    name: str,
    error: BaseException,
) -> None:
    stage.waiting.clear()
    with contextlib.suppress(ValueError, OSError):
        stage.vault.discard()
    if stage.letters is not None:
        with contextlib.suppress(OSError):
            stage.letters.withdraw()
    place = error.place if isinstance(error, DeclinedError) else ""
    reason = _reason(error)
    data: dict[str, object] = {"step": number, "name": name, "at": place, "reason": reason.en}
    if reason.zh != reason.en:
        data["reason_zh"] = reason.zh
    with contextlib.suppress(JournalError):
        transcript.append(ABORTED, time=stage.clock(), persons=persons, data=data)


def _reason(error: BaseException) -> Text:
    match error:
        case DeclinedError():
            return Text(error.reason, error.reason) if error.reason else problem("not-confirmed")
        case KeyboardInterrupt() | GeneratorExit():
            return problem("interrupted")
        case CeremonyError():
            return error.said
        case ValueError() | OSError():
            line = " ".join(str(error).split())
            return Text(line, line)
    return problem("program")
