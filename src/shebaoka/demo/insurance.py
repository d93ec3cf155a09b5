"""From a life to the values of the insurance and talent applications DF03, DF04, DF07; see :mod:`.items`."""

import random
from datetime import date, timedelta

from shebaoka.demo.items import Values
from shebaoka.demo.life import Life, Standing, work
from shebaoka.demo.regions import organization_code

_YEAR = timedelta(days=365)


def social(life: Life, dice: random.Random) -> Values:
    """DF03: unemployment, capacity, pension, injury, maternity, recognition, dependants, certificates."""
    updated = _date(life.today - timedelta(days=dice.randrange(5, 300)))
    if life.standing in {Standing.EMPLOYED, Standing.UNEMPLOYED}:
        yield from _unemployment(life, dice, updated)
    if life.age >= 16 and life.standing is not Standing.PUPIL:
        yield from _pension(life, updated)
    if life.standing is Standing.EMPLOYED:
        yield "DF03.EF15.7A", life.city.code
        if life.injured:
            yield "DF03.EF15.7B", _date(life.injured + timedelta(days=90))
        yield "DF03.EF15.7C", updated
        yield "DF03.EF16.51", life.city.code
        yield "DF03.EF16.5F", "1" if life.married and not life.woman and dice.random() < 0.2 else "0"
    if life.injured:
        yield from _injury(life, dice, life.injured)
    if life.full or (life.age < 18 and dice.random() < 0.02):
        yield "DF03.EF18.74", dice.choice(("410", "110"))
        yield "DF03.EF18.75", life.city.code
        yield "DF03.EF18.76", "5" if life.full else "2"
        yield "DF03.EF18.77", _date(max(life.born, life.today - 2 * _YEAR))
        yield "DF03.EF18.78", updated
    if life.full or (life.jobs and dice.random() < 0.15):
        yield from _certificates(life, dice)


