"""Migrations in seconds instead of a minute.

Django makes its picture of a table and of all that refer to it anew after every step, and here nearly
everything refers to organizations. A constraint, an index or a trigger changes no column, so that the picture
need not be made anew for them; what they are is still noted where later steps look for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger


@contextmanager
def lean_state() -> Iterator[None]:
    """Within, steps that change no column leave the picture as it is."""
    with (
        mock.patch.object(ProjectState, "add_constraint", _add_constraint),
        mock.patch.object(ProjectState, "add_index", _add_index),
        mock.patch.object(AddTrigger, "state_forwards", _add_trigger),
    ):
        yield


def _note(state: ProjectState, app_label: str, model_name: str, option: str, added: Any) -> None:
    options = state.models[app_label, model_name.lower()].options
    options[option] = [*options.get(option, []), added]


def _add_constraint(self: ProjectState, app_label: str, model_name: str, constraint: Any) -> None:
    _note(self, app_label, model_name, "constraints", constraint)


def _add_index(self: ProjectState, app_label: str, model_name: str, index: Any) -> None:
    _note(self, app_label, model_name, "indexes", index)


def _add_trigger(self: AddTrigger, app_label: str, state: ProjectState) -> None:
    _note(state, app_label, self.model_name, "triggers", self.trigger)
