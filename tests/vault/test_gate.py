"""The gate: what a production deployment opens, and every reason for which it does not."""

import contextlib
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from shebaoka.spec.algorithm import Algorithm
from shebaoka.vault.backends import device_of, gate, open_vault
from shebaoka.vault.ceremony.printing import paper_of
from shebaoka.vault.ceremony.samples import NoSample
from shebaoka.vault.ceremony.script import CeremonyError, read_script
from shebaoka.vault.ceremony.transcript import read_transcript
from shebaoka.vault.gate import Authorization, GateError, read_authorization
from shebaoka.vault.model import KeyDefinition, VaultError
from shebaoka.vault.software import SoftwareVault
from vault.backends.benches import Libraries
from vault.ceremony.room import People, Room, script_text
from vault.deployments import AUTHORIZATION, MAKER, MODEL, SERIAL, TODAY, Deployment, deployed
from vault.support import CITY, OTHER_PROVINCE

DEVICES = ("pkcs11", "sdf")
LOCAL = KeyDefinition("UKLOCAL", "update", Algorithm.SM4)

Change = tuple[str, str]


@pytest.fixture
def deploy(
    tmp_path: Path, libraries: Libraries, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Deployment]]:
    """A production deployment, closed afterwards."""

    with contextlib.ExitStack() as stack:

        def made(backend: str) -> Deployment:
            place = deployed(tmp_path, backend, libraries, monkeypatch)
            stack.callback(place.close)
            return place

        yield made


Deploy = Callable[..., Deployment]


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("backend", DEVICES)
def test_an_authorized_device_opens_and_makes_production_keys(deploy: Deploy, backend: str) -> None:
    place = deploy(backend)
    vault = place.create()
    handle = vault.generate(LOCAL)
    vault.save()
    assert vault.production
    assert not handle.test_only
    opened = place.open()
    assert opened.production
    assert opened.handles() == (handle,)
    before = content(place.folder)
    with pytest.raises(VaultError, match=r"UKTEST is TEST_ONLY and refused in the production vault"):
        opened.import_test_key(KeyDefinition("UKTEST", "update", Algorithm.SM4), bytes(range(16)))
    assert opened.handles() == (handle,)
    assert content(place.folder) == before
    said = device_of(place.settings, "city")
    assert str(said) == f"{MAKER} {MODEL}, serial {SERIAL}"


REFUSALS: list[tuple[tuple[Change, ...], date, str]] = [
    (
        (("EX00000000000007", "EX00000000000008"),),
        TODAY,
        "says serial EX00000000000007; the authorization is",
    ),
    ((), date(2023, 12, 31), "certificate GM000000000 is valid from 2024-01-01 only"),
    ((), date(2029, 1, 1), "certificate GM000000000 expired on 2028-12-31"),
    ((("conformity = {", "# {"),), TODAY, "has no proof of conformity from the ministry"),
    ((("date = 2024-03-01", "date = 2027-03-01"),), TODAY, "示例核字1号 is dated 2027-03-01"),
    ((("owner =", 'vaults = ["town"]\nowner ='),), TODAY, "its authorization is for town"),
]


@pytest.mark.parametrize("backend", DEVICES)
@pytest.mark.parametrize(("changes", "today", "reason"), REFUSALS)
def test_what_the_gate_refuses(
    deploy: Deploy, libraries: Libraries, backend: str, changes: tuple[Change, ...], today: date, reason: str
) -> None:
    place = deploy(backend)
    vault = place.create()
    vault.generate(LOCAL)
    vault.save()
    text = AUTHORIZATION
    for old, new in changes:
        text = text.replace(old, new)
    place.write(libraries, authorization=text)
    (place.folder / "secret").write_text("a wrong one")  # the device is not asked: no try of a PIN is lost
    before = content(place.folder)
    with pytest.raises(GateError, match=reason) as caught:
        place.open(today)
    assert str(caught.value).startswith("vault city: refused in production: ")
    assert "\n" not in str(caught.value)
    assert content(place.folder) == before
    if today == TODAY:
        (place.folder / "city.keys").unlink()
        with pytest.raises(GateError, match=reason):
            place.create()
        assert not (place.folder / "city.keys").exists()


