"""A program of the city that asks at the interface: a token for it, kept beside the sign-ins."""

import os
from datetime import timedelta

from shebaoka.demo.office.deployment import office_of, shown
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.office.base import clock
from shebaoka.office.interfaces.models import Token
from shebaoka.office.interfaces.scopes import scopes
from shebaoka.office.interfaces.services import NewToken, token_give

CITY, NAME, FILE = "980100", "演示业务系统", "api-token"


def fill(stage: OfficeStage) -> None:
    """A token for everything the city may, in a file that its user alone reads."""
    administrator, leader = stage.by(CITY, "administrator"), stage.by(CITY, "leader")
    allowed = tuple(name for name, each in scopes().items() if "city" in each.kinds)
    until = clock.today() + timedelta(days=365)
    new = NewToken(organization=CITY, name=NAME, scopes=allowed, until=until, per_minute=600)
    stage.agree("interfaces.token.add", new, administrator, leader)
    given = token_give(administrator, token=Token.objects.get(organization__code=CITY, name=NAME).pk)
    path = office_of(stage.demo.folder) / FILE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(given)
    stage.say(f"a token of the city's program: TOKEN=$(cat {shown(path)})")
    stage.say('curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8000/api/v1/blacklists')
