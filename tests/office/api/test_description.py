"""The description of the interface against the application itself: schemathesis finds nothing."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.generation import GenerationMode
from schemathesis.schemas import BaseSchema

from office.api.world import EVERYTHING, one_connection, served, token
from office.cards.world import AGENCY, CITY, World
from shebaoka.office.api.interface import interface
from shebaoka.office.api.reference import DESCRIPTION, PAGE, description, page
from shebaoka.office.organizations.two_persons import check as checked
from shebaoka.office.organizations.two_persons import propose
from shebaoka.office.psams.models import Host
from shebaoka.office.psams.services import NewHost, host_token

# 409 is what the registers say, 422 a return code or a key used before: about what is asked, not how
FINE = ["2XX", 401, 403, 404, 409, 422]
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": FINE}}}
LONG = os.environ.get("SHEBAOKA_LONG") == "1"
QUIET = settings(
    deadline=None,
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
    max_examples=20 if LONG else 1,
)
REFERENCE = Path(__file__).parents[3] / "docs" / "reference"


def tokens_of(city: World) -> dict[str, str]:
    """Of a program that may everything, and of a host of PSAMs."""
    city.rule("interfaces.calls-per-minute", 60_000)
    own = token(city, AGENCY, *EVERYTHING, per_minute=60_000)
    officer, leader = (city.by(CITY, f"organizations.{role}") for role in ("security-officer", "leader"))
    checked(leader, propose(officer, "psams.host.add", city.city, NewHost(CITY, "结算一号机")).pk)
    return {"own": own, "host": host_token(officer, host=Host.objects.get().pk)}


def operations(schema: BaseSchema) -> list[Any]:
    return [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]  # raises for an error


def headers(path: str, tokens: dict[str, str]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['host' if '/psams/' in path else 'own']}"}


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_nothing_is_found(city: World, mode: GenerationMode) -> None:
    tokens = tokens_of(city)
    with one_connection():
        schema = schemathesis.openapi.from_wsgi(
            "/api/openapi.json", get_wsgi_application(), config=SchemathesisConfig.from_dict(CONFIG)
        )
        found = operations(schema)
        assert len(found) > 15
        for operation in found:

            @QUIET
            @given(case=operation.as_strategy(generation_mode=mode))
            def asked(case: Any) -> None:
                case.call_and_validate(headers=headers(case.operation.path, tokens))

            asked()


@pytest.mark.slow
@pytest.mark.skipif(not LONG, reason="only with SHEBAOKA_LONG=1")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("host", [False, True], ids=["program", "host"])
def test_nothing_is_found_for_long(city: World, host: bool) -> None:
    """All phases of schemathesis, over HTTP: examples, every keyword of every schema, chance, and chains of
    questions that use each other's answers."""
    tokens = tokens_of(city)
    config = SchemathesisConfig.from_dict(
        {
            **CONFIG,
            "headers": headers("/psams/" if host else "", tokens),
            "generation": {"max-examples": 100, "deterministic": True, "mode": "all"},
            "suppress-health-check": ["all"],
        }
    )
    with served() as address:
        schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json", config=config)
        chosen = schema.include(path_regex="/psams/" if host else "/v1/")
        told, questions = [], 0
        for event in from_schema(chosen).execute():
            assert not isinstance(event, FatalError | NonFatalError), event
            if isinstance(event, ScenarioFinished):
                questions += len(event.recorder.interactions)
                told += [
                    f"{check.name}: {check.failure_info.failure}"
                    for checks in event.recorder.checks.values()
                    for check in checks
                    if check.failure_info is not None
                ]
    assert told == []
    assert questions > (200 if host else 2000)


@pytest.mark.parametrize(("name", "made"), [(DESCRIPTION, description), (PAGE, page)])
def test_the_reference_is_what_the_interface_is(name: str, made: Callable[[], str]) -> None:
    assert (REFERENCE / name).read_text("utf-8") == made(), "make docs"


def test_nothing_of_a_person_stands_in_an_address() -> None:
    named = {
        parameter["name"]
        for operations in interface.get_openapi_schema()["paths"].values()
        for each in operations.values()
        for parameter in each["parameters"]
    }
    assert named <= {
        "Idempotency-Key",
        "If-None-Match",
        *("after", "body", "code", "day", "id", "limit", "region", "version"),
    }
