"""Deciding parameters as the invented country's staff do it."""

from datetime import date

import pytest

from office.country import Country
from shebaoka.office.base.errors import Refusal
from shebaoka.office.organizations.two_persons import check, propose
from shebaoka.office.parameters.services import NewSetting
from shebaoka.spec.parameters import Value

TODAY = date(2026, 3, 2)
CLERK, LEADER = "organizations.policy-clerk", "organizations.leader"


def refused(code: str) -> "pytest.RaisesExc[Refusal]":
    return pytest.RaisesExc(Refusal, check=lambda refusal: refusal.code == f"parameters.{code}")


def new(code: str, key: str, value: Value, since: date = TODAY, **other: str) -> NewSetting:
    return NewSetting(code, key, value, since, **{"source": "L", "place": "示例〔2026〕1号", **other})


def put(country: Country, code: str, key: str, value: Value, since: date = TODAY, **other: str) -> None:
    """Set by a clerk and checked by a leader of that body."""
    actor = country.actor(code, CLERK)
    waiting = propose(
        actor, "parameters.setting.set", actor.organization, new(code, key, value, since, **other)
    )
    check(country.actor(code, LEADER), waiting.pk)
