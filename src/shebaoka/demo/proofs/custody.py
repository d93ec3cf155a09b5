"""Where the keys came from: transcripts that prove themselves, check values, carriers that serve one body."""

import shutil
from datetime import datetime
from pathlib import Path

from shebaoka.carriers.errors import CarrierError
from shebaoka.carriers.export import export_keys
from shebaoka.carriers.session import OpenSession, Purpose, verify_pin
from shebaoka.carriers.wire import Carrier
from shebaoka.demo.carriage import Trio, check_value_below, export_trio, import_trio, issue_trio
from shebaoka.demo.proofs.act import ABROAD, HOME, check, refused_by
from shebaoka.demo.proofs.pulled import PulledOut
from shebaoka.demo.stage import Stage
from shebaoka.journal.classify import TamperedError
from shebaoka.psam.carrier.state import State
from shebaoka.reader.images import open_chip
from shebaoka.reader.in_process import InProcessReader
from shebaoka.vault.ceremony.transcript import read_transcript
from shebaoka.vault.model import HierarchyError, Vault

_INS_COMMIT_EXPORT = 0xEA


def verify_transcripts(stage: Stage) -> str:
    """Each transcript from its file alone, and with the head hash of the signed paper."""
    records = 0
    for ceremony in stage.ceremonies:
        told = read_transcript(ceremony.transcript)
        check(told.held, f"the ceremony of {ceremony.body} was completed")
        check(told.head == ceremony.head, "the head hash is the one that was signed")
        check(bool(told.records[0].data["test"]), "a rehearsal is marked as such")
        records += len(told.records)
    return f"{len(stage.ceremonies)} transcripts with {records} records hold together; head hashes as signed"


def altered_transcript(stage: Stage) -> str:
    """One check value of the ministry's transcript is changed in a copy."""
    ceremony = stage.ceremonies[0]
    copy = stage.folder / "altered.jsonl"
    content = ceremony.transcript.read_bytes()
    record = next(step for step in ceremony.told.steps if step.data["name"] == "generation")
    value = record.data["keys"][0]["kcv"]
    other = f"{int(value, 16) ^ 1:06X}"
    copy.write_bytes(content.replace(f'"{value}"'.encode(), f'"{other}"'.encode(), 1))
    try:
        refusal = refused_by(TamperedError, lambda: read_transcript(copy))
    finally:
        copy.unlink()
    check(refusal.sequence == record.sequence, "the record that was changed is named")
    return str(refusal).removeprefix(f"{copy}: ")


def check_values(stage: Stage) -> str:
    """Every key that came by carrier is the root of the body above, diversified: computed at the top."""
    world, seen = stage.the_world(), 0
    for region in world.regions:
        province, city = region.province.owner, region.city.owner
        below = {handle.id: handle for vault in (region.province, region.city) for handle in vault.handles()}
        for handle in below.values():
            if not handle.parent:
                continue
            above = below.get(handle.parent)
            if above is not None and above.parent:  # ministry -> province -> city
                root = world.ministry.find(handle.name, handle.version, handle.algorithm)
                value = check_value_below(world.ministry, root, province, city)
            elif above is not None:
                value = check_value_below(region.province, above, city)
            else:
                root = world.ministry.find(handle.name, handle.version, handle.algorithm)
                value = check_value_below(world.ministry, root, province)
            check(value == handle.kcv, f"{handle} has the check value that the body above computes")
            seen += 1
    return f"{seen} keys of provinces and cities have the check values that follow from the roots"


def wrong_region(stage: Stage) -> str:
    """One province is given the mother card and the transmission card of the other."""
    cards, vault = stage.journey(HOME).cards, stage.region(ABROAD).province
    files = [cards.mother.image, cards.transmission.image, stage.folder / "vaults" / f"{ABROAD}.vault"]
    before = _state(vault, files)
    refusal = refused_by(CarrierError, lambda: import_trio(vault, cards))
    check(_state(vault, files) == before, "neither vault nor cards changed, no use was spent")
    by_card = refused_by(CarrierError, lambda: _try_anyway(vault, cards))
    return f"{refusal}; no use spent. Were the vault to try, the card would not open: {by_card}"


def _try_anyway(vault: Vault, cards: Trio) -> None:
    """As a vault would that does not look whose card it is; on a copy of the card in memory."""
    reader = InProcessReader(open_chip(cards.mother.image, in_memory=True))
    carrier = Carrier(reader)
    verify_pin(carrier, cards.mother.pin)
    OpenSession(carrier, vault, Purpose.KEY_BLOCKS, datetime.now())


def wrong_receiver(stage: Stage) -> str:
    """A ministry's export for a city: keys go down one level at a time."""
    world, city = stage.the_world(), stage.region(HOME).city.owner
    place = stage.folder / "skipped"
    try:
        return str(refused_by(HierarchyError, lambda: issue_trio(world.ministry, city, place)))
    finally:
        shutil.rmtree(place)


def interrupted_export(stage: Stage) -> str:
    """The mother card is pulled out at the last command of an export; then the export is repeated."""
    region, place = stage.region(HOME), stage.folder / "again"
    try:
        return _interrupted(stage, issue_trio(region.province, region.city.owner, place))
    finally:
        shutil.rmtree(place)


def _interrupted(stage: Stage, cards: Trio) -> str:
    region = stage.region(HOME)
    keys, kept = region.city.handles(), [region.province.handles(), region.city.handles()]
    with cards.mother.inserted() as mother, cards.transmission.inserted() as transmission:
        torn = PulledOut(mother, _INS_COMMIT_EXPORT, "before")
        refused_by(
            CarrierError,
            lambda: export_keys(region.province, torn, transmission, region.city.owner),
        )
    check(cards.mother.status().state is State.INCOMPLETE, "the mother card knows that it is incomplete")
    refusal = refused_by(CarrierError, lambda: import_trio(region.city, cards))
    check(kept == [region.province.handles(), region.city.handles()], "no key came or went")
    export_trio(region.province, cards)
    arrived = import_trio(region.city, cards)
    check(region.city.handles() == keys, "the keys are those that came on the first cards")
    return f"{refusal}. Exported again: {len(arrived.handles)} keys, the same as before"


def _state(vault: Vault, files: list[Path]) -> object:
    return vault.handles(), [path.read_bytes() for path in files]
