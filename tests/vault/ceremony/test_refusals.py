"""What a ceremony refuses, before it begins and on the way; and that nothing is left of it then."""

from pathlib import Path
from typing import NoReturn

import pytest

from shebaoka.journal.file import JournalFile
from shebaoka.spec.errors import SpecError
from shebaoka.vault.ceremony.engine import AbortedError, hold
from shebaoka.vault.ceremony.prompts import DeclinedError, Prompt, drive
from shebaoka.vault.ceremony.samples import NoSample
from shebaoka.vault.ceremony.script import CeremonyError, read_script
from shebaoka.vault.ceremony.selection import planned_keys
from shebaoka.vault.ceremony.transcript import End, close_interrupted, read_transcript
from vault.ceremony.room import People, Printer, Room, script_text, ticking

LETTERS = script_text("nation", "device", letters=True)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('number = "S-04"', 'number = "S-03"', "cannot be operator and witness"),
        ('number = "S-03"', 'number = "K-02"', "cannot be custodian-b and operator"),
        ('number = "K-02"', 'number = "K-01"', "cannot be custodian-a and custodian-b"),
        ('custodian = "B"', 'custodian = "C"', "there is no custodian C"),
        ('serial = "MK-1"', 'serial = "MC-1"', "one serial"),
        ('suite = "SM4"', 'suite = "AES"', "choose 3DES or SM4"),
        ('"IRK"', '"BK"', "BK: no SM4 key of this body's level"),
        ("versions = [1]", "versions = [9]", "IRK: no SM4 key"),
    ],
)
def test_a_script_that_breaks_a_rule_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "script.toml"
    text = script_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(CeremonyError, match=said):
        planned_keys(read_script(path))


def test_a_ceremony_has_two_custodians_or_more(tmp_path: Path) -> None:
    path = tmp_path / "script.toml"
    for count in (0, 1, 10):
        text = script_text(custodians=count).replace('custodian = "B"', 'custodian = "A"')
        path.write_text(text, "utf-8")
        with pytest.raises(CeremonyError, match=rf"script\.toml: .* 2 to 9 .* not {count} \(K-07\)"):
            read_script(path)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "示例密钥仪式"', "title = 3", "title"),
        ('source = "components"', 'source = "dice"', "source"),
        ('place = "示例机房"', 'digest = "00"', "digest"),
        ('place = "示例机房"', 'place = "a\\nb"', "place"),
        ('code = ""', 'code = "12"', "body"),
        ('place = "示例机房"', 'plaec = "x"', "plaec"),
    ],
)
def test_a_malformed_script_names_the_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "script.toml"
    path.write_text(script_text().replace(old, new, 1), "utf-8")
    with pytest.raises(SpecError, match=said) as refused:
        read_script(path)
    assert str(refused.value).startswith(str(path))


def test_the_vault_of_another_body_is_refused_before_anything_is_recorded(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())
    other = Room.of(_folder(tmp_path / "other"), script_text("province", keys='[[keys]]\nsuite = "SM4"\n'))
    with pytest.raises(CeremonyError, match="the vault belongs to 示例甲省"):
        room.hold(People(), other.vault())
    assert room.transcript.read_bytes() == b""


@pytest.mark.parametrize(
    ("replies", "said"),
    [
        ({"component.IRK.1.SM4.custodian-b": ["01" * 15] * 3}, "entered wrong 3 times"),
        ({"component.IRK.1.SM4.custodian-b": ["01" * 16] * 3}, "entered wrong 3 times"),
        ({"component.IRK.1.SM4.custodian-b.check-value": ["000000"] * 3}, "entered wrong 3 times"),
        ({"approval.number": ["x"] * 3}, "approval.number"),
        ({"participants.custodian-a": ["K-02"] * 3}, "participants.custodian-a"),
        ({"carriers.MC-1": ["F-102"] * 3}, "carriers.MC-1"),
        ({"return.MC-1": ["F-101", "F-102", ""]}, "carrier MC-1 was not given a new seal"),
        ({"return.MC-1": ["F-7"], "return.MK-1": ["F-7"] * 3}, "carrier MK-1 was not given a new seal"),
    ],
)
def test_three_wrong_answers_abort(tmp_path: Path, replies: dict[str, list[str]], said: str) -> None:
    room = Room.of(tmp_path, script_text())
    before = room.vault_path.read_bytes()
    with pytest.raises(AbortedError, match=said):
        room.hold(People(replies=replies))
    assert room.vault_path.read_bytes() == before
    assert read_transcript(room.transcript).end is End.ABORTED


def test_two_entries_that_differ_are_refused(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text(entry="twice"))
    place = "component.IRK.1.SM4.custodian-a"
    people = People(replies={f"{place}.again": ["11" * 16, "22" * 16, "33" * 16]})
    with pytest.raises(AbortedError, match="entered wrong 3 times"):
        room.hold(people)
    assert room.vault().handles() == ()


def test_custodians_with_one_component_make_no_key(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text(entry="twice"))
    same = bytes(range(16))
    people = People(components={f"component.IRK.1.SM4.custodian-{who}": same for who in "ab"})
    with pytest.raises(AbortedError, match="two components are the same") as aborted:
        room.hold(people)
    assert same.hex() not in str(aborted.value).lower()
    assert room.vault().handles() == ()