@pytest.mark.parametrize("backend", DEVICES)
def test_no_authorization(deploy: Deploy, backend: str) -> None:
    place = deploy(backend)
    place.create().save()
    (place.folder / "hsm.toml").unlink()
    before = content(place.folder)
    with pytest.raises(GateError, match="no authorization of its device is given; name its file"):
        place.open()
    assert content(place.folder) == before


def test_software_is_refused_before_the_passphrase(deploy: Deploy) -> None:
    place = deploy("software")
    SoftwareVault.create(place.folder / "city.keys", "open sesame", CITY, work=2)
    for attempt in (place.open, place.create):
        with pytest.raises(
            GateError, match="keys in software are TEST_ONLY; production keys lie in a device"
        ):
            attempt()


@pytest.mark.parametrize("backend", DEVICES)
@pytest.mark.parametrize(
    ("maker", "model"),
    [("SoftHSM project", "SoftHSM v2"), ("Shebaoka tests", "SDF stub"), (MAKER, "SoftHSM")],
)
def test_simulators_by_their_own_account(deploy: Deploy, backend: str, maker: str, model: str) -> None:
    place = deploy(backend)
    place.says(maker, model)
    for attempt in (place.open, place.create):
        with pytest.raises(GateError, match=f"{maker} {model} is a simulator, for tests only"):
            attempt()
    assert not (place.folder / "city.keys").exists()


