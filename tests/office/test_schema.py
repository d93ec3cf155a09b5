"""The database has every constraint, index and trigger the tables say of themselves; nothing to migrate."""

from io import StringIO

import pgtrigger
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection


def ours() -> list[str]:
    return [config.label for config in apps.get_app_configs() if config.name.startswith("shebaoka.")]


def test_every_constraint_and_index_is_in_the_database(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class WHERE relkind = 'i'"
        )
        there = {name for (name,) in cursor.fetchall()}
    wanted = {
        each.name
        for label in ours()
        for model in apps.get_app_config(label).get_models()
        for each in (*model._meta.constraints, *model._meta.indexes)
    }
    assert len(wanted) > 20
    assert wanted <= there


def test_every_trigger_is_in_the_database_as_it_is_written(db: None) -> None:
    states = {
        trigger.get_pgid(model): trigger.get_installation_status(model)[0]
        for model, trigger in pgtrigger.registered()
    }
    assert len(states) > 10
    assert set(states.values()) == {"INSTALLED"}, states


def test_there_is_nothing_to_migrate(db: None) -> None:
    said = StringIO()
    try:
        call_command("makemigrations", *ours(), check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(f"makemigrations:\n{said.getvalue()}")
