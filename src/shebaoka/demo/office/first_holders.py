"""The initial enquiry passwords of both cities, set uniformly some weeks ago; in the second one the last day
to change them is over."""

from datetime import date, timedelta

from shebaoka.demo.office.citizens import CLERK, LATE, enrolled
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.access.services import UniformSetting
from shebaoka.office.base import clock

DAYS_AGO = 39


def fill(stage: OfficeStage) -> None:
    """A person of the second city, and the act of two persons in each."""
    yesterday = clock.today() - timedelta(days=1)
    with stage.days_ago(DAYS_AGO, hour=15):
        enrolled(stage.by("990100", CLERK), stage.organization("990100"), LATE)
        for code, due in (("980100", None), ("990100", yesterday)):
            _set(stage, code, due)


def _set(stage: OfficeStage, code: str, due: date | None) -> None:
    setting = UniformSetting(code, clock.today(), due)
    maker, checker = stage.by(code, "administrator"), stage.by(code, "leader")
    stage.agree("access.uniform.set", setting, maker, checker)
    stage.say(f"{code}: initial passwords set uniformly{f', to be changed by {due}' if due else ''}")