def test_simulators_say_what_they_are(
    deploy: Deploy, libraries: Libraries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SoftHSM and our SDF stub as they are."""
    place = deploy("sdf")
    (place.folder / "device" / "identity").unlink()
    device = device_of(place.settings, "city")
    assert device is not None
    assert (device.maker, device.simulator) == ("Shebaoka tests", True)
    place.backend = "pkcs11"
    place.write(libraries)
    monkeypatch.delenv("SHEBAOKA_VENDOR_TOKEN")
    device = device_of(place.settings, "city")
    assert device is not None
    assert (device.maker, device.simulator, len(device.serial)) == ("SoftHSM project", True, 16)


@pytest.mark.parametrize("backend", DEVICES)
def test_a_device_without_a_serial(deploy: Deploy, backend: str) -> None:
    place = deploy(backend)
    place.says(serial="")
    with pytest.raises(GateError, match="its device tells no serial; the authorization is for serial EX0"):
        place.create()


@pytest.mark.parametrize("backend", DEVICES)
def test_test_and_production_do_not_open_each_others_vaults(
    deploy: Deploy, libraries: Libraries, backend: str
) -> None:
    place = deploy(backend).write(libraries, mode="test")
    vault = place.create()
    assert vault.generate(LOCAL).test_only
    vault.save()
    before = content(place.folder)
    place.write(libraries, mode="production")
    reason = "holds 1 TEST_ONLY keys, UKLOCAL v1 first; a production deployment does not open it"
    with pytest.raises(GateError, match=reason):
        place.open()
    place.write(libraries, mode="test")
    assert content(place.folder) == before
    (place.folder / "city.keys").unlink()
    place.write(libraries, mode="production")
    vault = place.create()
    vault.generate(LOCAL)
    vault.save()
    place.write(libraries, mode="test")
    with pytest.raises(
        GateError, match="holds 1 keys of production, UKLOCAL v1 first; a test deployment does"
    ):
        place.open()


@pytest.mark.parametrize("backend", DEVICES)
def test_the_vault_of_another_body(deploy: Deploy, libraries: Libraries, backend: str) -> None:
    place = deploy(backend)
    with pytest.raises(GateError, match=r"is for keys of 示例甲市 \(980100\), not of"):
        place.create(OTHER_PROVINCE)
    place.create().save()
    other = AUTHORIZATION.replace('"980100"', '"980200"').replace("示例甲市", "示例丙市")
    place.write(libraries, authorization=other)
    with pytest.raises(GateError, match=r"belongs to 示例甲市 \(980100\); its authorization is for 示例丙市"):
        place.open()


@pytest.mark.parametrize(
    ("day", "warning"),
    [
        (date(2028, 10, 2), ""),  # 90 days left
        (date(2028, 10, 3), "expires on 2028-12-31, in 89 days"),
        (date(2028, 12, 31), "in 0 days; the vault will not open after it"),
    ],
)
def test_a_certificate_that_soon_expires(deploy: Deploy, day: date, warning: str) -> None:
    place = deploy("sdf")
    admission = gate(place.settings, "city", place.authorized, day)
    assert admission.production
    assert warning in admission.warning
    assert bool(warning) is bool(admission.warning)


def test_a_test_deployment_needs_nothing(deploy: Deploy, libraries: Libraries) -> None:
    place = deploy("software").write(libraries, mode="test")
    (place.folder / "hsm.toml").unlink()
    assert not gate(place.settings, "city", None, TODAY).production
    place.create()
    assert not open_vault(place.settings, "city", "open sesame").production


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("serial = ", "# ", "missing required field `serial`"),
        ('"product"', '"diploma"', "Invalid enum value 'diploma'"),
        ("2024-01-01", "2029-01-01", "the certificate expires before it was issued"),
        ("maker", "digest", "digest is computed, not written"),
        ("maker", "vendor", "unknown field `vendor`"),
        ('"980100"', '"98"', "the code of a city body has 6 digits"),
        ('maker = "', 'maker = "\\u0007', "matching regex"),
        ("maker", "[", "malformed TOML"),
    ],
)
def test_wrong_authorizations_are_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "hsm.toml"
    path.write_text(AUTHORIZATION.replace(old, new), "utf-8")
    with pytest.raises(GateError, match=said) as caught:
        read_authorization(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "hsm.toml"
    path.write_text(AUTHORIZATION, "utf-8")
    read: Authorization = read_authorization(path)
    path.write_text(AUTHORIZATION + "\n", "utf-8")
    assert len(read.digest) == 64
    assert read.digest != read_authorization(path).digest
    with pytest.raises(GateError, match="cannot be read"):
        read_authorization(tmp_path / "none.toml")


def test_the_authorization_of_the_reference_is_one(tmp_path: Path) -> None:
    page = Path(__file__).parents[2] / "docs" / "reference" / "deployment.md"
    (example,) = re.findall(r"```toml\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    path = tmp_path / "hsm.toml"
    path.write_text(example, "utf-8")
    read = read_authorization(path)
    assert (read.serial, read.owner, read.vaults) == (SERIAL, CITY, ("city",))
    assert read.conformity is not None


@pytest.mark.parametrize(("mode", "marked"), [("production", ""), ("test", "测试 · 不得用于生产")])
def test_transcripts_say_what_the_vault_is(
    deploy: Deploy, libraries: Libraries, tmp_path: Path, mode: str, marked: str
) -> None:
    place = deploy("sdf").write(libraries, mode=mode)
    path = tmp_path / "script.toml"
    path.write_text(script_text("city", "device", keys='[[keys]]\nsuite = "SM4"\n'), "utf-8")
    room = Room(tmp_path, read_script(path))
    vault = place.create()
    if vault.production:
        before = content(tmp_path)
        with pytest.raises(CeremonyError, match=r"refuses a simulated sample card \(R-55\); .*--no-sample"):
            room.hold(People(), vault)
        assert room.transcript.read_bytes() == b""
        room.transcript.unlink()
        assert content(tmp_path) == before
    held = room.hold(People(), vault, NoSample("无空白卡") if vault.production else None)
    assert [key.test_only for key in held.keys] == [mode == "test"] * len(held.keys)
    transcript = read_transcript(room.transcript, held.head)
    assert transcript.records[0].data["test"] is (mode == "test")
    assert paper_of(transcript, "zh").test == marked
