"""An order for a card maker: only the registered site opens it, and knows whose it is (R-14)."""

import logging
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs7 import pkcs7_decrypt_der
from cryptography.x509.oid import NameOID
from django.core.files.uploadedfile import SimpleUploadedFile

from office.cards.test_pages import client, sent, text
from office.cards.world import AGENCY, CITY, World
from office.conftest import NOW
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards import services
from shebaoka.office.cards.models import Batch, Site
from shebaoka.office.cards.production import listing, run
from shebaoka.office.cards.sealing import fingerprint, own_certificate
from shebaoka.office.cards.services import Format, NewSite, SiteClosing
from shebaoka.office.desk.cards.sites import in_groups
from shebaoka.office.organizations.models import TwoPersonAct
from shebaoka.office.organizations.two_persons import check

UNTIL = NOW.date() + timedelta(days=300)


@cache
def key_of(name: str) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


def certificate(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, began: datetime = NOW - timedelta(days=1)
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "示例卡厂")])
    ends = began + timedelta(days=365)
    return x509.CertificateBuilder(name, name, key.public_key(), 7, began, ends).sign(key, hashes.SHA256())


def pem(found: x509.Certificate) -> str:
    return found.public_bytes(Encoding.PEM).decode()


def registered(world: World, name: str = "site") -> x509.Certificate:
    found = certificate(key_of(name))
    world.two("cards.site.register", NewSite(CITY, "01", "示例卡厂", UNTIL, pem(found)))
    return found


def refused(world: World, new: NewSite) -> str:
    with pytest.raises(Refusal) as refusal:
        world.two("cards.site.register", new)
    return refusal.value.code


def exported(world: World, batch: Batch, layout: Format = Format.P1) -> tuple[str, bytes]:
    return services.site_export(world.issuing, batch=batch.pk, format=layout)


