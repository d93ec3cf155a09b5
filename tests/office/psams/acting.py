"""A program that leads PSAMs through their life until it is killed, one act after another.

Says each act on its output once it is done, so that whoever killed it knows what must be there."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from shebaoka.office.server.prepare import setup

if TYPE_CHECKING:
    from office.psams.world import World

ROUND = 6
"""PSAMs of an order."""


def main() -> None:
    setup()
    from office.country import Country, found
    from office.psams.world import HOSPITAL, World, made
    from shebaoka.office.organizations.models import Organization, Staff
    from shebaoka.office.psams.models import Psam

    now = datetime.now(UTC)
    if Organization.objects.filter(code=HOSPITAL).exists():
        country = Country({each.code: each for each in Organization.objects.all()})
        keepers = list(Staff.objects.filter(number__startswith=f"{HOSPITAL}-keeper").order_by("number"))
        world = World(country, country.organizations[HOSPITAL], keepers)
    else:
        country = found(date(2026, 1, 1), now, now + timedelta(hours=8))
        world = made(country, now, now + timedelta(hours=8))
        world.place("W1", terminals=900)
    print("ready", flush=True)
    while True:
        for line in life(world, Psam.objects.count() + 1):
            print(line, flush=True)


def life(world: "World", first: int) -> Iterator[str]:
    """An order, keys, stock, then each PSAM to another end; gives what was done."""
    from office.psams.world import CITY, HOSPITAL, KEEPER, KEYS, LEADER, OFFICER, serial
    from shebaoka.office.organizations.actor import system
    from shebaoka.office.psams import services
    from shebaoka.office.psams.choices import Algorithm, DestructionFileKind, Form, KeyLevel, Purpose, Source
    from shebaoka.office.psams.conditions import accepted_digest
    from shebaoka.office.psams.models import Destruction
    from shebaoka.office.psams.services import (
        Counters,
        DestructionList,
        LoadedKey,
        Loading,
        NewIssue,
        Receipt,
        Witnessed,
    )

    order = world.sent(ROUND, first)
    serials = [serial(first + each) for each in range(ROUND)]
    keeper, officer, leader = world.by(CITY, KEEPER), world.by(CITY, OFFICER), world.by(CITY, LEADER)
    receipt = Receipt(CITY, order.number, order.document, tuple(serials))
    world.two(keeper, "psams.order.receive", receipt, officer)
    keys = Loading(CITY, tuple(serials), (LoadedKey(KeyLevel.CITY, Algorithm.SM4, 1),), "装载记录")
    world.two(world.by(CITY, KEYS), "psams.psam.key", keys, officer)
    yield from (f"keyed {each}" for each in serials)
    for each in serials:
        services.psam_stock(keeper, serial=each, printed=f"NO-{each}", form=Form.PLUG_IN)
        yield f"in-stock {each}"
    digest = accepted_digest(world.city)
    for each in serials[:4]:
        new = NewIssue(CITY, each, HOSPITAL, "W1", world.keepers[0].number, Purpose.PURCHASE)
        world.two(keeper, "psams.psam.issue", new, officer)
        yield f"issued {each}"
        services.psam_accept(world.keeper(), serial=each, conditions=digest)
        counters = Counters(f"980100{each[-6:]}", HOSPITAL, "W1", 1, 5)
        services.use_log(system(world.city), serial=each, counters=counters, source=Source.HOST)
        yield f"active {each}"
    for each in serials[:3]:
        services.loss_report(
            world.keeper(), serial=each, missing_since=datetime.now(UTC), circumstances="换班时未找到"
        )
        yield f"lost {each}"
    wanted = DestructionList(CITY, tuple(serials[4:]), "停用")
    world.two(keeper, "psams.destruction.approve", wanted, leader)
    yield from (f"to-destroy {each}" for each in serials[4:])
    listed = Destruction.objects.latest("approved_at")
    for each in serials[4:]:
        services.psam_wipe(world.by(CITY, KEYS), serial=each, wiper=lambda psam: None)
    content = b"\xff\xd8\xff" + str(first).encode()
    picture = services.destruction_file(
        keeper, number=listed.number, kind=DestructionFileKind.PHOTO, name="碎片.jpg", content=content
    )
    done = Witnessed(CITY, listed.number, "粉碎", "示例中心", "影像", f"销-{first}", (picture.sha256,))
    world.two(keeper, "psams.destruction.record", done, world.by(CITY, KEEPER, 2), officer)
    yield from (f"destroyed {each}" for each in serials[4:])


if __name__ == "__main__":
    main()
