"""The start page of the desk: what waits for whoever looks at it."""

from django.http import HttpResponse
from django.shortcuts import render

from shebaoka.office.base.pieces import TaskList
from shebaoka.office.desk.access import DeskRequest, desk
from shebaoka.office.desk.navigation import waiting


@desk()
def home(request: DeskRequest) -> HttpResponse:
    """What waits for her, of all parts of the office."""
    tasks = waiting(request.actor)
    return render(request, "desk/home.html", {"tasks": TaskList(tasks) if tasks else None})