def test_only_the_site_opens_the_file_and_nothing_of_it_stays(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ours = registered(world)
    batch = world.prepared(2)
    assert listing.list_path(batch).exists()
    name, content = exported(world, batch)
    assert name.endswith("_s.txt.p7m")
    signed = pkcs7_decrypt_der(content, ours, key_of("site"), [])
    person = world.people[0]
    secrets = [person.number.encode(), person.name.encode("gbk"), batch.cards.all()[0].number.encode()]
    assert all(each in signed and each not in content for each in secrets)
    other = certificate(key_of("other"))
    with pytest.raises(ValueError):  # noqa: PT011 - the library says no more
        pkcs7_decrypt_der(content, other, key_of("other"), [])
    run.tidy(batch.pk)
    assert not listing.list_path(batch).exists()
    files = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert not any(each in path.read_bytes() for path in files for each in secrets)
    assert person.number not in caplog.text


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")
def test_openssl_opens_it_and_checks_the_signature(world: World, tmp_path: Path) -> None:
    ours = registered(world)
    batch = world.prepared(1)
    _name, content = exported(world, batch, Format.P3)
    key = key_of("site").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for file, data in (
        ("order.p7m", content),
        ("site.pem", pem(ours).encode()),
        ("site.key", key),
        ("office.pem", pem(own_certificate()).encode()),
    ):
        (tmp_path / file).write_bytes(data)
    for command in (
        "-decrypt -inform DER -in order.p7m -recip site.pem -inkey site.key -out order.signed",
        "-verify -inform DER -in order.signed -CAfile office.pem -out order.xlsx",
    ):
        subprocess.run(
            ["openssl", "cms", *command.split(), "-binary"], cwd=tmp_path, check=True, capture_output=True
        )
    batch.refresh_from_db()
    digest = hashes.Hash(hashes.SHA256())
    digest.update((tmp_path / "order.xlsx").read_bytes())
    assert digest.finalize().hex() == batch.digest


def test_without_a_key_nothing_leaves(world: World) -> None:
    batch = world.prepared(1)
    with pytest.raises(Refusal) as refusal:
        exported(world, batch)
    assert refusal.value.code == "cards.site-needed"
    assert Batch.objects.get().status == "approved"
    registered(world)
    site = Site.objects.get()
    world.two("cards.site.close", SiteClosing(site.pk, "合同到期"))
    with pytest.raises(Refusal):
        exported(world, batch)
    with pytest.raises(Refusal):
        world.two("cards.site.close", SiteClosing(site.pk, "合同到期"))
    registered(world, "other")
    assert exported(world, batch)[0].endswith(".p7m")


def test_another_key_closes_the_first(world: World) -> None:
    registered(world)
    registered(world, "other")
    assert Site.objects.filter(closed_at=None).count() == 1
    assert Site.objects.count() == 2
    batch = world.prepared(1)
    content = exported(world, batch)[1]
    assert pkcs7_decrypt_der(content, certificate(key_of("other")), key_of("other"), [])


def test_what_nothing_can_be_encrypted_for_is_refused(world: World) -> None:
    good = pem(certificate(key_of("site")))
    small = rsa.generate_private_key(65537, 2048)
    private = small.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    curve = ec.generate_private_key(ec.SECP256R1())
    for wrong in ("", "x", good + private, private, good[:200], pem(certificate(small)), good + good):
        assert refused(world, NewSite(CITY, "01", "厂", UNTIL, wrong)) == "cards.site-certificate"
    assert (
        refused(world, NewSite(CITY, "01", "厂", UNTIL, pem(certificate(curve)))) == "cards.site-certificate"
    )
    old = pem(certificate(key_of("site"), NOW - timedelta(days=800)))
    assert refused(world, NewSite(CITY, "01", "厂", UNTIL, old)) == "cards.site-over"
    yesterday = NOW.astimezone(UTC).date() - timedelta(days=1)
    assert refused(world, NewSite(CITY, "01", "厂", yesterday, good)) == "cards.site-over"
    assert refused(world, NewSite(CITY, "1", "厂", UNTIL, good)) == "cards.no-site"
    assert not Site.objects.exists()
    assert not TwoPersonAct.objects.filter(act="cards.site.register").exists()


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_a_site_is_registered_at_the_desk(world: World, language: str) -> None:
    web, leader = client(CITY, "issuing-clerk", language), client(CITY, "leader", language)
    found = certificate(key_of("site"))
    answers = {"organization": CITY, "number": "01", "name": "示例卡厂", "until": str(UNTIL)}
    wrong = web.post(
        "/desk/cards/sites/register", answers | {"certificate": SimpleUploadedFile("a.pem", b"\xff")}
    )
    assert wrong.status_code == 422
    sent(web, "sites/register", certificate=SimpleUploadedFile("a.pem", pem(found).encode()), **answers)
    waiting = TwoPersonAct.objects.get(act="cards.site.register")
    said = in_groups(fingerprint(found))
    assert said in text(leader.get(f"/desk/acts/{waiting.pk}"))
    check(world.by(CITY, "organizations.leader"), waiting.pk, digest=waiting.digest)
    page = text(web.get("/desk/cards/sites"))
    assert said in page
    assert in_groups(fingerprint(own_certificate())) in page
    assert web.get("/desk/cards/sites/office.pem").content == pem(own_certificate()).encode()
    sent(web, f"sites/{Site.objects.get().pk}/close", why="合同到期")
    waiting = TwoPersonAct.objects.get(act="cards.site.close")
    assert said in text(leader.get(f"/desk/acts/{waiting.pk}"))


@pytest.mark.parametrize("language", ["zh-hans", "en", "es"])
def test_test_cards_are_ordered_at_the_desk(world: World, language: str) -> None:
    web = client(CITY, "issuing-clerk", language)
    wanted = {"organization": CITY, "product": "SSC-2", "outlet": AGENCY, "site": "01"}
    page = "batches/form-test"
    assert web.get(f"/desk/cards/{page}").status_code == 200
    for quantity in ("0", "501", ""):
        assert web.post(f"/desk/cards/{page}", wanted | {"quantity": quantity}).status_code == 422
    assert not Batch.objects.exists()
    sent(web, page, quantity="3", **wanted)
    batch = Batch.objects.get()
    assert (batch.test, batch.size) == (True, 3)
    words = {"zh-hans": "测试卡", "en": "test cards", "es": "tarjetas de prueba"}[language]
    listed = text(web.get("/desk/cards/batches"))
    assert words in listed.partition(batch.number)[2][:400]
    assert words in text(web.get(f"/desk/cards/batches/{batch.number}"))