def _unemployment(life: Life, dice: random.Random, updated: str) -> Values:
    months = life.months()
    yield "DF03.EF05.61", life.city.code
    if life.lost_work:
        due = min(24, 1 + months // 12 * 2)
        yield "DF03.EF05.98", _date(life.lost_work + timedelta(days=15))
        yield "DF03.EF05.66", f"{min(due, dice.randrange(1, 8)):03d}"
        yield "DF03.EF05.65", f"{due:03d}"
    elif life.full:
        yield "DF03.EF05.98", _date(life.hired - timedelta(days=100))
        yield "DF03.EF05.65", "006"
        yield "DF03.EF05.66", "003"
    yield "DF03.EF05.62", updated
    yield "DF03.EF05.63", f"{months:03d}"
    yield "DF03.EF05.64", f"{months:03d}"


def _pension(life: Life, updated: str) -> Values:
    scheme = "170" if life.standing in {Standing.FARMER, Standing.SELF_EMPLOYED} else "110"
    yield "DF03.EF07.70", scheme
    yield "DF03.EF07.71", life.city.code
    yield "DF03.EF07.6E", _date(life.insured_since)
    if life.retired:
        yield "DF03.EF07.6C", _date(life.retired)
        yield "DF03.EF07.6F", _date(life.retired + timedelta(days=30))
    yield "DF03.EF07.73", updated


def _injury(life: Life, dice: random.Random, day: date) -> Values:
    """Work injury or occupational disease: its recognition (EF17) and the assessment of capacity (EF06)."""
    yield "DF03.EF17.3B", f"{life.city.code}{day.year}{dice.randrange(10**6):06d}"
    yield "DF03.EF17.3C", life.employer
    yield "DF03.EF17.3D", dice.choice("12")
    yield "DF03.EF17.3E", _date(day + timedelta(days=20))
    yield "DF03.EF17.3F", life.city.office
    yield "DF03.EF06.45", f"{life.city.code}{day.year}{dice.randrange(10**6):06d}"
    yield "DF03.EF06.46", "10"
    yield "DF03.EF06.47", f"{dice.randrange(5, 11):02d}"
    yield "DF03.EF06.48", "4"
    yield "DF03.EF06.49", "0"
    yield "DF03.EF06.67", _date(min(day + timedelta(days=29), life.today))
    yield "DF03.EF06.6B", life.city.assessment
    matters = ("30", "40", "20")[: 3 if life.full else dice.randrange(2)]
    for number, matter in enumerate(matters, 1):
        place = f"DF03.EF06.4A[{number}]"
        yield f"{place}.13", matter
        yield f"{place}.14", "1"
        if matter == "30":
            yield f"{place}.15", dice.choice(work().devices)
        yield f"{place}.16", _date(day + timedelta(days=25))
        yield f"{place}.17", life.city.assessment


def _certificates(life: Life, dice: random.Random) -> Values:
    job = life.jobs[-1]
    months = max(1, (job.end - job.start).days // 30)
    kinds = ("110", "310", "210", "510") if life.full else ("110",)
    for number, kind in enumerate(kinds, 1):
        place = f"DF03.EF19.79[{number}]"
        yield f"{place}.18", kind
        yield f"{place}.19", life.city.code
        yield f"{place}.1A", _date(job.start)
        yield f"{place}.1B", _date(job.end)
        yield f"{place}.1C", str(months * dice.randrange(12_000, 60_000))
        yield f"{place}.1D", f"{months:03d}"
        yield f"{place}.1E", _date(job.end + timedelta(days=15))


def medical(life: Life, dice: random.Random) -> Values:
    """DF04: medical insurance and the permission to settle offline; the log is the chip's own."""
    employed = life.standing in {Standing.EMPLOYED, Standing.RETIRED, Standing.UNEMPLOYED}
    chronic = dice.random() < (0.05 if life.age < 60 else 0.3)
    flags = ("1" if dice.random() < 0.03 else "0", "1", "1" if chronic else "0", "0", "0")
    yield "DF04.EF05.81", ("310" if employed else "390") + "".join(flags)
    yield "DF04.EF05.84", life.city.code
    yield "DF04.EF05.87", life.home.code + f"{dice.randrange(10**11):011d}"
    yield "DF04.EF05.8C", "21" if life.standing is Standing.RETIRED else "11" if employed else "91"
    yield (
        "DF04.EF05.80",
        _date(life.insured_since if employed else max(life.born, date(life.today.year - 1, 1, 1))),
    )
    yield "DF04.EF05.8B", life.city.code + f"{dice.randrange(10**12):012d}"
    yield "DF04.EF05.8A", life.city.code + f"{dice.randrange(10**8):08d}"
    hospitals = [_hospital(life, n) for n in range(len(life.city.hospitals))]
    for tag, code in zip(("83", "86", "89"), dice.sample(hospitals, 3), strict=True):
        yield f"DF04.EF05.{tag}", code
    if life.standing is Standing.EMPLOYED:
        for tag, code in zip(("7D", "7E", "7F"), dice.sample(hospitals, 3), strict=True):
            yield f"DF04.EF05.{tag}", code
        for tag, code in zip(("8D", "8E"), dice.sample(hospitals, 2), strict=True):
            yield f"DF04.EF05.{tag}", code
    yield "DF04.EF05.8F", "2"
    yield "DF04.EF06.90", "1"
    yield "DF04.EF06.92", "0"
    yield "DF04.EF06.93", "00"
    if life.full:
        for number, kind in enumerate("129", 1):
            yield f"DF04.EF15[{number}].01", str(number)
            yield f"DF04.EF15[{number}].02", kind


def talent(life: Life, dice: random.Random) -> Values:
    """DF07: honors, experts, officers transferred to civilian work: rare."""
    if life.full or (life.age >= 30 and dice.random() < 0.01):
        day = life.today - 3 * _YEAR
        yield "DF07.EF05.F0", dice.choice(("02", "04", "18", "56"))
        yield "DF07.EF05.F1", "5"
        yield "DF07.EF05.F2", _date(day)
        if life.full:
            yield "DF07.EF05.F3", "911"
            yield "DF07.EF05.F4", _date(day + _YEAR)
    if life.full or (life.graduate and life.age >= 40 and dice.random() < 0.02):
        yield "DF07.EF06.F5", dice.choice(("310", "390", "410"))
        yield "DF07.EF06.F6", _date(life.today - 2 * _YEAR)
        yield "DF07.EF06.F7", life.city.office
    if life.full:
        yield "DF07.EF07.F8", _date(life.hired)
        yield "DF07.EF07.F9", "2"


def _hospital(life: Life, number: int) -> str:
    return organization_code(int(life.city.code) * 100 + 50 + number)


def _date(day: date) -> str:
    return f"{day:%Y%m%d}"
