"""Where keys are kept: storage places and HSMs of every body, the ceremonies that were held, and the register
of keys as the vaults of the steps before tell it."""

from datetime import date, timedelta

from shebaoka.demo.ceremonies import HeldCeremony
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.custody.bodies import body_code
from shebaoka.office.custody.services import (
    NewHsm,
    NewPlace,
    PlannedCeremony,
    ceremony_end,
    keys_read,
    lines_of,
)
from shebaoka.office.organizations.choices import ISSUING
from shebaoka.office.organizations.models import Organization
from shebaoka.vault.model import Level, Vault

EXPIRING = "990000"
"""Its HSM's certificate ends soon: the desk warns."""

_PLACES = (
    ("S1", "密钥室一号保险柜", "safe"),
    ("S2", "密钥室二号保险柜", "safe"),
    ("S3", "档案室密码柜", "cabinet"),
    ("S4", "密钥室", "room"),
)


def fill(stage: OfficeStage) -> None:
    """Ceremonies of the ministry and the provinces: a script with files of a city's own is not taken yet."""
    bodies = list(Organization.objects.filter(kind__in=ISSUING).order_by("path"))
    with stage.days_ago(4):
        for body in bodies:
            for place in _PLACES:
                _place(stage, body, *place)
            _hsm(stage, body)
    held = [one for one in stage.demo.ceremonies if one.body.level is not Level.CITY]
    with stage.days_ago(1, hour=10):
        for ceremony in held:
            _planned(stage, ceremony)
    keys = 0
    for ceremony in held:
        code = code_of(ceremony.body.code)
        ceremony_end(
            stage.by(code, "key-administrator"),
            organization=code,
            number=ceremony.script.number,
            transcript=ceremony.transcript.read_bytes(),
            head=ceremony.head,
        )
        keys += read_keys(stage, code)
    stage.say(f"{len(bodies)} HSMs and {len(bodies) * len(_PLACES)} storage places")
    stage.say(f"{len(held)} ceremonies recorded with their transcripts, {keys:,} keys in the register")


def read_keys(stage: OfficeStage, code: str) -> int:
    """The register takes over what the body's vault holds; how many keys."""
    lines = lines_of(vault_of(stage, code))
    keys_read(stage.by(code, "key-administrator"), organization=code, keys=lines, hsm=f"TEST-ONLY-{code}")
    return len(lines)


def vault_of(stage: OfficeStage, code: str) -> Vault:
    """The vault of an organization."""
    wanted = body_code(stage.organization(code))
    return next(vault for vault in stage.demo.the_world().vaults() if vault.owner.code == wanted)


def code_of(body: str) -> str:
    """The organization's code of a body of the key hierarchy: six digits."""
    return f"{body:0<6}"


def _place(stage: OfficeStage, body: Organization, code: str, name: str, kind: str) -> None:
    new = NewPlace(body.code, code, name, kind, f"{body.name}信息中心")
    makers = stage.by(body.code, "key-administrator"), stage.by(body.code, "security-officer")
    stage.agree("custody.place.add", new, *makers)


def _hsm(stage: OfficeStage, body: Organization) -> None:
    today = clock.today()
    new = NewHsm(
        organization=body.code,
        maker="示例密码设备厂（虚构）",
        model="SJJ-9",
        serial=f"TEST-ONLY-{body.code}",
        place="S1",
        custodian=stage.number(body.code, "key-custodian", 1),
        deputy=stage.number(body.code, "key-custodian", 2),
        certificate=f"TEST_ONLY-GM-{body.code}",
        certificate_kind="product",
        issued=date(today.year - 4, 1, 15),
        expires=today + timedelta(days=52) if body.code == EXPIRING else date(today.year + 3, 1, 14),
        conformity=f"演示部信函〔{today.year}〕{body.code}号",
        conformity_on=today - timedelta(days=60),
    )
    stage.agree(
        "custody.hsm.add", new, stage.by(body.code, "key-administrator"), stage.by(body.code, "leader")
    )


def _planned(stage: OfficeStage, ceremony: HeldCeremony) -> None:
    code = code_of(ceremony.body.code)
    new = PlannedCeremony(code, ceremony.source.read_text("utf-8"))
    stage.agree("custody.ceremony.plan", new, stage.by(code, "key-administrator"), stage.by(code, "leader"))
