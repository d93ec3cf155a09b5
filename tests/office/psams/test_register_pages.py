"""The pages of keepers, register fields (R-31), destruction files and hosts."""

import re
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from office.pages import of
from office.psams.test_destroying import listed
from office.psams.test_pages import HOME, client, text
from office.psams.world import CITY, FILING, KEEPER, KEYS, OFFICER, World, serial, terminal
from shebaoka.office.audit.models import Row
from shebaoka.office.organizations.models import Staff, TwoPersonAct
from shebaoka.office.psams import hosts, services
from shebaoka.office.psams.choices import Status
from shebaoka.office.psams.models import DestructionFile, Host, KeeperContact, Psam


def test_a_keeper_says_how_she_is_reached_and_is_reminded_of_it(world: World) -> None:
    world.active()
    web = of(world.keepers[0])
    assert "/desk/psams/contact" in text(web.get("/desk/"))
    assert "does not fit" in text(web.post(f"{HOME}contact", {"phone": "call me", "document": "1"}))
    assert not KeeperContact.objects.exists()
    web.post(f"{HOME}contact", {"phone": "+86 0981 5550100", "document": "JG-1234"})
    assert "/desk/psams/contact" not in text(web.get("/desk/"))
    assert (KeeperContact.objects.get().staff, KeeperContact.objects.get().masked) == (
        world.keepers[0],
        "J*****4",
    )


def test_every_field_of_the_register_stands_on_the_page(world: World) -> None:
    """R-31, field by field."""
    world.active()
    services.keeper_record(world.keeper(), phone="0981-5550100", document="98010019900101001X")
    page = text(client(world, CITY, KEEPER).get(f"{HOME}psam/{serial(1)}"))
    for field, value in {
        "Terminal number": terminal(1),
        "Answers for it": "示例甲市 (980100)",
        "Vendor": FILING,
        "Batch": "B2026-01",
        "Chip and operating system": "THD89, 示例COS 2.1",
        "Ciphers": "SM4",
        "Key card type": "0",
        "Valid from": "2026",
        "Valid until": "2031",
        "Received on": "2026",
        "Received with": "P2026-",
        "Printed number": "NO-0001",
        "Form": "Plug-in module (ID-000) in a slot",
        "Seal number": "S1",
        "Last counter": "5",
        "Last seen": "2026",
        "Last counted": "Not given",
        "Issued to": "示例医院 (980100-H01), Hospital or pharmacy",
        "Place": "收费一号窗口 (W1) – 示例路1号",
        "Environment": "attended, with camera, Dedicated line",
        "Keeper": "980100-H01-keeper-1",
        "Telephone": "0981-5550100",
        "Identity document": "9801**********001X",
        "What it is for": "Medical purchase",
        "Issued on": "2026",
        "Conditions accepted": "2026",
        "Activated": "2026",
    }.items():
        found = re.search(rf"<dt>{re.escape(field)}</dt><dd>(.*?)</dd>", page, re.DOTALL)
        assert found, field
        assert value in found[1], (field, found[1])
    assert "City keys" in page
    assert "History" in page


def test_photos_are_added_and_the_destruction_recorded_on_the_pages(world: World) -> None:
    found = listed(world)
    for number in (1, 2):
        services.psam_silent(world.by(CITY, KEYS), serial=serial(number), tried="无应答")
    web = client(world, CITY, KEEPER)
    page = f"{HOME}destructions/{found.number}"
    picture = SimpleUploadedFile("碎片.jpg", b"\xff\xd8\xff chips", "image/jpeg")
    added = web.post(f"{page}/add", {"kind": "photo", "file": picture}, follow=True)
    kept = DestructionFile.objects.get()
    assert kept.sha256 in text(added)
    back = web.get(f"{page}/files/{kept.sha256}")
    assert back.content == b"\xff\xd8\xff chips"
    assert back["Content-Disposition"].startswith("attachment")
    assert web.get(f"{page}/files/{'0' * 64}").status_code == 404
    answers = {"method": "粉碎", "site": "示例中心", "photos": "影像2026-3", "certificate": "销2026-001"}
    web.post(f"{page}/record", {**answers, "_answered": ["done", "reason"], "_act": "confirm"})
    made = TwoPersonAct.objects.get(act="psams.destruction.record")
    assert made.payload["files"] == [kept.sha256]
    for who, nth in ((KEEPER, 2), (OFFICER, 1)):
        checker = of(Staff.objects.get(number=f"{CITY}-{who}-{nth}"), "en")
        assert kept.sha256 in text(checker.get(f"/desk/acts/{made.pk}"))
        checker.post(f"/desk/acts/{made.pk}", {"digest": made.digest, "decision": "yes"})
    assert set(Psam.objects.values_list("status", flat=True)) == {Status.DESTROYED}
    certificate = PdfReader(BytesIO(web.get(f"{page}/list.pdf").content)).pages
    words = "".join(each.extract_text() for each in certificate).replace("\0", "").replace("\n", "")
    assert kept.sha256[:32] in words
    assert "影像和见证材料" in words


def test_a_host_is_registered_by_two_and_gets_a_token_once(world: World) -> None:
    officer = client(world, CITY, OFFICER)
    answers = {"name": "结算一号机", "reason": "", "_answered": ["host", "reason"], "_act": "confirm"}
    officer.post(f"{HOME}hosts/add", answers)
    made = TwoPersonAct.objects.get(act="psams.host.add")
    leader = client(world, CITY, "leader")
    leader.post(f"/desk/acts/{made.pk}", {"digest": made.digest, "decision": "yes"})
    host = Host.objects.get()
    assert "No token yet" in text(officer.get(f"{HOME}hosts"))
    page = text(officer.post(f"{HOME}hosts/{host.pk}/token"))
    (token,) = re.findall(r'class="secret"><code>([\w-]{43})</code>', page)
    host.refresh_from_db()
    assert hosts.host_with(token) == host
    assert token not in f"{host.token}{text(officer.get(f'{HOME}hosts'))}"
    assert not Row.objects.filter(line__contains=token).exists()
    officer.post(f"{HOME}hosts/{host.pk}/end", {"why": "停用"})
    assert hosts.host_with(token) is None
    for role in (KEEPER, "auditor"):
        assert client(world, CITY, role).get(f"{HOME}hosts").status_code == 403
    assert client(world, "990100", OFFICER).get(f"{HOME}hosts/{host.pk}/token").status_code == 404
