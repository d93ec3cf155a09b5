"""Keys of the demonstration are born in ceremonies and travel on carriers; the proofs of it can fail."""

from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.log import read_log
from shebaoka.carriers.wire import Carrier
from shebaoka.demo import carriage
from shebaoka.demo.ceremonies import print_sheets
from shebaoka.demo.hierarchy import World, carry_keys, create_world, hold_ceremonies
from shebaoka.demo.proofs import custody
from shebaoka.demo.proofs.act import ABROAD, HOME, ProofFailedError
from shebaoka.demo.stage import Stage
from shebaoka.psam.carrier.state import State
from shebaoka.vault.ceremony.transcript import read_transcript
from shebaoka.vault.model import Kind, Vault


def play(folder: Path) -> Stage:
    stage = Stage(folder, 4)
    stage.world = create_world(folder / "vaults")
    stage.ceremonies = hold_ceremonies(stage.world, folder / "ceremonies")
    stage.journeys = carry_keys(stage.world, folder / "carriers")
    return stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return play(tmp_path_factory.mktemp("custody"))


def test_every_root_was_born_in_a_ceremony(stage: Stage) -> None:
    for vault, ceremony in zip(stage.the_world().vaults(), stage.ceremonies, strict=True):
        assert ceremony.body == vault.owner
        told = read_transcript(ceremony.transcript)
        recorded = {(key["id"], key["kcv"]) for key in told.steps[3].data["keys"]}
        roots = {(key.id, key.kcv) for key in vault.handles() if key.kind is Kind.ROOT}
        assert roots == recorded
        assert told.records[0].data["test"] is True


def test_every_sub_key_came_on_a_carrier(stage: Stage) -> None:
    arrived = {journey.receiver.code: journey for journey in stage.journeys}
    assert list(arrived) == ["98", "99", "980100", "990100"]
    for vault in stage.the_world().vaults()[1:]:
        journey = arrived[vault.owner.code]
        sub_keys = [handle for handle in vault.handles() if handle.kind is Kind.SUB_KEY]
        assert sub_keys == [journey.control, *journey.arrived.handles]
        assert journey.export.reference == journey.arrived.reference


def test_carriers_say_afterwards_what_was_done_with_them(stage: Stage) -> None:
    for journey in stage.journeys:
        for card in journey.cards:
            with card.inserted() as reader:
                carrier = Carrier(reader)
                (use,) = read_log(carrier)
            assert carrier.identity == card.identity
            assert carrier.identity.test_only
            assert carrier.status.uses_left == carriage.USES - 1
            assert card.pin not in repr(card)
            assert use.reference in (journey.export.reference, bytes(8))
        assert journey.cards.mother.status().state is State.COMPLETE


def test_the_sheets_carry_the_head_hash_and_the_mark_of_a_test(stage: Stage) -> None:
    print_sheets(stage.ceremonies[-1:])
    ceremony = stage.ceremonies[-1]
    pages = [page.extract_text().replace("\x00", "") for page in pypdf.PdfReader(ceremony.pdf).pages]
    for text in pages:
        assert ceremony.head in text
        assert "不得用于生产" in text
    whole = "".join(pages)
    for person in ceremony.script.persons.values():
        assert person.name in whole


def test_the_other_regions_mother_card_is_refused_and_nothing_changes(stage: Stage) -> None:
    said = custody.wrong_region(stage)
    assert "belongs to 沧岚省 (98), not to 澄屿省 (99)" in said
    assert "63C4" in said
    assert "not a body just below" in custody.wrong_receiver(stage)
    assert sorted(path.name for path in stage.folder.iterdir()) == ["carriers", "ceremonies", "vaults"]


def test_proofs_fail_when_what_they_show_does_not_hold(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    swapped = Stage(stage.folder, 4, world=stage.world, ceremonies=stage.ceremonies)
    swapped.journeys = (stage.journey(ABROAD),)
    monkeypatch.setattr(Stage, "journey", lambda self, code: self.journeys[0])
    with pytest.raises(ProofFailedError, match="must be refused"):
        custody.wrong_region(swapped)
    monkeypatch.undo()
    monkeypatch.setattr(custody, "check_value_below", lambda *_: "000000")
    with pytest.raises(ProofFailedError, match="check value"):
        custody.check_values(stage)


def test_a_transcript_with_another_head_is_no_proof(stage: Stage) -> None:
    other = Stage(stage.folder, 4, world=stage.world)
    first, second = stage.ceremonies[:2]
    forged = replace(first, head=second.head)
    other.ceremonies = (forged,)
    with pytest.raises(ProofFailedError, match="head hash"):
        custody.verify_transcripts(other)


def test_a_check_value_told_otherwise_stops_the_journey(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = create_world(tmp_path / "vaults")
    hold_ceremonies(world, tmp_path / "ceremonies")
    province = world.region(HOME).province
    before = province.handles(), _file(world, province, tmp_path)
    monkeypatch.setattr(carriage, "check_value_below", lambda *_: "000000")
    with pytest.raises(CarrierError, match="keep it for an inquiry"):
        carriage.carry(world.ministry, province, tmp_path / "carriers")
    assert (province.handles(), _file(world, province, tmp_path)) == before


def _file(world: World, vault: Vault, folder: Path) -> bytes:
    return (folder / "vaults" / f"{vault.owner.code}.vault").read_bytes()
