"""A ceremony is approved with its script and proved by its transcript."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from office.custody.steps import CUSTODIAN, LEADER, OFFICER, OPERATOR, Steps, number
from shebaoka.journal.file import JournalFile
from shebaoka.office.base.errors import Refusal
from shebaoka.office.custody.choices import CeremonyStatus
from shebaoka.office.custody.models import Ceremony, KeyRecord
from shebaoka.office.custody.services import PlannedCeremony, ceremony_end, keys_read, lines_of
from shebaoka.vault.ceremony.answers import Answers, Unattended
from shebaoka.vault.ceremony.engine import AbortedError, hold
from shebaoka.vault.ceremony.prompts import drive
from shebaoka.vault.ceremony.samples import NoSample
from shebaoka.vault.ceremony.script import read_script
from shebaoka.vault.model import Body, Level
from shebaoka.vault.software import SoftwareVault

NUMBER = "98-2026-001"


def script(operator: str = number("980000", OPERATOR), body: str = "98") -> str:
    persons = [number("980000", CUSTODIAN, nth) for nth in (1, 2)]
    level = "province" if len(body) == 2 else "city"
    custodians = "\n".join(
        f'  {{ name = "示例{nth}", number = "{each}", unit = "信息中心" }},'
        for nth, each in enumerate(persons)
    )
    return f"""
number = "{NUMBER}"
title = "省级密钥生成仪式"
purpose = "生成本省密钥"
place = "密钥室"
body = {{ level = "{level}", code = "{body}", name = "示例甲省" }}
source = "device"
approval = {{ number = "批2026-1", approver = "示例厅长", date = 2026-03-02 }}
operator = {{ name = "示例庚", number = "{operator}", unit = "信息中心" }}
witness = {{ name = "示例辛", number = "{number("980000", OFFICER)}", unit = "机关纪委" }}
custodians = [
{custodians}
]

[[keys]]
suite = "SM4"
names = ["BK", "PUK"]
"""


def plan(steps: Steps, text: str, code: str = "980000") -> None:
    new = PlannedCeremony(code, text)
    steps.agree("custody.ceremony.plan", new, steps.actor(code, OPERATOR), steps.actor(code, LEADER))


def held(folder: Path, text: str, decline: str = "") -> tuple[SoftwareVault, bytes, str]:
    """Vault, transcript, and the head as it stands on the signed paper."""
    path = folder / "script.toml"
    path.write_text(text, "utf-8")
    province = Body(Level.PROVINCE, "98", "示例甲省")
    vault = SoftwareVault.create(None, "TEST_ONLY passphrase", province, work=10)
    room = Unattended(Answers(components="random", decline=decline))
    read = read_script(path)
    with JournalFile.create(folder / "transcript", read.number) as journal:
        talk = hold(
            read,
            vault,
            journal,
            clock=lambda: datetime(2026, 3, 2, 2, tzinfo=UTC),
            sample=NoSample("TEST_ONLY"),
        )
        try:
            drive(talk, room)
        except AbortedError:
            assert decline
        head = journal.head
    assert head is not None
    return vault, (folder / "transcript").read_bytes(), head


def end(steps: Steps, transcript: bytes, head: str) -> Ceremony:
    return ceremony_end(
        steps.actor("980000", OPERATOR),
        organization="980000",
        number=NUMBER,
        transcript=transcript,
        head=head,
    )


def test_approved_held_and_proved(steps: Steps, tmp_path: Path) -> None:
    plan(steps, script())
    made = Ceremony.objects.get()
    assert (made.number, made.approved_by.number) == (NUMBER, number("980000", LEADER))
    vault, transcript, head = held(tmp_path, script())
    keys_read(steps.actor("980000", OPERATOR), organization="980000", keys=lines_of(vault))
    made = end(steps, transcript, head)
    assert (made.status, made.keys, made.head) == (CeremonyStatus.HELD, len(vault.handles()), head)
    with pytest.raises(Refusal, match="is over"):
        end(steps, transcript, head)


def test_an_aborted_ceremony_is_registered_as_such(steps: Steps, tmp_path: Path) -> None:
    plan(steps, script())
    _vault, transcript, head = held(tmp_path, script(), decline="approval.begin")
    assert (end(steps, transcript, head).status, Ceremony.objects.get().keys) == (CeremonyStatus.ABORTED, 0)


def test_a_transcript_that_proves_nothing_is_refused(steps: Steps, tmp_path: Path) -> None:
    plan(steps, script())
    _vault, transcript, head = held(tmp_path, script())
    changed = transcript.replace("密钥室".encode(), "会议室".encode(), 1)
    cut = b"".join(transcript.splitlines(keepends=True)[:-1])
    for wrong, said in ((changed, head), (cut, head), (transcript, "0" * 64), (b"", head), (b"\xff", head)):
        with pytest.raises(Refusal, match="does not prove"):
            end(steps, wrong, said)
    folder = tmp_path / "other"
    folder.mkdir()
    _vault, other, its_head = held(folder, script().replace("密钥室", "另一密钥室"))
    with pytest.raises(Refusal, match="does not prove"):
        end(steps, other, its_head)
    assert Ceremony.objects.get().status == CeremonyStatus.APPROVED


def test_keys_that_differ_from_the_register_are_found(steps: Steps, tmp_path: Path) -> None:
    plan(steps, script())
    _vault, transcript, head = held(tmp_path, script())
    folder = tmp_path / "other"
    folder.mkdir()
    impostor, _transcript, _head = held(folder, script())
    keys_read(steps.actor("980000", OPERATOR), organization="980000", keys=lines_of(impostor))
    with pytest.raises(Refusal, match="check value"):
        end(steps, transcript, head)
    assert KeyRecord.objects.count() == len(impostor.handles())


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (script(operator=number("980000", CUSTODIAN)), "every person has one role"),
        (script(operator=number("990000", OPERATOR)), "is not at this body"),
        (script(operator=number("980000", LEADER)), "is not at this body"),
        (script(body="99"), "The script has a fault: body"),
        ("number = 1", "The script has a fault"),
        ("{", "The script has a fault"),
    ],
)
def test_a_script_that_cannot_be_held_is_not_proposed(steps: Steps, text: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        plan(steps, text)
    assert not Ceremony.objects.exists()
