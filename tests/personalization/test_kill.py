"""Kill -9 at random moments of preparing and making: no card lost, none doubled."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from personalization.support import CITY_CODE, clock, people_csv
from shebaoka.card.card import open_card
from shebaoka.chip.store import load_image
from shebaoka.personalization.making import make_cards
from shebaoka.personalization.state import locked, prepared_cards, progress, read_settings
from shebaoka.spec.algorithm import Algorithm
from shebaoka.spec.keys import key_catalogue
from shebaoka.vault.hierarchy import hand_down, set_up_city, set_up_ministry, set_up_province
from shebaoka.vault.model import MINISTRY, Body, Level
from shebaoka.vault.software import SoftwareVault

PROGRAM = Path(__file__).with_name("making_process.py")
PASSPHRASE = "open sesame"


@pytest.fixture
def vault_file(tmp_path: Path) -> Path:
    ministry = SoftwareVault.create(None, "", MINISTRY)
    province = SoftwareVault.create(None, "", Body(Level.PROVINCE, "98", "示例甲省"))
    path = tmp_path / "city.vault"
    city = SoftwareVault.create(path, PASSPHRASE, Body(Level.CITY, CITY_CODE, "示例甲市"), work=4)
    for vault, set_up in ((ministry, set_up_ministry), (province, set_up_province), (city, set_up_city)):
        set_up(vault, key_catalogue(), Algorithm.TDES)
    hand_down(ministry, province)
    hand_down(province, city)
    city.save()
    return path


def run_and_kill(tmp_path: Path, vault_file: Path, step: str, after: int) -> bool:
    """Starts the program, kills it after that many lines of progress; whether it had to be killed."""
    command = [sys.executable, str(PROGRAM), str(tmp_path), str(vault_file), PASSPHRASE, step]
    environment = {"PYTHONPATH": str(PROGRAM.parents[1]), "PATH": ""}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        for count, _ in enumerate(process.stdout, 1):
            if count == after:
                process.kill()
                break
        process.wait()
        return process.returncode == -9


def test_no_card_is_lost_or_doubled(tmp_path: Path, vault_file: Path) -> None:
    dice = random.Random(20)
    people_csv(tmp_path / "people.csv", 2600)
    for after in (1, 2):
        assert run_and_kill(tmp_path, vault_file, "prepare", after)
        assert not read_settings(tmp_path / "batch").ready
    run_and_kill(tmp_path, vault_file, "prepare", 10**9)
    first = [(card.row, card.serial) for card in prepared_cards(tmp_path / "batch")]
    assert first == [(row, row - 1) for row in range(2, 2602)]
    (tmp_path / "batch" / "cards").mkdir()
    for _ in range(3):
        assert run_and_kill(tmp_path, vault_file, "make", dice.randrange(10, 60))
    cards = tmp_path / "batch" / "cards"
    with locked(tmp_path / "batch"):
        pass  # the workers of the killed process have ended
    images = {path.name: path.stat().st_ino for path in cards.glob("*.card")}
    ended = progress(tmp_path / "batch")
    assert 0 <= len(images) - len(ended) <= 2  # one for each worker
    assert images.keys() >= {f"{serial:08d}.card" for serial in ended}

    keep = len(images) + 25
    vault = SoftwareVault.open(vault_file, PASSPHRASE)

    class StopError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert total == 2600
        if done == keep:
            raise StopError

    with pytest.raises(StopError):
        make_cards(tmp_path / "batch", vault, workers=1, progress_bar=stop, clock=clock)
    ended = progress(tmp_path / "batch")
    after_resuming = {path.name: path.stat().st_ino for path in cards.glob("*.card")}
    assert images.items() <= after_resuming.items()
    assert len(after_resuming) == keep
    assert after_resuming.keys() == {f"{serial:08d}.card" for serial in ended}
    assert {entry.status for entry in ended.values()} == {"made"}
    audited = (tmp_path / "batch" / "audit.jsonl").read_text("utf-8").splitlines()
    cards_audited = [entry for entry in map(json.loads, audited) if entry["event"] == "card"]
    assert {entry["serial"] for entry in cards_audited} == ended.keys()
    atrs = {open_card(load_image(path)).reset() for path in cards.glob("*.card")}
    assert len(atrs) == keep
