"""Runs everything once and looks for every secret in everything it left."""

import os
import subprocess
from pathlib import Path

import pytest

from scan.house import House
from scan.known import CITY, DEVICE_WORD, PROVINCE, TOKEN, TOKEN_PIN, WORD
from scan.secrets import seen_in
from scan.story import Story
from shebaoka.vault.software import SoftwareVault
from vault.pkcs11 import softhsm
from vault.sdf.stub import build as sdf_stub

pytestmark = pytest.mark.skipif(os.environ.get("SHEBAOKA_LONG") != "1", reason="only with SHEBAOKA_LONG=1")


def _missing() -> str:
    """Why keys in devices cannot be part of the story; empty when they can."""
    return softhsm.missing() or sdf_stub.missing()


def _softhsm(folder: Path) -> dict[str, str]:
    """A token of its own, and what a process needs to find it."""
    (folder / "tokens").mkdir()
    configuration = folder / "softhsm2.conf"
    configuration.write_text(
        f"directories.tokendir = {folder / 'tokens'}\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    own = {"SOFTHSM2_CONF": str(configuration), "SCAN_TOKEN_PIN": TOKEN_PIN}
    words = ["--init-token", "--free", "--label", TOKEN, "--pin", TOKEN_PIN, "--so-pin", TOKEN_PIN]
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True, env=os.environ | own)
    return own


def _sdf(folder: Path) -> dict[str, str]:
    """A device of its own."""
    (folder / "device").mkdir()
    (folder / "device" / "kek-1.key").write_bytes(os.urandom(16))
    (folder / "device" / "password").write_text(DEVICE_WORD, "utf-8")
    sdf_stub.build(folder / "libsdf_stub.so")
    return {"SHEBAOKA_SDF_STUB": str(folder / "device")}


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder, outside = tmp_path_factory.mktemp("house"), tmp_path_factory.mktemp("devices")
    tokens = not _missing()
    environment = {"SHEBAOKA_PASSPHRASE": WORD}
    if tokens:
        environment |= _softhsm(outside) | _sdf(outside)
    with House(folder, environment) as house:
        own = Story(house)
        own.ministry_is_born()
        own.province_is_born()
        own.keys_travel("ministry.vault", "province.vault", PROVINCE, "SM4")
        SoftwareVault.create(house.work / "city.vault", WORD, CITY, work=4)
        own.keys_travel("province.vault", "city.vault", CITY, "SM4")
        own.city_is_born()
        if tokens:
            own.tokens(softhsm.library(), outside / "libsdf_stub.so")
            own.gate()
        own.blocks()
        own.psam()
        own.cards()
        own.card_lives()
        own.fixture()
        own.damage()
        own.lives()
        own.losses()
        own.the_end()
    return own


def test_everything(story: Story) -> None:
    """No output holds a secret that is not its own."""
    leaks = []
    held = set()
    for name, content in story.house.outputs():
        seen = seen_in(story.secrets, [content])
        own = story.may_hold(name, content)
        held |= seen & own
        leaks += [f"{name}: {secret}" for secret in sorted(seen - own)]
    assert leaks == []
    assert len(held) > 100


def test_keys_in_devices_were_part_of_it(story: Story) -> None:
    if problem := _missing():
        pytest.skip(problem)
    assert {"hsm.register", "city.sdf", "hsm.jsonl", "letters-sdf"} <= {
        path.name for path in story.house.work.iterdir()
    }


def test_no_secret_is_given_as_a_word(story: Story) -> None:
    """Nor can one be: what stands in a command line, every user of the machine may read."""
    assert story.secrets.found(repr(story.house.commands).encode()) == set()
