"""From a life to the values on the card: one function per application, targets written as in a mapping
(``DF01.EF05.20``). Only values of the tables of V2; dates YYYYMMDD, amounts fen."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TypeAlias

from shebaoka.demo.life import Life, Standing, work
from shebaoka.demo.names import ordinary_name
from shebaoka.demo.regions import organization_code

Values: TypeAlias = Iterator[tuple[str, str]]

_STATUS = {  # V2 table 17
    Standing.CHILD: "7",
    Standing.PUPIL: "7",
    Standing.EMPLOYED: "1",
    Standing.SELF_EMPLOYED: "1",
    Standing.FARMER: "1",
    Standing.UNEMPLOYED: "5",
    Standing.RETIRED: "3",
}
_IDENTITY = {  # V2 table 19
    Standing.CHILD: "90",
    Standing.PUPIL: "31",
    Standing.SELF_EMPLOYED: "54",
    Standing.FARMER: "27",
    Standing.UNEMPLOYED: "70",
    Standing.RETIRED: "80",
}


def public(life: Life, dice: random.Random) -> Values:
    """DF01: registration, residence, status, marriage, employer, nationality, education."""
    if not life.foreign:
        yield "DF01.EF05.20", "21" if life.standing is Standing.FARMER else dice.choice(("11", "12", "51"))
        yield "DF01.EF05.21", life.address
        yield "DF01.EF05.0E", life.home.code
    yield "DF01.EF06.23", life.address
    yield "DF01.EF06.24", life.home.code
    yield "DF01.EF06.28", _mobile(dice)
    yield "DF01.EF06.2C", ordinary_name(dice, woman=not life.woman)
    yield "DF01.EF06.2D", f"{life.city.phone}-{dice.randrange(2000000, 8999999)}"
    yield "DF01.EF07.29", _STATUS[life.standing]
    yield "DF01.EF08.2B", "2" if life.married else "1"
    if _works(life):
        yield "DF01.EF09.2E", life.employer
        yield "DF01.EF09.30", _code(life, life.employer)
    yield "DF01.EF09.32", _IDENTITY.get(life.standing, life.occupation.identity)
    if life.foreign:
        yield "DF01.EF0A.37", dice.choice(("SWE", "ESP", "CHL"))
    elif life.age >= 14:
        party = "01" if life.full else dice.choices(("13", "03", "01"), (75, 15, 10 * (life.age > 18)))[0]
        yield "DF01.EF0A.38", party
        if party != "13":
            yield "DF01.EF0A.39", _date(life.born + timedelta(days=366 * (14 if party == "03" else 18)))
    if life.age >= 13:
        yield from _education(life, dice)


def _education(life: Life, dice: random.Random) -> Values:
    if not life.graduate:
        yield "DF01.EF15.2A", dice.choice(("41", "61", "71", "81"))
        return
    count = 3 if life.full else 1
    yield "DF01.EF15.2A", "14" if life.full else dice.choice(("21", "31"))
    for number, degree in enumerate(dice.sample(work().degrees, count), 1):
        place = f"DF01.EF15.40[{number}]"
        yield f"{place}.57", degree.code
        yield f"{place}.58", degree.field
        yield f"{place}.59", dice.choice(life.city.schools)


def employment(life: Life, dice: random.Random) -> Values:
    """DF02: skills, employment and unemployment, job record, certificate, assistance, support."""
    if life.age < 16 or life.foreign:
        return
    yield from _skills(life, dice)
    if life.standing is not Standing.PUPIL:
        form = {Standing.SELF_EMPLOYED: "021", Standing.FARMER: "022"}.get(life.standing, "010")
        ended = life.standing in {Standing.UNEMPLOYED, Standing.RETIRED}
        yield "DF02.EF06.4C", _date(life.hired)
        yield "DF02.EF06.4B", ("20" if ended else "10") + form
        yield "DF02.EF06.4D", life.home.code
        if _works(life):
            yield "DF02.EF06.3A", life.occupation.code
    for number, job in enumerate(life.jobs[-4:], 1):
        record = f"DF02.EF07[{number}]"
        yield f"{record}.01", job.occupation
        yield f"{record}.02", _date(job.start)
        yield f"{record}.03", _date(job.end)
        yield f"{record}.04", job.employer
    if life.lost_work or life.full:
        yield from _unemployment(life, dice)


def _skills(life: Life, dice: random.Random) -> Values:
    if life.occupation.title and _works(life):
        code, level = life.occupation.title
        yield "DF02.EF05.42", code
        yield "DF02.EF05.41", level
    skilled = 2 if life.full else int(not life.graduate and _works(life) and dice.random() < 0.4)
    crafts = [occupation.code for occupation in work().occupations if not occupation.graduate]
    for number, craft in enumerate(dice.sample(crafts, skilled), 1):
        place = f"DF02.EF05.43[{number}]"
        yield f"{place}.5A", craft
        yield f"{place}.5B", dice.choice("345")
        yield f"{place}.5C", f"{life.city.name}职业技能鉴定指导中心"
        yield f"{place}.5D", _date(life.hired - timedelta(days=dice.randrange(30, 900)))
        yield f"{place}.5E", _digits(dice, 16)
    registered = 2 if life.full else int(life.graduate and dice.random() < 0.2)
    for number, code in enumerate(dice.sample(("480", "322", "490", "500", "100"), registered), 1):
        place = f"DF02.EF05.44[{number}]"
        yield f"{place}.33", code
        yield f"{place}.34", life.city.office
        yield f"{place}.35", _date(life.hired - timedelta(days=dice.randrange(30, 900)))
        yield f"{place}.36", _digits(dice, 16)


def _unemployment(life: Life, dice: random.Random) -> Values:
    day = life.lost_work or life.hired - timedelta(days=120)
    back = not life.lost_work
    yield "DF02.EF06.60", _date(day)
    yield "DF02.EF06.4F", "200060" if back else f"10{dice.choice(('20', '30', '80'))}00"
    yield "DF02.EF06.50", life.home.code
    yield "DF02.EF09.55", life.home.code + _digits(dice, 10)
    yield "DF02.EF09.56", life.city.employment
    yield "DF02.EF09.96", _date(day)
    yield "DF02.EF09.97", life.home.code
    kinds = dice.sample(("010", "030", "040", "050", "060", "070"), 4 if life.full else 1)
    if life.full or dice.random() < 0.5:
        for number, kind in enumerate(kinds, 1):
            place = f"DF02.EF15.99[{number}]"
            yield f"{place}.10", kind
            yield f"{place}.11", _date(day + timedelta(days=10 * number))
            yield f"{place}.12", life.home.code
        if back:
            yield "DF02.EF15.0F", _date(day + timedelta(days=100))
            yield "DF02.EF15.1F", life.home.code
    for number, policy in enumerate(dice.sample(("010", "020", "040", "050"), 4 if life.full else 2), 1):
        record = f"DF02.EF16[{number}]"
        start = day + timedelta(days=20 * number)
        yield f"{record}.01", policy
        yield f"{record}.02", _date(start)
        if policy in {"010", "020"}:
            yield f"{record}.03", _date(start)
            yield f"{record}.04", _date(start + timedelta(days=365))
        yield f"{record}.05", life.home.code


def _works(life: Life) -> bool:
    return life.standing in {Standing.EMPLOYED, Standing.SELF_EMPLOYED, Standing.FARMER}


def _date(day: date) -> str:
    return f"{day:%Y%m%d}"


def _digits(dice: random.Random, count: int) -> str:
    return "".join(dice.choices("0123456789", k=count))


def _mobile(dice: random.Random) -> str:
    """A number of no network: 100 is not assigned to subscribers."""
    return "100" + _digits(dice, 8)


def _code(life: Life, unit: str) -> str:
    return organization_code(int(life.city.code) * 100 + sum(map(ord, unit)) % 100)
