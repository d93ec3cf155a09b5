"""Ceremonies from beginning to end: who is asked what, what is made, what is recorded."""

from pathlib import Path

import msgspec
import pytest

from shebaoka.crypto.ciphers import SoftwareCipher, xor
from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.ceremony.prompts import Ask, Confirm, Secret
from shebaoka.vault.ceremony.transcript import End, read_transcript
from vault.ceremony.room import People, Room, script_text

ALL = '[[keys]]\nsuite = "{suite}"\n'
SOME = {
    "nation": '["IRK", "KID-03", "STKDF01"]',
    "province": '["BK", "PUK"]',
    "city": '["MF-MK", "ISSUER-MAC"]',
}


@pytest.mark.parametrize("level", ["nation", "province", "city"])
@pytest.mark.parametrize("suite", ["3DES", "SM4"])
@pytest.mark.parametrize("entry", ["twice", "check-value"])
def test_keys_from_components_are_their_xor(tmp_path: Path, level: str, suite: str, entry: str) -> None:
    keys = f'[[keys]]\nsuite = "{suite}"\nnames = {SOME[level]}\nversions = [1]\n'
    room = Room.of(tmp_path, script_text(level, entry=entry, keys=keys, custodians=3))
    people = People()
    held = room.hold(people)
    vault = room.vault()
    assert vault.handles() == held.keys
    assert len(held.keys) == SOME[level].count('"') // 2
    for handle in held.keys:
        parts = [
            value
            for place, value in people.components.items()
            if place.startswith(f"component.{handle.name}.{handle.version}.")
        ]
        assert len(parts) == 3
        key = xor(xor(parts[0], parts[1]), parts[2])
        block = b"\x5a" * handle.algorithm.block_size
        assert vault.cipher(handle).encrypt(block) == SoftwareCipher(handle.algorithm, key).encrypt(block)
    assert read_transcript(room.transcript, held.head).end is End.COMPLETED


@pytest.mark.parametrize("level", ["nation", "province", "city"])
def test_the_device_makes_all_keys_of_a_level_for_both_suites(tmp_path: Path, level: str) -> None:
    keys = ALL.format(suite="3DES") + ALL.format(suite="SM4")
    room = Room.of(tmp_path, script_text(level, "device", keys=keys))
    held = room.hold(People())
    assert held.keys == room.vault().handles()
    assert {handle.algorithm.block_size for handle in held.keys} == {8, 16}
    assert {str(handle.scope) for handle in held.keys} == {level}
    assert len({handle.kcv for handle in held.keys}) == len(held.keys)


def test_the_steps_are_those_of_the_domain_guide_in_order(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())
    people = People()
    room.hold(people)
    assert [name for name in people.ids() if name.endswith(".begin")] == [
        "approval.begin", "participants.begin", "carriers.begin", "generation.begin", "check-values.begin",
        "sample.begin", "return.begin", "minutes.begin",
    ]  # fmt: skip
    transcript = read_transcript(room.transcript)
    assert [record.data["name"] for record in transcript.steps] == transcript.records[0].data["steps"]
    assert transcript.records[0].persons == {
        "custodian-a": "保管1 (K-01)",
        "custodian-b": "保管2 (K-02)",
        "operator": "示例丙 (S-03)",
        "witness": "示例丁 (S-04)",
    }
    assert transcript.records[0].data["test"] is True


def test_roles_answer_for_themselves(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())
    people = People()
    room.hold(people)
    secret = {prompt.by for prompt in people.asked if isinstance(prompt, Secret)}
    assert secret == {"custodian-a", "custodian-b"}
    confirmed = {prompt.id: prompt.by for prompt in people.asked if isinstance(prompt, Confirm)}
    assert confirmed["check-values.witness"] == confirmed["approval.seen"] == "witness"
    assert confirmed["check-values.read"] == "operator"
    assert {by for place, by in confirmed.items() if place.startswith("minutes.c")} == secret
    seals = {prompt.id: prompt.by for prompt in people.asked if isinstance(prompt, Ask)}
    assert (seals["carriers.MC-1"], seals["carriers.MK-1"]) == ("custodian-a", "custodian-b")


def test_the_transcript_has_check_values_of_keys_and_components(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())
    held = room.hold(People())
    generation = read_transcript(room.transcript).steps[3].data["keys"]
    assert [(key["id"], key["kcv"]) for key in generation] == [(key.id, key.kcv) for key in held.keys]
    for key in generation:
        assert [part["role"] for part in key["components"]] == ["custodian-a", "custodian-b"]
        assert all(len(part["kcv"]) == 6 for part in key["components"])
    carriers = read_transcript(room.transcript).steps[-2].data["carriers"]
    assert [(carrier["serial"], carrier["seal"]) for carrier in carriers] == [
        ("MC-1", "F-500"),
        ("MK-1", "F-501"),
    ]


def test_a_backup_of_the_devices_keys_is_split_into_letters(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text("nation", "device", letters=True))
    held = room.hold(People())
    letters = room.printer.letters
    assert [letter.custodian for letter in letters] == ["custodian-a"] * 2 + ["custodian-b"] * 2
    assert len({letter.serial for letter in letters}) == 4
    for handle in held.keys:
        parts = [letter.component for letter in letters if letter.key.startswith(f"{handle.name} ")]
        assert len(parts) == 2
        cipher = SoftwareCipher(Algorithm.SM4, xor(*parts))
        assert room.vault().cipher(handle).encrypt(bytes(16)) == cipher.encrypt(bytes(16))
    recorded = read_transcript(room.transcript).steps[5].data["letters"]
    assert [(entry["custodian"], entry["count"]) for entry in recorded] == [
        ("custodian-a", 2),
        ("custodian-b", 2),
    ]
    assert all(letter.component.hex() not in repr(letter) for letter in letters)


def test_one_key_by_components_and_the_rest_by_the_device(tmp_path: Path) -> None:
    keys = '[[keys]]\nsuite = "SM4"\nnames = ["KID-01"]\nsource = "components"\n' + ALL.format(suite="SM4")
    room = Room.of(tmp_path, script_text("nation", "device", keys=keys))
    people = People()
    held = room.hold(people)
    assert {place.split(".")[1] for place in people.components} == {"KID-01"}
    assert len(held.keys) == len({(key.name, key.version) for key in held.keys}) > 50


def test_a_second_ceremony_makes_the_next_version_only(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())
    first = room.hold(People())
    room.transcript.unlink()
    with pytest.raises(ValueError, match=r"IRK v1 SM4 is in the vault of .* already"):
        room.hold(People())
    assert not room.transcript.read_bytes()
    room.transcript.unlink()
    (selection,) = room.script.keys
    room.script = msgspec.structs.replace(
        room.script, keys=(msgspec.structs.replace(selection, versions=(2,)),)
    )
    second = room.hold(People())
    assert room.vault().handles() == first.keys + second.keys
    assert [key.version for key in second.keys] == [2, 2]


def test_a_wrong_answer_is_asked_again_and_a_wrong_component_too(tmp_path: Path) -> None:
    room = Room.of(tmp_path, script_text())
    place = "component.IRK.1.SM4.custodian-a"
    people = People(
        replies={
            "approval.number": ["other", "again"],
            place: ["00" * 16, "not hex"],
            "return.MC-1": ["F-101", ""],
        }
    )
    room.hold(people)
    assert people.ids().count("approval.number") == people.ids().count(place) == 3
    assert people.ids().count("return.MC-1") == 3
    assert len(room.vault().handles()) == 2
