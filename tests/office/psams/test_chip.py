"""A PSAM of the register in a reader: the same one, its counter, its keys erased on the chip."""

from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from office.organizations.credentials import PASSWORD, code_of, enrolled
from office.psams.refusing import refused
from office.psams.test_ending import returned
from office.psams.world import CITY, KEEPER, KEYS, LEADER, World, serial, terminal
from personalization.support import vaults
from shebaoka.chip.store import MemoryStore
from shebaoka.cli.main import app
from shebaoka.crypto.ciphers import SoftwareCipher
from shebaoka.office.audit.models import Row
from shebaoka.office.organizations.services import session_begin
from shebaoka.office.psams import services
from shebaoka.office.psams.chip import told_by, wiper
from shebaoka.office.psams.choices import Wipe
from shebaoka.office.psams.models import Psam
from shebaoka.office.psams.services import DestructionList
from shebaoka.office.server import prepare
from shebaoka.personalization.fixture_keys import TEST_TRANSPORT_KEY
from shebaoka.personalization.psams import PsamOrder, make_psam
from shebaoka.psam.psam import blank_psam
from shebaoka.reader.base import ReaderError
from shebaoka.reader.in_process import InProcessReader
from shebaoka.spec.algorithm import Algorithm
from shebaoka.terminal.psam_keys import PsamKeys


def in_reader(number: int, store: MemoryStore | None = None) -> InProcessReader:
    """The PSAM with this number, made by the ministry, in a reader; its serial is its terminal number."""
    order = PsamOrder.numbered(terminal(number), date(2026, 1, 1), date(2031, 1, 1))
    chip = blank_psam(
        store or MemoryStore(),
        historical=order.historical,
        algorithm=Algorithm.TDES,
        transport_key=TEST_TRANSPORT_KEY,
    )
    reader = InProcessReader(chip)
    reader.reset()
    make_psam(reader, order, vaults().ministry, lambda suite: SoftwareCipher(suite, TEST_TRANSPORT_KEY))
    return reader


def listed(world: World) -> None:
    world.active()
    returned(world)
    wanted = DestructionList(CITY, (serial(1), serial(2)), "停用")
    leader = world.by(CITY, LEADER)
    world.two(world.by(CITY, KEEPER), "psams.destruction.approve", wanted, leader)


@pytest.fixture
def numbered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Serials as simulated PSAMs have them."""
    monkeypatch.setattr("office.psams.world.serial", as_made)
    monkeypatch.setattr("office.psams.test_chip.serial", as_made)
    monkeypatch.setattr("office.psams.test_ending.serial", as_made)


def as_made(number: int) -> str:
    return f"{terminal(number):0>20}"


@pytest.mark.usefixtures("numbered")
def test_keys_are_erased_on_the_chip_and_it_is_recorded_after_an_interruption_too(world: World) -> None:
    listed(world)
    reader, keys = in_reader(1), world.by(CITY, KEYS)
    erase = wiper(reader, vaults().city)
    psam = Psam.objects.get(serial=as_made(1))
    assert told_by(reader, psam).terminal == terminal(1)

    def cut_off(found: Psam) -> None:
        erase(found)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.psam_wipe(keys, serial=as_made(1), wiper=cut_off)
    assert psam.destructions.get().wiped_how == ""
    line = services.psam_wipe(keys, serial=as_made(1), wiper=erase)
    assert (line.wiped_how, line.wiped_by) == (Wipe.CHIP, keys.staff)
    # it still says who it was
    reader.reset()
    assert PsamKeys(reader).info().terminal == terminal(1)


@pytest.mark.usefixtures("numbered")
def test_another_psam_in_the_reader_is_left_alone(world: World) -> None:
    listed(world)
    reader, keys = in_reader(2), world.by(CITY, KEYS)
    erase = wiper(reader, vaults().city)
    refused("psams.other-psam", services.psam_wipe, keys, serial=as_made(1), wiper=erase)
    foreign = Psam.objects.get(serial=as_made(1))
    assert foreign.destructions.get().wiped_how == ""
    services.psam_wipe(keys, serial=as_made(2), wiper=erase)


@pytest.mark.usefixtures("numbered")
def test_a_chip_that_says_nothing_is_no_wiped_one(world: World) -> None:
    listed(world)

    erase = wiper(Silent(), vaults().city)
    refused("psams.silent", services.psam_wipe, world.by(CITY, KEYS), serial=as_made(1), wiper=erase)
    assert Psam.objects.get(serial=as_made(1)).destructions.get().wiped_how == ""


@pytest.mark.usefixtures("numbered")
def test_wiped_from_the_command_line_by_who_signs_in_there(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listed(world)
    number = f"{CITY}-{KEYS}-1"
    secret, _codes = enrolled(world.country, number)
    session_begin(world.by(CITY, KEYS), purpose="销毁前擦除")
    image = tmp_path / "psam.chip"
    store = MemoryStore()
    in_reader(1, store)
    store.save(image, None)
    monkeypatch.setattr(prepare, "running_database", lambda found: nullcontext())
    monkeypatch.setattr(prepare, "setup", lambda: None)
    monkeypatch.setattr("shebaoka.cli.psam_office.open_named", lambda vault: vaults().city)
    monkeypatch.setenv("SHEBAOKA_STAFF_PASSWORD", PASSWORD)
    command = ["psam", "wipe-listed", as_made(1), "--vault", "city", "--staff", number, "--psam", str(image)]
    for code, answer in (("000000", 2), (code_of(secret, timedelta(seconds=30)), 0)):
        monkeypatch.setenv("SHEBAOKA_STAFF_CODE", code)
        done = CliRunner().invoke(app, command)
        assert (done.exit_code != 0) == (answer != 0), done.output
        assert secret not in done.output
    assert Psam.objects.get(serial=as_made(1)).destructions.get().wiped_how == Wipe.CHIP
    row = Row.objects.get(act="psams.psam.wipe")
    assert '"channel":"command"' in row.line


class Silent:
    """A reader whose card answers nothing."""

    def reset(self) -> bytes:
        return b"\x3b\x00"

    def transmit(self, apdu: bytes) -> bytes:
        raise ReaderError("no answer")

    def close(self) -> None:
        pass