def test_components_are_not_used_for_two_keys(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text(entry="twice"))
    parts = {who: bytes(range(start, start + 16)) for who, start in (("a", 1), ("b", 90))}
    people = People(
        components={
            f"component.{key}.1.SM4.custodian-{who}": part
            for key in ("IRK", "RK1DF01")
            for who, part in parts.items()
        }
    )
    with pytest.raises(AbortedError, match=r"same key as IRK .* components of its own"):
        room.hold(people)
    assert room.vault().handles() == ()


def test_a_key_that_fails_on_the_sample_card_aborts(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())

    class Fails(NoSample):
        def prove(self, vault: object, handles: object) -> NoReturn:
            raise CeremonyError("the sample card does not accept IRK")

    vault = room.vault()
    with JournalFile.create(room.transcript, "C") as journal:
        talk = hold(room.script, vault, journal, clock=ticking(), sample=Fails("-"))
        with pytest.raises(AbortedError, match=r"aborted at step 6 .*does not accept IRK"):
            drive(talk, People())
    assert vault.handles() == room.vault().handles() == ()


def _prompts(folder: Path, text: str) -> list[str]:
    room = Room.of(_folder(folder), text)
    people = People()
    room.hold(people)
    return people.ids()


def _folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize("text", [script_text(), LETTERS], ids=["components", "letters"])
def test_an_abort_at_any_prompt_leaves_nothing(tmp_path: Path, text: str) -> None:
    prompts = _prompts(tmp_path / "whole", text)
    for number in range(len(prompts) - 1):  # the last only shows the head hash
        room = Room.of(_folder(tmp_path / str(number)), text)
        before = room.vault_path.read_bytes()
        seen = 0

        def stop(prompt: Prompt, limit: int = number) -> None:
            nonlocal seen
            seen += 1
            if seen > limit:
                raise DeclinedError(prompt.id, "fire alarm")

        vault = room.vault()
        with pytest.raises(AbortedError, match="fire alarm; no key was stored"):
            room.hold(People(before=stop), vault)
        assert room.vault_path.read_bytes() == before
        assert vault.handles() == ()
        assert room.printer.letters == []
        assert room.printer.withdrawn
        last = read_transcript(room.transcript).records[-1]
        assert (last.act, last.data["at"], last.data["reason"]) == ("aborted", prompts[number], "fire alarm")
        assert sorted(path.name for path in room.folder.iterdir()) == ["script.toml", "t.jsonl", "v.vault"]


@pytest.mark.parametrize("step", ["approval", "participants", "carriers", "generation", "check-values"])
def test_not_confirming_is_an_abort(tmp_path: Path, step: str) -> None:
    room = Room.of(tmp_path, script_text())
    with pytest.raises(AbortedError, match="not confirmed"):
        room.hold(People(decline=f"{step}.begin"))
    assert read_transcript(room.transcript).records[-1].data["name"] == step


@pytest.mark.parametrize("error", [KeyboardInterrupt, EOFError, RuntimeError])
def test_an_interruption_is_recorded_and_goes_on_up(tmp_path: Path, error: type[BaseException]) -> None:
    room = Room.of(tmp_path, script_text())
    vault = room.vault()

    def stop(prompt: Prompt) -> None:
        if prompt.id == "sample.seen":
            raise error

    with pytest.raises(error):
        room.hold(People(before=stop), vault)
    assert vault.handles() == room.vault().handles() == ()
    assert read_transcript(room.transcript).end is End.ABORTED


def test_a_web_page_that_is_left_aborts(tmp_path: Path) -> None:
    """The office sends answers itself; closing the talk is an abort."""
    room = Room.of(tmp_path, LETTERS)
    vault = room.vault()
    with JournalFile.create(room.transcript, "C") as journal:
        talk = hold(
            room.script, vault, journal, clock=ticking(), sample=NoSample("-"),
            letters=Printer(),
        )  # fmt: skip
        prompt = next(talk)
        while prompt.id != "check-values.table":
            prompt = talk.send(getattr(prompt, "expected", ""))
        assert len(vault.handles()) == 2
        talk.close()
    assert vault.handles() == ()
    assert read_transcript(room.transcript).end is End.ABORTED


def test_a_vault_that_another_program_changed_is_not_written(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())

    def change(prompt: Prompt) -> None:
        if prompt.id == "minutes.witness":
            other = room.vault()
            other.generate(planned_keys(room.script)[0].definition)
            other.save()

    with pytest.raises(AbortedError, match="changed by another process"):
        room.hold(People(before=change))
    assert len(room.vault().handles()) == 1
    assert read_transcript(room.transcript).end is End.ABORTED


def test_letters_without_a_printer_are_refused_first(tmp_path: Path) -> None:
    room = Room.of(tmp_path, LETTERS)
    with JournalFile.create(room.transcript, "C") as journal:
        talk = hold(room.script, room.vault(), journal, clock=ticking(), sample=NoSample("-"))
        with pytest.raises(CeremonyError, match="where they are to be printed"):
            next(talk)


def test_what_was_not_interrupted_is_not_closed(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())
    room.hold(People())
    before = room.transcript.read_bytes()
    with pytest.raises(CeremonyError, match="has its end: completed"):
        close_interrupted(room.transcript, room.vault().handles(), ticking())
    assert room.transcript.read_bytes() == before
