"""A transcript as it is printed: the records of the chain in the words of a language."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import Any, Literal

from shebaoka.journal.record import Record
from shebaoka.paper.transcript import Facts, Grid, PaperStep, TranscriptPaper
from shebaoka.spec.model import Text
from shebaoka.vault.ceremony.samples import SampleKind, SampleResult, told
from shebaoka.vault.ceremony.transcript import End, Transcript
from shebaoka.vault.ceremony.words import PAPER, STEPS, role_name

Language = Literal["zh", "en"]
Data = Mapping[str, Any]
Say = Callable[..., str]

_BEIJING = timezone(timedelta(hours=8))


def paper_of(transcript: Transcript, language: Language = "zh") -> TranscriptPaper:
    """The sheets of a verified transcript, complete or aborted. Times are Beijing time."""

    def say(what: str | Text, **values: object) -> str:
        text = PAPER[what] if isinstance(what, str) else what
        return str(getattr(text, language)).format(**values)

    opened = transcript.records[0].data
    held = transcript.end is End.COMPLETED
    present = _present(transcript)
    signers = present or [
        {"role": role, "name": name, "number": "", "unit": "", "entered": ""}
        for role, name in transcript.records[0].persons.items()
    ]
    return TranscriptPaper(
        title=opened["title"],
        number=opened["number"],
        body=opened["body"]["name"],
        outcome=_outcome(transcript, say, language),
        held=held,
        facts=_facts(transcript, say),
        persons_title=say("persons"),
        persons=Grid(
            tuple(say(head) for head in ("role", "name", "staff-number", "unit", "entered")),
            tuple(_person(person, say) for person in signers),
            (30, 20, 17, 28, 24),
        ),
        steps_title=say("steps"),
        steps=tuple(_step(record, say) for record in transcript.steps),
        keys_title=say("keys"),
        keys=_keys(transcript, say),
        head_title=say("head"),
        head=transcript.head,
        head_note=say("head-note", records=len(transcript.records)),
        signatures_title=say("signatures"),
        signatures=tuple((say(role_name(person["role"])), person["name"]) for person in signers),
        signature_labels=(say("signature"), say("date")),
        pages=getattr(PAPER["pages"], language),
        test=say("test") if opened["test"] else "",
    )


def _present(transcript: Transcript) -> list[Data]:
    for record in transcript.steps:
        if record.data["name"] == "participants":
            return list(record.data["persons"])
    return []


def _outcome(transcript: Transcript, say: Say, language: Language) -> str:
    last = transcript.records[-1]
    if transcript.end is End.COMPLETED:
        return say("completed", keys=last.data["keys"])
    number, name = transcript.next_step
    if transcript.end is End.ABORTED:
        number, name = last.data["step"], last.data["name"]
    title = say(STEPS[name]) if name else "—"
    what = "aborted" if transcript.end is End.ABORTED else "open"
    reason = "reason_zh" if language == "zh" and "reason_zh" in last.data else "reason"
    return say(what, step=number, title=title, reason=last.data.get(reason, ""))


def _facts(transcript: Transcript, say: Say) -> Facts:
    first, last = transcript.records[0], transcript.records[-1]
    opened = first.data
    body = opened["body"]
    return (
        (say("number"), opened["number"]),
        (say("body"), f"{body['name']} ({body['code']})" if body["code"] else body["name"]),
        (say("purpose"), opened["purpose"]),
        (say("place"), opened["place"]),
        (say("time"), f"{_moment(first.at)} – {_moment(last.at)}  {say('zone')}"),
        (say("script"), opened["script"] or "—"),
    )


def _person(person: Data, say: Say) -> tuple[str, ...]:
    entered = person["entered"] and _clock(person["entered"])
    return (
        say(role_name(person["role"])), person["name"], person["number"], person["unit"], entered
    )  # fmt: skip


def _step(record: Record, say: Say) -> PaperStep:
    data = record.data
    facts, grid = _details(data, say)
    return PaperStep(say(STEPS[data["name"]]), _clock(record.time), facts, grid)


def _details(data: Data, say: Say) -> tuple[Facts, Grid | None]:
    match data["name"]:
        case "approval":
            return (
                (say("approval"), data["number"]),
                (say("approver"), f"{data['approver']}  {data['date']}"),
            ), None
        case "participants":
            return ((say("witnessed"), say("identities", count=len(data["persons"]))),), None
        case "carriers" | "return":
            return ((say("witnessed"), say(data["name"])),), _carriers(data["carriers"], say)
        case "generation":
            return ((say("made"), say("keys-made", keys=len(data["keys"]))),), None
        case "check-values":
            return (
                (say("read-by"), say(role_name(data["read_by"]))),
                (say("confirmed-by"), _roles(data["confirmed_by"], say)),
            ), None
        case "letters":
            heads = tuple(say(head) for head in ("keeper", "first", "last", "count"))
            rows = tuple(
                (say(role_name(one["custodian"])), one["first"], one["last"], str(one["count"]))
                for one in data["letters"]
            )
            return (), Grid(heads, rows, (26, 26, 26, 12))
        case "sample":
            return _sample(told(data), say), None
    return ((say("confirmed-by"), _roles(data["confirmed_by"], say)),), None


def _sample(result: SampleResult, say: Say) -> Facts:
    if result.kind is SampleKind.NONE:
        return ((say("sample"), say("sample-none", reason=result.reason)),)
    what = f"sample-{result.kind}"
    return tuple(
        (say("sample"), say(what, cipher=one.cipher, card=one.number, keys=one.keys)) for one in result.cards
    )


def _carriers(carriers: Sequence[Data], say: Say) -> Grid:
    heads = tuple(say(head) for head in ("carrier", "serial", "keeper", "seal"))
    rows = tuple(
        (one["name"], one["serial"], say(role_name(one["custodian"])), one["seal"]) for one in carriers
    )
    return Grid(heads, rows, (28, 22, 26, 22))


def _keys(transcript: Transcript, say: Say) -> Grid | None:
    generation = next((r for r in transcript.steps if r.data["name"] == "generation"), None)
    if generation is None:
        return None
    keys = generation.data["keys"]
    parts = max((len(key["components"]) for key in keys), default=0)
    letters = [say("part", letter="ABCDEFGHI"[number]) for number in range(parts)]
    rows = []
    for number, key in enumerate(keys, 1):
        values = [part["kcv"] for part in key["components"]]
        rows.append(
            (
                *(str(number), key["name"], str(key["version"]), key["algorithm"], say(key["source"])),
                *(*values, *[""] * (parts - len(values)), key["kcv"]),
            )
        )
    heads = tuple(say(head) for head in ("no", "key", "version", "algorithm", "source"))
    shares = (8, 22, 10, 13, 18, *[15] * parts, 16)
    return Grid((*heads, *letters, say("value")), tuple(rows), shares)


def _roles(roles: Sequence[str], say: Say) -> str:
    return say("comma").join(say(role_name(role)) for role in roles)


def _moment(time: datetime) -> str:
    return f"{time.astimezone(_BEIJING):%Y-%m-%d %H:%M:%S}"


def _clock(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(_BEIJING):%H:%M:%S}"
